#!/usr/bin/env bash
# Takes the place of offline/run in tests of the scripts: encrypts by base64, and ends a preview or an update when the
# test says with which exit code, in a file named after the command and the server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ $1 == config ]]; then
  [[ $* == "config set --config-file $4 --secret $6" ]]
  printf 'config:\n  %s:\n    secure: v1:%s\n' "$6" "$(base64 -w0)" >>"$4"
  exit
fi

trap 'sleep 0.3; echo "$1 has ended"; exit 1' INT
echo "$1 of ${SERVER:-all}"
answer=$1-${SERVER:-all}
while [[ ! -e $answer ]]; do sleep 0.05; done
exit "$(<"$answer")"
