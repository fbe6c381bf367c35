# shellcheck shell=bash
# To be sourced after cache.sh: downloads from Pulumi's site, get.pulumi.com.
site_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Whether the site failed in the last ten minutes.
site_failed_lately() {
  [[ -n $(find "$(cache_folder get.pulumi.com-failed)" -mmin -10 2>/dev/null) ]]
}

# Runs COMMAND... if the site can be reached: try_site COMMAND [ARGUMENT...]
# If it can't, or the command fails, does not try again for ten minutes.
try_site() {
  site_failed_lately && return 1
  node "$site_folder/reachSite.mjs" && "$@" && return
  mkdir -p "$(cache_folder .)" && touch "$(cache_folder get.pulumi.com-failed)"
  return 1
}
