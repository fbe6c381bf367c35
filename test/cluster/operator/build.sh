#!/usr/bin/env bash
# Builds the reconcilers of External Secrets Operator from its Go module, once per user, and prints the folder of the
# program `external-secrets` and of the operator's CRDs, `crds.yaml`.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../../../offline/goBuild.sh
. ../../../offline/goBuild.sh

module=github.com/external-secrets/external-secrets
version=$(sed -n "s|^\s*$module v||p" go.mod)

# The operator registers every provider and generator. Of these the tests need the fake ones: without the others, and the
# clouds' clients, it builds in one minute of two cores, not six.
prepare_sources() {
  local source
  run_go "modules downloaded" "" list -mod=readonly -find -f '{{.Module.Dir}}' "$module/pkg/template/v2"
  source=$(<"$work/list")
  install -m 644 "$source/deploy/crds/bundle.yaml" "$folder/crds.yaml"
  mkdir "$work/operator"
  cp -r "$source"/{go.mod,apis,pkg} "$work/operator"
  chmod -R u+w "$work/operator"
  for kind in provider generator; do
    sed -i "/pkg\/$kind\//{/\/fake\"$/!d}" "$work/operator/pkg/$kind/register/register.go"
  done
  cp go.mod go.sum main.go "$work"
  cd "$work"
  go mod edit -replace "$module=./operator"
}

# Same flags as the other programs of the tests, to share their build cache.
export CGO_ENABLED=0
stamp=$(cat go.sum main.go build.sh | sha256sum)
folder=$(cache_folder "external-secrets-v$version-${stamp:0:8}")
build_once "$folder" external-secrets . \
  "Building External Secrets Operator $version from its Go module, once, in about a minute." \
  "leave test/cluster/externalPullSecret.e2e.ts out." \
  -trimpath -buildvcs=false '-gcflags=all=-l -dwarf=false' -ldflags '-s -w'
echo "$folder"
