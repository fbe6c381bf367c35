#!/usr/bin/env bash
# Takes the place of offline/run, or of pulumi in a project's folder bin/, in tests of the commands: encrypts by base64, unless
# the stack is locked, and ends a preview or an update when the test says with which exit code, in a file named after the
# command and the server, or else the stack.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
echo "$*" >>calls

if [[ $1 == stack ]]; then
  cat selected
  exit
fi
for ((index = 1; index < $#; index++)); do
  next=$((index + 1))
  [[ ${!index} != --stack ]] || stack=${!next}
done
if [[ $1 == config ]]; then
  [[ $* == "config set --config-file $4 --secret $6 --stack $stack" && ! -e locked-$stack ]]
  printf 'config:\n  %s:\n    secure: v1:%s\n' "$6" "$(base64 -w0)" >>"$4"
  exit
fi

trap 'sleep 0.3; echo "$1 has ended"; exit 1' INT
name=${SERVER:-$stack}
echo "$1 of $name"
while [[ ! -e $1-$name ]]; do sleep 0.05; done
exit "$(<"$1-$name")"
