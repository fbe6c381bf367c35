# shellcheck shell=bash
# To be sourced: this project's part of the user's cache.

# Prints the path of NAME in the cache.
cache_folder() {
  printf '%s\n' "${XDG_CACHE_HOME:-$HOME/.cache}/kubernetes-private-registry/$1"
}

# Creates FOLDER and locks it, so that two processes fetch WHAT only once, and removes the build.* of a killed one.
lock_folder() {
  mkdir -p "$1"
  exec 9>"$1/lock"
  if command -v flock >/dev/null; then
    flock --nonblock 9 || { echo "Waiting for another process that brings $2." >&2 && flock 9; }
    rm -rf "$1"/build.*
  fi
}

unlock_folder() {
  exec 9>&-
}
