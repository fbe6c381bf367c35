# shellcheck shell=bash
# To be sourced in the folder of a go.mod: builds a program from a Go module, once per user.

# shellcheck source=cache.sh
. "$(dirname "${BASH_SOURCE[0]}")/cache.sh"

fail() {
  printf '%s\n' "error: $1" "$2" >&2
  exit 1
}

# While the process runs, shows the log's number of lines and the elapsed time: on one line of a terminal, else on several.
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

# Runs go and logs its messages, one line per module or package. If it fails, shows the end of the log.
run_go() {
  local what=$1 total=$2 log=$work/$3.log
  : >"$log"
  go "${@:3}" >"$work/$3" 2>"$log" &
  show_progress $! "$what" "$log" "$total"
  wait $! && return
  tail -n 20 "$log" >&2
  fail "go $3 failed." "Make sure that Go is $(sed -n 's/^go //p' go.mod) or newer and reaches its module proxy, or $otherwise"
}

# Builds PROGRAM from PACKAGE into FOLDER, unless it is there. Two processes at once build it only once.
#   build_once FOLDER PROGRAM PACKAGE WHY OTHERWISE [FLAG...]
# Prints WHY before a build, and OTHERWISE, what to do instead, if it fails; FLAGS are those of `go build`. An optional
# function prepare_sources may first change to a copy of the sources in $work.
build_once() {
  local folder=$1 program=$2 package=$3 why=$4 otherwise=$5
  [[ -x $folder/$program ]] && return
  lock_folder "$folder" "$program"
  if [[ ! -x $folder/$program ]]; then
    command -v go >/dev/null ||
      fail "there is no go to build $program with." "Install Go (https://go.dev/doc/install), or $otherwise"
    echo "$why" >&2
    work=$(mktemp -d "$folder/build.XXXXXX")
    trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
    if declare -F prepare_sources >/dev/null; then
      prepare_sources
    fi
    run_go "modules downloaded" "" list -mod=readonly -deps "$package"
    run_go "packages compiled" "$(wc -l <"$work/list")" build -mod=readonly -v -o "$work/$program" "${@:6}" "$package"
    mv "$work/$program" "$folder/$program"
    rm -rf "$work"
    trap - EXIT
  fi
  unlock_folder
}
