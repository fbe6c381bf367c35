# shellcheck shell=bash
# To be sourced after cache.sh: what comes from Pulumi's download site, get.pulumi.com.
site_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Whether something from the site failed in the last ten minutes.
site_failed_lately() {
  [[ -n $(find "$(cache_folder get.pulumi.com-failed)" -mmin -10 2>/dev/null) ]]
}

# Runs COMMAND... where the site can be reached: try_site COMMAND [ARGUMENT...]
# When it can't be reached or the command fails, nothing is tried again for ten minutes.
try_site() {
  site_failed_lately && return 1
  node "$site_folder/reachSite.mjs" && "$@" && return
  mkdir -p "$(cache_folder .)" && touch "$(cache_folder get.pulumi.com-failed)"
  return 1
}
