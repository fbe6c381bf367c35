#!/bin/bash
# Ends the cluster of up.sh and undoes what it did to the machine. What was built stays for the next one.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

[ -d "$STATE" ] || exit 0
[ "$(id -u)" = 0 ] || die 'needs root, as up.sh did'
lock
tear_down
