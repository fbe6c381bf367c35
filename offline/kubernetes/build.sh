#!/usr/bin/env bash
# Builds the official Kubernetes provider from its Go module, once per user, and prints its folder.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../goBuild.sh
. ../goBuild.sh

module=github.com/pulumi/pulumi-kubernetes/provider/v4
version=$(sed -n "s|^require $module v||p" go.mod)

# main.go embeds two large files of the module, so build it in a folder that has them.
prepare_sources() {
  run_go "modules downloaded" "" list -mod=readonly -find -f '{{.Module.Dir}}' "$module/pkg/version"
  install -m 644 "$(<"$work/list")"/cmd/pulumi-resource-kubernetes/{schema,terraform-mapping}.json "$work"
  cp go.mod go.sum main.go "$work"
  cd "$work"
}

# Same flags as the test cluster's programs (test/cluster/lib.sh), to share their build cache: without inlining and debug
# data the build takes a quarter less time and half the space.
export CGO_ENABLED=0
folder=$(cache_folder "kubernetes-v$version")
build_once "$folder" pulumi-resource-kubernetes . \
  "Building the official Kubernetes provider $version from its Go module, once, in about seven minutes." \
  "install the official one (pulumi plugin install resource kubernetes)." \
  -trimpath -buildvcs=false '-gcflags=all=-l -dwarf=false' \
  -ldflags "-s -w -X $module/pkg/version.Version=$version"
echo "$folder"
