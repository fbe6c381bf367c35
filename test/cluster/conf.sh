# What the test cluster is made of. Names, addresses and ports are its own, so that it can stand beside another cluster.
# shellcheck shell=bash disable=SC2034  # lib.sh sources this file
KUBERNETES=v1.36.3

NODE=kpr-node
BRIDGE=kpr0
NODE_IP=10.189.0.1
POD_CIDR=10.189.0.0/24
SERVICE_CIDR=10.190.0.0/16
CGROUP=kpr

ETCD_PORT=12379 ETCD_PEER_PORT=12380
APISERVER_PORT=16443
CONTROLLER_MANAGER_PORT=16257
SCHEDULER_PORT=16259
KUBELET_PORT=16250 KUBELET_HEALTHZ_PORT=16248
PROXY_HEALTHZ_PORT=16256 PROXY_METRICS_PORT=16249

# Each registry answers to every host name on its port, and to the node for any other name that an image may have.
REGISTRY_HOSTS=(registry.test eu.registry.test us.registry.test mirror.registry.test hub.test partner.test)
REGISTRY_PORT=5443 REGISTRY2_PORT=5444
REGISTRY_ADDRESS=registry.test:$REGISTRY_PORT
REGISTRY2_ADDRESS=partner.test:$REGISTRY2_PORT
PAUSE_IMAGE=kpr.test/pause:1
