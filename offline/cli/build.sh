#!/usr/bin/env bash
# Builds the Pulumi CLI from its Go module, once per user, and prints its folder.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../goBuild.sh
. ../goBuild.sh

version=$(sed -n 's|^require github.com/pulumi/pulumi/pkg/v3 ||p' go.mod)
folder=$(cache_folder "pulumi-$version")
build_once "$folder" pulumi github.com/pulumi/pulumi/pkg/v3/cmd/pulumi \
  "There is no pulumi on PATH: building $version from its Go module, once, in about four minutes." \
  "install the official CLI (https://www.pulumi.com/docs/install/)." \
  -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$version"
echo "$folder"
