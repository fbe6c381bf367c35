#!/bin/bash
# Gives a kind cluster that is up (KIND_CLUSTER, kind unless told) the two private registries, as containers in its
# network, and writes the same env file as up.sh. Run it again for a node made anew.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

CLUSTER=${KIND_CLUSTER:-kind}
REGISTRY_IMAGE=registry:2.8.3

for program in docker htpasswd jq kind openssl; do
  command -v "$program" > /dev/null || die "needs $program"
done
nodes=$(kind get nodes --name "$CLUSTER")
[ -n "$nodes" ] || die "there is no kind cluster '$CLUSTER': kind create cluster --name $CLUSTER"

registry() { # registry NAME PORT: a container, with its users in a folder of this machine
  local aliases
  mapfile -t aliases < <(printf -- '--network-alias=%s\n' "${REGISTRY_HOSTS[@]}")
  mkdir -p "$RUN/$1/data"
  registry_config /registry "0.0.0.0:$2" /pki/registry.crt /pki/registry.key > "$RUN/$1/config.yml"
  registry_user "$RUN/$1"
  docker rm --force "kpr-$1" > /dev/null 2>&1 || true
  docker run --detach --name "kpr-$1" --network kind --publish "127.0.0.1:$2:$2" "${aliases[@]}" \
    --volume "$RUN/$1:/registry:ro" --tmpfs /registry/data --volume "$PKI:/pki:ro" \
    "$REGISTRY_IMAGE" /registry/config.yml > /dev/null
  setsid docker logs --follow "kpr-$1" > "$LOG/$1.log" 2>&1 < /dev/null 9>&- &
  wait_for 30 "$1" curl --silent --cacert "$PKI/ca.crt" "https://${REGISTRY_HOSTS[0]}:$2/v2/"
}

environment() {
  echo "export KUBECONFIG=${KUBECONFIG:-$HOME/.kube/config}"
  registry_env REGISTRY "$REGISTRY_ADDRESS" "$RUN/registry" "$LOG/registry.log"
  registry_env REGISTRY2 "$REGISTRY2_ADDRESS" "$RUN/registry2" "$LOG/registry2.log"
}

umask 077
lock
[ ! -d "$RUN/pid" ] || die "the cluster of up.sh is in $STATE: run down.sh first, or set CLUSTER_STATE to another folder"
rm -rf "$RUN"
mkdir -p "$PKI" "$LOG"
ca kpr-ca
registry_certificate
set_host_names "${REGISTRY_HOSTS[*]}"
registry registry "$REGISTRY_PORT"
registry registry2 "$REGISTRY2_PORT"
hosts_folders "$RUN/hosts" /etc/containerd/certs.d/ca.crt
cp "$PKI/ca.crt" "$RUN/hosts/ca.crt"
for node in $nodes; do docker cp "$RUN/hosts/." "$node:/etc/containerd/certs.d/"; done
environment > "$STATE/env"
echo "the registries are up: . $STATE/env"
