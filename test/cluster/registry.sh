#!/bin/bash
# Users, images and log of the test registries.
#
#   registry.sh password ADDRESS USER   set the user's password, read from standard input; others keep theirs
#   registry.sh remove ADDRESS USER     the user can't log in any more
#   registry.sh push IMAGE              push the hello image as IMAGE (host:port/repository:tag), its version the tag
#   registry.sh tag IMAGE TAG...        give an image that is there more tags
#   registry.sh mark ADDRESS            the end of the registry's log, for:
#   registry.sh log ADDRESS [MARK]      the log's lines since MARK
#   registry.sh logins ADDRESS [MARK]   the logins in them, in order: accepted or refused, user, request
#
# ADDRESS is host:port, under any of a registry's names. The registries are those of the variables REGISTRY and
# REGISTRY2, with _USER, _PASSWORD, _CA, _HTPASSWD and _LOG after them; without them, those of `make cluster`.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=image.sh
. "$HERE/image.sh"

usage() {
  sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

find_registry() { # find_registry ADDRESS: sets $registry to the name of the variable that holds it
  local address
  for registry in REGISTRY REGISTRY2; do
    address=${!registry:-}
    [ "$1" = "$address" ] && return
    [[ $address == *:* && $1 == *:"${address##*:}" ]] && return
  done
  die "$1 is neither REGISTRY (${REGISTRY:-not set}) nor REGISTRY2 (${REGISTRY2:-not set}), nor on the port of one"
}

setting() { # setting SUFFIX: of the registry
  local name=${registry}_$1
  [ -n "${!name:-}" ] || die "$name is not set: see 'A cluster of your own' in $HERE/README.md"
  echo "${!name}"
}

change_users() { # change_users USER [LINE]: replace the user's line, or remove it
  local file
  file=$(setting HTPASSWD)
  exec 8> "$file.lock"
  flock 8
  [ -e "$file" ] || touch "$file"
  {
    user=$1 awk -F : '$1 != ENVIRON["user"]' "$file"
    printf '%s' "${2:+$2$'\n'}"
  } > "$file.new"
  # The registry rereads the file by itself: it must be whole at any time, and each version of it have a time of its own.
  until [ "$file.new" -nt "$file" ]; do touch "$file.new"; done
  mv "$file.new" "$file"
}

password() { # password USER
  local line
  line=$(htpasswd -niB -C 5 "$1" | head -n 1)
  change_users "$1" "$line"
}

request() { # request CURL_ARGUMENT...: to the registry, as its user
  local login
  login=$(setting USER):$(setting PASSWORD)
  login=${login//\\/\\\\}
  curl --silent --show-error --fail --cacert "$(setting CA)" --config <(printf 'user = "%s"' "${login//\"/\\\"}") "$@"
}

upload() { # upload FILE URL/v2/REPOSITORY
  local digest location
  digest=sha256:$(basename "$1")
  request --head "$2/blobs/$digest" > /dev/null 2>&1 && return
  location=$(request --request POST "$2/blobs/uploads/" --output /dev/null --write-out '%header{location}')
  [[ $location == *\?* ]] && location+="&" || location+="?"
  request --request PUT "${location}digest=$digest" --header 'Content-Type: application/octet-stream' --data-binary "@$1"
}

push() { # push IMAGE
  local repository=${1#*/} layout url manifest blob
  local tag=${repository##*:}
  [[ $repository == *:* ]] || die "$1 has no tag"
  url=https://${1%%/*}/v2/${repository%:*}
  build_hello
  layout=$(mktemp -d)
  # shellcheck disable=SC2064  # the folder of now
  trap "rm -rf '$layout'" EXIT
  image_layout "$layout" "$1" '["serve"]'
  manifest=$(jq -r '.manifests[0].digest | ltrimstr("sha256:")' "$layout/index.json")
  for blob in "$layout"/blobs/sha256/*; do
    [ "$(basename "$blob")" = "$manifest" ] || upload "$blob" "$url"
  done
  request --request PUT "$url/manifests/$tag" --header 'Content-Type: application/vnd.oci.image.manifest.v1+json' \
    --data-binary "@$layout/blobs/sha256/$manifest"
}

tag() { # tag IMAGE TAG...
  local repository=${1#*/} url type='application/vnd.oci.image.manifest.v1+json' manifest tag
  url=https://${1%%/*}/v2/${repository%:*}/manifests
  manifest=$(mktemp)
  # shellcheck disable=SC2064  # the file of now
  trap "rm -f '$manifest'" EXIT
  request "$url/${repository##*:}" --header "Accept: $type" --output "$manifest"
  for tag in "${@:2}"; do
    request --request PUT "$url/$tag" --header "Content-Type: $type" --data-binary "@$manifest"
  done
}

log() { # log [MARK]
  tail -c "+$((${1:-0} + 1))" "$(setting LOG)"
}

logins() { # logins [MARK]: of a debug log of docker-registry in JSON
  log "$@" | jq --raw-input --raw-output 'fromjson? | objects
    | (if .msg == "GetImageManifest" then "accepted \(."auth.user.name")"
       elif .msg | startswith("error authenticating user") then "refused \(.msg | capture("user \"(?<user>.*)\":").user)"
       else empty end) + " \(."http.request.method") \(."http.request.uri")"'
}

[ $# -ge 2 ] || usage
load_environment
find_registry "${2%%/*}"
case $1:$# in
  password:3) password "$3" ;;
  remove:3) change_users "$3" ;;
  push:2) push "$2" ;;
  tag:*) tag "${@:2}" ;;
  mark:2) stat -c %s "$(setting LOG)" ;;
  log:2 | log:3) log "${@:3}" ;;
  logins:2 | logins:3) logins "${@:3}" ;;
  *) usage ;;
esac
