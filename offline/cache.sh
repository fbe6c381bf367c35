# shellcheck shell=bash
# To be sourced: what this project keeps in the user's cache.

# Prints the path, named NAME, of something in the cache.
cache_folder() {
  printf '%s\n' "${XDG_CACHE_HOME:-$HOME/.cache}/kubernetes-private-registry/$1"
}

# Makes FOLDER and locks it, so that two at once bring WHAT once, and removes what a killed one left in build.*.
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
