#!/bin/bash
# Runs a command with the environment of the cluster that is up, or of the user's own: with-cluster.sh COMMAND [ARGUMENT...]
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_environment
exec "$@"
