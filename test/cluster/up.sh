#!/bin/bash
# Brings up a single-node Kubernetes, built from its Go modules, and two private registries with TLS; the README
# beside it says what is where. Safe to run again: a cluster that runs is left alone, the rest of one is replaced.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=image.sh
. "$HERE/image.sh"

PACKAGES=(apache2-utils containerd containernetworking-plugins curl docker-registry iproute2 jq nftables openssl runc)
PROGRAMS=(etcd kube-apiserver kube-controller-manager kube-proxy kube-scheduler kubectl kubelet)
DAEMONS=(registry registry2 containerd etcd kube-apiserver kube-controller-manager kube-scheduler kube-proxy kubelet)
ADMIN_KUBECONFIG=$STATE/kubeconfig

# ---- what it is made from

packages() {
  local missing=() package
  for package in "${PACKAGES[@]}"; do
    dpkg-query --show --showformat '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  export DEBIAN_FRONTEND=noninteractive
  {
    apt-get update -q
    apt-get install -q -y --no-install-recommends "${missing[@]}"
  } > "$STATE/packages.log" 2>&1 || die "cannot install ${missing[*]}: see $STATE/packages.log"
}

linker_flags() {
  local package minor=${KUBERNETES#v1.}
  printf -- '-s -w'
  for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
    printf -- ' -X %s.gitVersion=%s -X %s.gitMajor=1 -X %s.gitMinor=%s -X %s.gitTreeState=clean' \
      $package "$KUBERNETES" $package $package "${minor%%.*}" $package
  done
}

compile() { go_build "$1/kubernetes" . -ldflags="$(linker_flags)" > "$STATE/build.log" 2>&1; }

build() { # $BIN: the programs of these sources, kept for as long as the sources stay the same
  local stamp
  command -v go > /dev/null || die 'needs Go on the PATH; node/go.mod says which version'
  stamp=$({ go version && linker_flags && declare -f go_build && cat "$HERE"/node/{go.mod,go.sum,main.go}; } | sha256sum)
  BIN=$STATE/build/${stamp:0:16}
  [ -d "$BIN" ] || build_node
  build_hello
}

build_node() {
  local program
  rm -rf "$BIN.new"
  mkdir -p "$BIN.new"
  with_progress 'compiling Kubernetes' compile "$BIN.new" || die "cannot compile Kubernetes: see $STATE/build.log"
  for program in "${PROGRAMS[@]}"; do ln -s kubernetes "$BIN.new/$program"; done
  mv "$BIN.new" "$BIN"
}

# ---- configuration

certificates() {
  ca kpr-ca
  openssl ecparam -name prime256v1 -genkey -noout -out "$PKI/service-accounts.key"
  openssl ec -in "$PKI/service-accounts.key" -pubout -out "$PKI/service-accounts.pub" 2>> "$LOG/openssl.log"
  registry_certificate
  certificate apiserver /CN=kube-apiserver "DNS:localhost,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:${SERVICE_CIDR%.*}.1"
  certificate apiserver-kubelet /O=system:masters/CN=kube-apiserver-kubelet-client
  certificate kubelet-server "/CN=$NODE" "IP:$NODE_IP"
  certificate admin /O=system:masters/CN=admin
  certificate kubelet "/O=system:nodes/CN=system:node:$NODE"
  local program
  for program in controller-manager scheduler proxy; do certificate "$program" "/CN=system:kube-$program"; done
}

kubeconfig() { # kubeconfig CERTIFICATE
  cat << END
apiVersion: v1
kind: Config
current-context: kpr
contexts: [{ name: kpr, context: { cluster: kpr, user: $1 } }]
clusters: [{ name: kpr, cluster: { server: https://127.0.0.1:$APISERVER_PORT, certificate-authority-data: $(base64 -w 0 "$PKI/ca.crt") } }]
users: [{ name: $1, user: { client-certificate-data: $(base64 -w 0 "$PKI/$1.crt"), client-key-data: $(base64 -w 0 "$PKI/$1.key") } }]
END
}

containerd_config() {
  cat << END
version = 2
root = "$RUN/containerd/root"
state = "$RUN/containerd/state"
disabled_plugins = [
  "io.containerd.internal.v1.opt", "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp",
  "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]
[grpc]
  address = "$RUN/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PAUSE_IMAGE"
  stream_server_address = "127.0.0.1"
  netns_mounts_under_state_dir = true
  restrict_oom_score_adj = true # a container without CAP_SYS_RESOURCE can't lower a score, and runc would fail on it
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "$RUN/cni"
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "$RUN/hosts"
END
}

pod_network() {
  cat << END
{"cniVersion": "0.4.0", "name": "$CGROUP", "plugins": [
  {"type": "bridge", "bridge": "$BRIDGE", "isGateway": true, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$RUN/addresses", "ranges": [[{"subnet": "$POD_CIDR"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
END
}

kubelet_config() {
  cat << END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_IP
port: $KUBELET_PORT
healthzBindAddress: 127.0.0.1
healthzPort: $KUBELET_HEALTHZ_PORT
authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: $PKI/ca.crt } }
authorization: { mode: Webhook }
tlsCertFile: $PKI/kubelet-server.crt
tlsPrivateKeyFile: $PKI/kubelet-server.key
containerRuntimeEndpoint: unix://$RUN/containerd.sock
podLogsDir: $LOG/pods
volumePluginDir: $RUN/kubelet/volume-plugins
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
failCgroupV1: false
failSwapOn: false
oomScoreAdj: 0 # as with containerd: this and the next can't be raised without CAP_SYS_RESOURCE
maxOpenFiles: $(ulimit -Hn)
clusterDNS: [${SERVICE_CIDR%.*}.10] # nothing serves there, but without it every pod gets a warning
makeIPTablesUtilChains: false
evictionHard: { memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1% }
registryPullQPS: 0 # no limit: the tests pull many small images at once
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
END
}

proxy_config() { # it looks for changes every 0.1 s, not 1 s, lest a Pod ends before it is taken out of its Services
  cat << END
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: { kubeconfig: $RUN/proxy.kubeconfig }
hostnameOverride: $NODE
healthzBindAddress: 127.0.0.1:$PROXY_HEALTHZ_PORT
metricsBindAddress: 127.0.0.1:$PROXY_METRICS_PORT
mode: nftables
nftables: { minSyncPeriod: 100ms }
clusterCIDR: $POD_CIDR
conntrack: { maxPerCore: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s } # leave the kernel as it is
END
}

configuration() {
  local name
  mkdir -p "$RUN"/{cni,registry,registry2}
  kubeconfig admin > "$ADMIN_KUBECONFIG"
  for name in controller-manager scheduler proxy kubelet; do kubeconfig "$name" > "$RUN/$name.kubeconfig"; done
  registry_config "$RUN/registry" "127.0.0.1:$REGISTRY_PORT" "$PKI/registry.crt" "$PKI/registry.key" > "$RUN/registry/config.yml"
  registry_config "$RUN/registry2" "127.0.0.1:$REGISTRY2_PORT" "$PKI/registry.crt" "$PKI/registry.key" > "$RUN/registry2/config.yml"
  hosts_folders "$RUN/hosts" "$PKI/ca.crt"
  set_host_names "${REGISTRY_HOSTS[*]}"
  containerd_config > "$RUN/containerd.toml"
  pod_network > "$RUN/cni/bridge.conflist"
  kubelet_config > "$RUN/kubelet.yaml"
  proxy_config > "$RUN/proxy.yaml"
  environment > "$STATE/env"
}

environment() {
  registry_user "$RUN/registry"
  registry_user "$RUN/registry2"
  cat << END
export KUBECONFIG=$ADMIN_KUBECONFIG
export PATH=$BIN:\$PATH
export POD_NETWORK_REACHABLE=1
END
  registry_env REGISTRY "$REGISTRY_ADDRESS" "$RUN/registry" "$LOG/registry.log"
  registry_env REGISTRY2 "$REGISTRY2_ADDRESS" "$RUN/registry2" "$LOG/registry2.log"
  echo "export KUBELET_LOG=$LOG/kubelet.log"
}

machine() { # the cgroups, and a bridge: a kubelet refuses a loopback address, and nothing may listen on an outer one
  local controller
  mkdir -p "$(daemon_cgroup)/daemons"
  for controller in /sys/fs/cgroup/*/cgroup.procs; do mkdir -p "$(dirname "$controller")/$CGROUP"; done
  ip link add "$BRIDGE" type bridge
  ip address add "$NODE_IP/${POD_CIDR#*/}" dev "$BRIDGE"
  ip link set "$BRIDGE" up
}

# ---- daemons

registries() {
  start registry docker-registry serve "$RUN/registry/config.yml"
  start registry2 docker-registry serve "$RUN/registry2/config.yml"
  ready registry 20 curl --silent --cacert "$PKI/ca.crt" "https://$REGISTRY_ADDRESS/v2/"
  ready registry2 20 curl --silent --cacert "$PKI/ca.crt" "https://$REGISTRY2_ADDRESS/v2/"
}

containerd_up() {
  local ctr=(ctr --address "$RUN/containerd.sock" --namespace k8s.io)
  start containerd containerd --config "$RUN/containerd.toml" --log-level warn
  ready containerd 20 "${ctr[@]}" version
  image_layout "$RUN/pause" "$PAUSE_IMAGE" '["pause"]'
  tar -C "$RUN/pause" -c . | "${ctr[@]}" images import - > /dev/null
}

apiserver_up() {
  start etcd "$BIN/etcd" --data-dir "$RUN/etcd" --unsafe-no-fsync --log-level warn \
    --listen-client-urls "http://127.0.0.1:$ETCD_PORT" --advertise-client-urls "http://127.0.0.1:$ETCD_PORT" \
    --listen-peer-urls "http://127.0.0.1:$ETCD_PEER_PORT" --initial-advertise-peer-urls "http://127.0.0.1:$ETCD_PEER_PORT" \
    --initial-cluster "default=http://127.0.0.1:$ETCD_PEER_PORT"
  start kube-apiserver "$BIN/kube-apiserver" --etcd-servers "http://127.0.0.1:$ETCD_PORT" \
    --bind-address 127.0.0.1 --secure-port "$APISERVER_PORT" --advertise-address 127.0.0.1 --endpoint-reconciler-type none \
    --service-cluster-ip-range "$SERVICE_CIDR" --allow-privileged \
    --authorization-mode Node,RBAC --enable-admission-plugins NodeRestriction \
    --client-ca-file "$PKI/ca.crt" --tls-cert-file "$PKI/apiserver.crt" --tls-private-key-file "$PKI/apiserver.key" \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$PKI/service-accounts.pub" \
    --service-account-signing-key-file "$PKI/service-accounts.key" \
    --kubelet-preferred-address-types InternalIP --kubelet-certificate-authority "$PKI/ca.crt" \
    --kubelet-client-certificate "$PKI/apiserver-kubelet.crt" --kubelet-client-key "$PKI/apiserver-kubelet.key"
  ready kube-apiserver 90 api readyz
}

api() { # api PATH
  curl --silent --fail --cacert "$PKI/ca.crt" --cert "$PKI/admin.crt" --key "$PKI/admin.key" "https://127.0.0.1:$APISERVER_PORT/$1"
}

node_up() { # the request limits of the controllers' own client would cost them 4 s at the start
  start kubelet "$BIN/kubelet" --config "$RUN/kubelet.yaml" --kubeconfig "$RUN/kubelet.kubeconfig" \
    --root-dir "$RUN/kubelet" --hostname-override "$NODE" --node-ip "$NODE_IP"
  start kube-controller-manager "$BIN/kube-controller-manager" --kubeconfig "$RUN/controller-manager.kubeconfig" \
    --bind-address 127.0.0.1 --secure-port "$CONTROLLER_MANAGER_PORT" --leader-elect=false \
    --use-service-account-credentials --kube-api-qps 500 --kube-api-burst 1000 \
    --root-ca-file "$PKI/ca.crt" --service-account-private-key-file "$PKI/service-accounts.key"
  start kube-scheduler "$BIN/kube-scheduler" --kubeconfig "$RUN/scheduler.kubeconfig" \
    --bind-address 127.0.0.1 --secure-port "$SCHEDULER_PORT" --leader-elect=false
  start kube-proxy "$BIN/kube-proxy" --config "$RUN/proxy.yaml"
  ready kubelet 90 node_ready
  ready kube-controller-manager 60 api api/v1/namespaces/default/serviceaccounts/default
  ready kube-proxy 30 curl --silent --fail "http://127.0.0.1:$PROXY_HEALTHZ_PORT/healthz"
}

node_ready() { api "api/v1/nodes/$NODE" | jq -e 'any(.status.conditions[]; .type == "Ready" and .status == "True")'; }

runs() {
  local daemon
  for daemon in "${DAEMONS[@]}"; do alive "$daemon" || return; done
  node_ready > /dev/null
}

start_anew() {
  local started built
  started=$(now_ms)
  phase 'packages' packages
  phase 'programs' build
  built=$(now_ms)
  phase 'what was left over' tear_down
  mkdir -p "$RUN/pid" "$PKI" "$LOG"
  phase 'machine' machine
  phase 'certificates' certificates
  phase 'configuration' configuration
  phase 'registries' registries
  phase 'containerd' containerd_up
  phase 'apiserver' apiserver_up
  phase 'node' node_up
  printf 'up in %d s, %d s of them without packages and programs: . %s\n' \
    $((($(now_ms) - started) / 1000)) $((($(now_ms) - built) / 1000)) "$STATE/env"
}

main() {
  local own='or set KUBECONFIG and REGISTRY to use a cluster of your own'
  if [ -n "${KUBECONFIG:-}" ] && [ -n "${REGISTRY:-}" ] && [ "$KUBECONFIG" != "$ADMIN_KUBECONFIG" ]; then
    echo "KUBECONFIG and REGISTRY are set: the tests use $KUBECONFIG and $REGISTRY, nothing is brought up"
    return
  fi
  [ "$(id -u)" = 0 ] || die "needs root, for containers and their network; $own"
  command -v apt-get > /dev/null || die "needs Debian 12 or later; $own"

  umask 077
  lock
  if runs; then
    echo "the cluster runs already: . $STATE/env"
    return
  fi
  trap '[ $? = 0 ] || echo "up.sh failed at: $PHASE; logs are in $LOG and $STATE" >&2' EXIT
  start_anew
}

main
