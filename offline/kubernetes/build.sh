#!/usr/bin/env bash
# Builds the official Kubernetes provider from its Go module, once for each user, and prints the folder that holds it.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../goBuild.sh
. ../goBuild.sh

module=github.com/pulumi/pulumi-kubernetes/provider/v4
version=$(sed -n "s|^require $module v||p" go.mod)

# main.go embeds two large files of the module, so it is built in a folder that has them.
prepare_sources() {
  run_go "modules downloaded" "" list -mod=readonly -find -f '{{.Module.Dir}}' "$module/pkg/version"
  install -m 644 "$(<"$work/list")"/cmd/pulumi-resource-kubernetes/{schema,terraform-mapping}.json "$work"
  cp go.mod go.sum main.go "$work"
  cd "$work"
}

# As the test cluster's programs (test/cluster/lib.sh), with which it shares what is compiled: without inlining and debug
# data it takes a quarter less, and half the size.
export CGO_ENABLED=0
folder=$(cache_folder "kubernetes-v$version")
build_once "$folder" pulumi-resource-kubernetes . \
  "Building the official Kubernetes provider $version from its Go module, once, in about seven minutes." \
  "install the official one (pulumi plugin install resource kubernetes)." \
  -trimpath -buildvcs=false '-gcflags=all=-l -dwarf=false' \
  -ldflags "-s -w -X $module/pkg/version.Version=$version"
echo "$folder"
