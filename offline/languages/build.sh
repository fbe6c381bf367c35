#!/usr/bin/env bash
# Builds the language host of YAML or Java from its Go module, once per user, and prints its folder:
#   offline/languages/build.sh yaml|java
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../goBuild.sh
. ../goBuild.sh

case ${1:-} in
  yaml) module=github.com/pulumi/pulumi-yaml ;;
  java) module=github.com/pulumi/pulumi-java/pkg ;;
  *) fail "\"${1:-}\" is not a language whose host can be built here." "Give yaml or java." ;;
esac

host=pulumi-language-$1
version=$(sed -n "s|^[[:space:]]*$module ||p" go.mod)
folder=$(cache_folder "$host-$version")
build_once "$folder" "$host" "$module/cmd/$host" \
  "There is no $host on PATH or beside the CLI: building $version from its Go module, once, in about a minute." \
  "install it: YAML's comes with the official CLI (https://www.pulumi.com/docs/install/), Java's with pulumi plugin install language java." \
  -ldflags "-s -w"
echo "$folder"
