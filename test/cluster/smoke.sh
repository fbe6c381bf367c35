#!/bin/bash
# Checks that the cluster and the registries do what the tests rely on, in a namespace of its own:
# a private image is pulled with the right Secret alone.
set -euo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
load_environment
: "${KUBECONFIG:?}" "${REGISTRY:?}" "${REGISTRY2:?}"

NAMESPACE=smoke-$$
IMAGE=$REGISTRY/smoke/hello:1
IMAGE2=$REGISTRY2/smoke/hello:1
passed=0 failed=0

in_namespace() { kubectl --namespace "$NAMESPACE" "$@"; }

check() { # check WHAT COMMAND...
  if "${@:2}"; then
    printf 'ok      %s\n' "$1"
    passed=$((passed + 1))
  else
    printf 'FAILED  %s\n' "$1"
    failed=$((failed + 1))
  fi
}

secret() { # secret NAME SERVER USER < PASSWORD
  jq --raw-input --arg name "$1" --arg server "$2" --arg user "$3" '{
    apiVersion: "v1", kind: "Secret", metadata: { name: $name }, type: "kubernetes.io/dockerconfigjson",
    stringData: { ".dockerconfigjson": ({ auths: { ($server): { auth: ("\($user):\(.)" | @base64) } } } | tojson) } }' |
    in_namespace create -f - > /dev/null
}

pod_spec() { # pod_spec IMAGE SECRET COMMAND
  jq --null-input --arg image "$1" --arg secret "$2" --arg command "$3" '{
    imagePullSecrets: [{ name: $secret } | select(.name != "")], restartPolicy: "Never",
    containers: [{ name: "hello", image: $image, imagePullPolicy: "Always", args: [$command] }
      + if $command == "serve" then { readinessProbe: { httpGet: { path: "/ready", port: 8080 }, periodSeconds: 1 } } else {} end] }'
}

pod() { # pod NAME IMAGE [SECRET]
  jq --null-input --arg name "$1" --argjson spec "$(pod_spec "$2" "${3:-}" serve)" \
    '{ apiVersion: "v1", kind: "Pod", metadata: { name: $name, labels: { smoke: $name } }, spec: $spec }' | in_namespace create -f - > /dev/null
}

job() { # job NAME IMAGE SECRET
  jq --null-input --arg name "$1" --argjson spec "$(pod_spec "$2" "$3" exit)" \
    '{ apiVersion: "batch/v1", kind: "Job", metadata: { name: $name }, spec: { template: { spec: $spec } } }' | in_namespace create -f - > /dev/null
}

completes() { in_namespace wait "job/$1" --for condition=Complete --timeout 30s > /dev/null; }

runs() { in_namespace wait "pod/$1" --for condition=Ready --timeout 30s > /dev/null; }

refused() { # refused POD: the registry answered its pull with 401, and it does not run
  local reason='{.status.containerStatuses[0].state.waiting.reason}'
  wait_for 30 "the pull of pod $1 to be refused" denied "$1" &&
    [[ $(in_namespace get pod "$1" --output "jsonpath=$reason") =~ ^(ErrImagePull|ImagePullBackOff)$ ]]
}

denied() { # denied POD
  in_namespace get events --field-selector "involvedObject.name=$1,reason=Failed" --output 'jsonpath={.items[*].message}' |
    grep -qE '401 Unauthorized|no basic auth credentials'
}

answers() { # answers COMMAND...: prints the greeting of the image
  [[ $("$@") == 'hello 1 from '* ]]
}

service_answers() {
  in_namespace expose pod right --port 80 --target-port 8080 > /dev/null
  wait_for 10 'the Service to answer' curl --silent --fail --max-time 1 \
    "http://$(in_namespace get service right --output 'jsonpath={.spec.clusterIP}')/"
}

kubectl create namespace "$NAMESPACE" > /dev/null || die "cannot use the cluster of $KUBECONFIG"
trap 'kubectl delete namespace "$NAMESPACE" --wait=false > /dev/null' EXIT
wait_for 20 'the default service account' in_namespace get serviceaccount default

check 'the image is pushed to the first registry' "$HERE/registry.sh" push "$IMAGE"
check 'the image is pushed to the second registry' "$HERE/registry.sh" push "$IMAGE2"

secret right "$REGISTRY" "$REGISTRY_USER" <<< "$REGISTRY_PASSWORD"
secret right2 "$REGISTRY2" "$REGISTRY2_USER" <<< "$REGISTRY2_PASSWORD"
secret wrong-password "$REGISTRY" "$REGISTRY_USER" <<< 'not the password'
secret wrong-key elsewhere.test "$REGISTRY_USER" <<< "$REGISTRY_PASSWORD"
pod without-secret "$IMAGE"
pod wrong-key "$IMAGE" wrong-key
pod wrong-password "$IMAGE" wrong-password
pod other-registry "$IMAGE2" right
pod right "$IMAGE" right
pod right2 "$IMAGE2" right2
job right "$IMAGE" right

check 'with the Secret the pod runs' runs right
check 'its log says who it is' answers in_namespace logs right
check 'a command in it answers' answers in_namespace exec right -- /hello exit
check 'the second registry: with its Secret the pod runs' runs right2
check 'the Job completes' completes right
[ "${POD_NETWORK_REACHABLE:-}" != 1 ] || check 'a Service address answers from here' service_answers
check 'without a Secret: 401' refused without-secret
check "with another host's key: 401" refused wrong-key
check 'with a wrong password: 401' refused wrong-password
check "the second registry: with the first one's Secret: 401" refused other-registry

((failed == 0)) || in_namespace get pods,events
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0))
