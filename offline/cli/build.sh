#!/usr/bin/env bash
# Builds the Pulumi CLI from its Go module, once for each user, and prints the folder that holds it.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
version=$(sed -n 's|^require github.com/pulumi/pulumi/pkg/v3 ||p' go.mod)
package=github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
cache=${XDG_CACHE_HOME:-$HOME/.cache}/kubernetes-private-registry/pulumi-$version

fail() {
  printf '%s\n' "error: $1" "Install the official CLI (https://www.pulumi.com/docs/install/), or $2" >&2
  exit 1
}

# Shows how many lines the log has and the time so far, while the process runs: on one line of a terminal, else as lines.
show_progress() {
  local process=$1 what=$2 log=$3 total=${4:+ of $4} started=$SECONDS every=15 start='' end='\n'
  if [[ -t 2 ]]; then
    every=2 start='\r' end='\033[K'
  fi
  while kill -0 "$process" 2>/dev/null; do
    if (((SECONDS - started) % every == 0)); then
      printf "$start  %d%s %s, %d s$end" "$(wc -l <"$log")" "$total" "$what" $((SECONDS - started)) >&2
    fi
    sleep 1
  done
  printf "$start  %d %s in %d s\n" "$(wc -l <"$log")" "$what" $((SECONDS - started)) >&2
}

# Runs go with its messages in a log, one line for each module or package, and shows the end of the log if it fails.
run_go() {
  local what=$1 total=$2 log=$work/$3.log
  : >"$log"
  go "${@:3}" >"$work/$3" 2>"$log" &
  show_progress $! "$what" "$log" "$total"
  wait $! && return
  tail -n 20 "$log" >&2
  fail "go $3 failed." "make sure that Go is $(sed -n 's/^go //p' go.mod) or newer and reaches its module proxy."
}

build() {
  command -v go >/dev/null ||
    fail "there is no pulumi on PATH, and no go to build it with." "install Go (https://go.dev/doc/install)."
  echo "There is no pulumi on PATH: building $version from its Go module, once, in about four minutes." >&2
  work=$(mktemp -d "$cache/build.XXXXXX")
  trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
  run_go "modules downloaded" "" list -mod=readonly -deps "$package"
  run_go "packages compiled" "$(wc -l <"$work/list")" build -mod=readonly -v -o "$work/pulumi" \
    -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$version" "$package"
  mv "$work/pulumi" "$cache/pulumi"
}

if [[ ! -x $cache/pulumi ]]; then
  mkdir -p "$cache"
  exec 9>"$cache/lock"
  if command -v flock >/dev/null; then
    flock --nonblock 9 || { echo "Waiting for another build of the Pulumi CLI." >&2 && flock 9; }
    rm -rf "$cache"/build.*
  fi
  [[ -x $cache/pulumi ]] || build
fi
echo "$cache"
