# Sourced by the scripts beside it: where things are, and what more than one of them does.
# shellcheck shell=bash disable=SC2034  # some of it is used only there
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=conf.sh
. "$HERE/conf.sh"

STATE=${CLUSTER_STATE:-${XDG_CACHE_HOME:-$HOME/.cache}/kubernetes-private-registry/cluster}
RUN=$STATE/run # lives as long as the cluster does
PKI=$RUN/pki LOG=$RUN/log
HOSTS_MARK='# kubernetes-private-registry test cluster'

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

load_environment() { # of `make cluster`, unless the user has set one
  [ -z "${REGISTRY:-}" ] || return 0
  [ -e "$STATE/env" ] || die "no cluster is up: run 'make cluster', or set KUBECONFIG and REGISTRY"
  # shellcheck source=/dev/null
  . "$STATE/env"
}

lock() { # one script at a time changes the state
  mkdir -p "$STATE"
  exec 9> "$STATE/lock"
  flock --nonblock 9 && return
  echo "another one is at work on $STATE; waiting for it"
  flock 9
}

now_ms() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

phase() { # phase NAME COMMAND...: run it and print how long it took
  local start ms
  PHASE=$1
  start=$(now_ms)
  "${@:2}"
  ms=$(($(now_ms) - start))
  printf '%-28s %4d.%d s\n' "$1" $((ms / 1000)) $((ms % 1000 / 100))
}

with_progress() { # with_progress NAME COMMAND...: run it, and print a line every 15 s meanwhile
  local start=$SECONDS ticker status=0
  while sleep 15 > /dev/null && kill -0 $$ 2> /dev/null; do
    printf '  %s, %d s so far\n' "$1" $((SECONDS - start))
  done 9>&- &
  ticker=$!
  "${@:2}" || status=$?
  kill "$ticker"
  return "$status"
}

wait_for() { # wait_for SECONDS WHAT COMMAND...: until it succeeds
  local end=$((SECONDS + $1))
  until "${@:3}" > /dev/null 2>&1; do
    ((SECONDS < end)) || {
      echo "waited $1 s in vain for $2" >&2
      return 1
    }
    sleep 0.1
  done
}

# Without inlining and debug data a quarter less is compiled, and the programs are fast enough.
go_build() { # go_build OUTPUT PACKAGE [FLAG...]: of the module in node/
  (cd "$HERE/node" && GOMAXPROCS=2 CGO_ENABLED=0 nice go build -p 2 -trimpath -buildvcs=false '-gcflags=all=-l -dwarf=false' "${@:3}" -o "$1" "$2")
}

# ---- daemons: each in a session of its own, in the cluster's cgroup, known by its pid and start time

daemon_cgroup() { echo "$(findmnt --noheadings --first-only --output TARGET --types cgroup2)/$CGROUP"; }

start() { # start NAME COMMAND...: without this shell's environment, of which docker-registry takes every REGISTRY_* for a setting
  # shellcheck disable=SC2016  # expanded by the inner shell
  env --ignore-environment PATH="$PATH" setsid bash -c '
    echo $$ > "$1/cgroup.procs"
    echo "$$ $(cut -d " " -f 22 /proc/$$/stat)" > "$2"
    exec "${@:3}"
  ' start "$(daemon_cgroup)/daemons" "$RUN/pid/$1" "${@:2}" < /dev/null > "$LOG/$1.log" 2>&1 9>&- &
}

alive() { # alive NAME
  local pid start
  [ -s "$RUN/pid/$1" ] && read -r pid start < "$RUN/pid/$1" || return
  [ "$(cut -d ' ' -f 22 "/proc/$pid/stat" 2> /dev/null)" = "$start" ]
}

ready() { # ready NAME SECONDS COMMAND...: wait until COMMAND says that the daemon serves
  wait_for "$2" "$1" "${@:3}" || {
    tail -n 20 "$LOG/$1.log" >&2
    die "$1 does not serve; its whole log is $LOG/$1.log"
  }
}

