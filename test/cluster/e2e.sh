#!/bin/bash
# Runs the end-to-end tests against the cluster that is up, or the user's own: e2e.sh [MOCHA_ARGUMENT...]
# Tests take away what they have made. Here goes what is left of a run that was interrupted, and the end of the
# namespaces, which takes its time, is waited for.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_environment
export E2E_RUN=e2e-$$ # begins the names of all that the run makes

leftovers() {
  local namespaces users user
  namespaces=$(kubectl get namespaces --output name | sed -n "s|^namespace/\($E2E_RUN-.*\)|\1|p")
  # shellcheck disable=SC2086  # one argument each
  [ -z "$namespaces" ] || kubectl delete namespace --ignore-not-found --timeout=90s $namespaces > /dev/null
  for registry in REGISTRY REGISTRY2; do
    file=${registry}_HTPASSWD
    users=$([ ! -e "${!file:-}" ] || sed -n "s/^\($E2E_RUN-[^:]*\):.*/\1/p" "${!file}")
    for user in $users; do "$HERE/registry.sh" remove "${!registry}" "$user"; done
  done
}

trap leftovers EXIT
trap 'exit 130' INT TERM
cd "$HERE/../.."
node_modules/.bin/mocha --config test/mocha/e2e.json "$@"
