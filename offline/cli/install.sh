#!/usr/bin/env bash
# Installs the Pulumi CLI, once per user, and prints its folder.
#
# If Pulumi's download site can be reached, npm's official package `pulumi` installs it with its language hosts; else it is
# built from its Go module. Either way it has the version of the SDK that this package is developed with.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=../cache.sh
. ../cache.sh
# shellcheck source=../site.sh
. ../site.sh

version=$(sed -n 's|^require github.com/pulumi/pulumi/pkg/v3 v||p' go.mod)
folder=$(cache_folder "pulumi-v$version-official")

# Makes npm's package install the CLI into $work. It would install into ~/.pulumi/versions, where an interrupted install
# leaves a pulumi that looks complete.
run_package() {
  cp package.json package-lock.json "$work" &&
    npm ci --prefix "$work" --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error &&
    PULUMI_VERSION=$version NODE_USE_ENV_PROXY=1 NODE_NO_WARNINGS=1 node "$work/node_modules/pulumi/run.js" version
}

# Ends the process group, including everything that the install script has started, and removes its files.
clean_up() {
  kill -- "-$group" 2>/dev/null || true
  rm -rf "$work"
}

# Installs the CLI from npm's package, within at most five minutes.
install_official() {
  echo "There is no pulumi on PATH: installing $version with npm's package pulumi, once, some 100 MB from get.pulumi.com." >&2
  work=$(mktemp -d "$folder/build.XXXXXX")
  local bin=$work/versions/$version/bin second
  export PULUMI_HOME=$work PULUMI_SKIP_UPDATE_CHECK=true
  set -m
  run_package </dev/null >&2 &
  group=$!
  set +m
  trap clean_up EXIT
  for ((second = 0; second < 300; second++)); do
    kill -0 "$group" 2>/dev/null || break
    sleep 1
  done
  if kill -0 "$group" 2>/dev/null || ! wait "$group" || [[ $("$bin/pulumi" version) != "v$version" ]]; then
    echo "npm's package pulumi did not install $version: falling back to the build from the Go module." >&2
    return 1
  fi
  mv "$bin" "$folder/bin"
}

if [[ ! -x $folder/bin/pulumi ]] && ! site_failed_lately; then
  lock_folder "$folder" pulumi
  [[ -x $folder/bin/pulumi ]] || (try_site install_official) || true
  unlock_folder
fi
if [[ -x $folder/bin/pulumi ]]; then
  folder=$folder/bin
  echo "Pulumi CLI: $version, by npm's package pulumi." >&2
else
  folder=$(./build.sh)
  echo "Pulumi CLI: $version, built from its Go module." >&2
fi
echo "$folder"
