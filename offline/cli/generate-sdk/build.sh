#!/usr/bin/env bash
# Builds the generator of Python and Go SDKs, once for each user and state of its source, and prints the folder that holds
# it. The CLI would ask the language hosts of Python and Go for an SDK, and they have no Go module.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=../../goBuild.sh
. ../goBuild.sh

source=$(cat go.mod generate-sdk/main.go | cksum)
folder=$(cache_folder "generate-sdk-${source%% *}")
build_once "$folder" generate-sdk ./generate-sdk \
  "Building the generator of Python and Go SDKs from the Go module of the CLI, once, in about a minute." \
  "install it (https://go.dev/doc/install)." \
  -ldflags "-s -w"
echo "$folder"