tear_down() { # end all that this state has started, and undo what it did to the machine
  local cgroup path
  cgroup=$(daemon_cgroup)
  if [ -d "$cgroup" ]; then
    [ -d "$RUN/pid" ] || grep -q '^populated 0$' "$cgroup/cgroup.events" ||
      die "a cluster with another CLUSTER_STATE runs here: down.sh with that, or echo 1 > $cgroup/cgroup.kill"
    echo 1 > "$cgroup/cgroup.kill"
    wait_for 20 "the processes in $cgroup to end" grep -q '^populated 0$' "$cgroup/cgroup.events"
  fi
  findmnt --raw --noheadings --output TARGET | awk -v below="$RUN/" 'index($0, below) == 1' | tac |
    xargs --no-run-if-empty umount --lazy
  ip link delete "$BRIDGE" 2> /dev/null || true
  nft delete table ip kube-proxy 2> /dev/null || true
  nft delete table ip6 kube-proxy 2> /dev/null || true
  for path in /sys/fs/cgroup/"$CGROUP" /sys/fs/cgroup/*/"$CGROUP"; do
    [ ! -d "$path" ] || find "$path" -depth -type d -exec rmdir {} +
  done
  [ ! -d /var/lib/cni/results ] || find /var/lib/cni/results -type f -exec grep -qF "$RUN/" {} \; -delete
  [ ! -d /var/log/containers ] || find /var/log/containers -lname "$RUN/*" -delete
  set_host_names ''
  rm -rf "$RUN" "$STATE/env" "$STATE/kubeconfig"
}

set_host_names() { # set_host_names NAMES: exactly these lead to this machine
  local others
  others=$(grep -vF "$HOSTS_MARK" /etc/hosts)
  # Not by a rename: in a container the file is a mount.
  printf '%s\n' "$others" ${1:+"127.0.0.1 $1 $HOSTS_MARK"} | as_root tee /etc/hosts > /dev/null
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# ---- certificates

ca() { # ca NAME: the authority that signs all the others
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$1" \
    -keyout "$PKI/ca.key" -out "$PKI/ca.crt" 2>> "$LOG/openssl.log"
}

certificate() { # certificate NAME SUBJECT [SUBJECT_ALT_NAME]: $PKI/NAME.key and .crt, for a server and a client
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "$2" -keyout "$PKI/$1.key" 2>> "$LOG/openssl.log" |
    openssl x509 -req -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -days 3650 -out "$PKI/$1.crt" 2>> "$LOG/openssl.log" -extfile <(
      echo 'keyUsage = digitalSignature'
      echo 'extendedKeyUsage = serverAuth, clientAuth'
      [ $# = 2 ] || echo "subjectAltName = $3"
    )
}

registry_certificate() {
  local names
  names=$(printf 'DNS:%s,' "${REGISTRY_HOSTS[@]}")
  certificate registry "/CN=${REGISTRY_HOSTS[0]}" "${names}DNS:*.registry.test,DNS:localhost,IP:127.0.0.1"
}

# ---- registries

registry_config() { # registry_config FOLDER ADDRESS CERTIFICATE KEY: of a registry with its users and images in FOLDER
  cat << END
version: 0.1
log: { level: debug, formatter: json }
storage: { filesystem: { rootdirectory: $1/data }, delete: { enabled: true } }
auth: { htpasswd: { realm: test, path: $1/htpasswd } }
http: { addr: "$2", tls: { certificate: $3, key: $4 } }
END
}

hosts_toml() { # hosts_toml SERVER CA: what containerd reads for a registry's name
  cat << END
server = "https://$1"
[host."https://$1"]
  ca = "$2"
END
}

hosts_folders() { # hosts_folders FOLDER CA: for each name on each registry's port; any other name leads to the first
  local server
  mkdir -p "$1/_default"
  hosts_toml "$REGISTRY_ADDRESS" "$2" > "$1/_default/hosts.toml"
  for server in "${REGISTRY_HOSTS[@]/%/:$REGISTRY_PORT}" "${REGISTRY_HOSTS[@]/%/:$REGISTRY2_PORT}"; do
    mkdir -p "$1/$server"
    hosts_toml "$server" "$2" > "$1/$server/hosts.toml"
  done
}

registry_user() { # registry_user FOLDER: its first user; the password stays from cluster to cluster, as what has read the env file does
  local password
  password=$STATE/$(basename "$1").password
  [ -s "$password" ] || openssl rand -hex 12 > "$password"
  REGISTRY=any REGISTRY_HTPASSWD=$1/htpasswd "$HERE/registry.sh" password any puller < "$password"
}

registry_env() { # registry_env VARIABLE ADDRESS FOLDER LOG
  cat << END
export $1=$2
export $1_USER=puller
export $1_PASSWORD=$(< "$STATE/$(basename "$3").password")
export $1_CA=$PKI/ca.crt
export $1_HTPASSWD=$3/htpasswd
export $1_LOG=$4
END
}
