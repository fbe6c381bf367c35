import { get, getString, isProperties, type Properties, type Value } from "./values";

/** How far an object has come on the way to being ready: `failed` is for good, `waiting` is not. */
export interface Progress {
  readonly state: "done" | "waiting" | "failed";
  readonly message: string;
}

/** Judges an object as the official provider does, by its own status. Kinds that it does not wait for are done. */
export function progressOf(object: Properties): Progress {
  const kind = getString(object, "kind");
  const judge = judges[kind];
  return judge === undefined ? done : judge(object);
}

const done: Progress = { state: "done", message: "" };

const judges: Record<string, (object: Properties) => Progress> = {
  DaemonSet: judgeDaemonSet,
  Deployment: judgeDeployment,
  Endpoints: judgeEndpoints,
  Job: judgeJob,
  Pod: judgePod,
  Service: judgeService,
  StatefulSet: judgeStatefulSet,
};

function judgeDeployment(deployment: Properties): Progress {
  const replicas = wantedReplicas(deployment);
  const updated = count(deployment, "updatedReplicas");
  const available = count(deployment, "availableReplicas");
  const isComplete =
    isObserved(deployment) &&
    isTrue(deployment, "Available") &&
    updated === replicas &&
    available === replicas &&
    count(deployment, "replicas") === replicas;
  return isComplete
    ? done
    : waiting(`Waiting for app ReplicaSet to be available (${available}/${replicas} Pods available)`);
}

function judgeStatefulSet(statefulSet: Properties): Progress {
  const replicas = wantedReplicas(statefulSet);
  const ready = count(statefulSet, "readyReplicas");
  const revision = getString(statefulSet, "status", "updateRevision");
  const isComplete =
    isObserved(statefulSet) &&
    ready === replicas &&
    count(statefulSet, "replicas") === replicas &&
    (getString(statefulSet, "spec", "updateStrategy", "type") === "OnDelete" ||
      getString(statefulSet, "status", "currentRevision") === revision);
  return isComplete
    ? done
    : waiting(`Waiting for StatefulSet to create Pods (${ready}/${replicas} Pods ready)`);
}

function judgeDaemonSet(daemonSet: Properties): Progress {
  const wanted = count(daemonSet, "desiredNumberScheduled");
  const counts = ["currentNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady"];
  const isComplete = isObserved(daemonSet) && counts.every((field) => count(daemonSet, field) >= wanted);
  return isComplete ? done : waiting(`Available: ${count(daemonSet, "numberAvailable")}/${wanted}`);
}

function judgeJob(job: Properties): Progress {
  const failure = condition(job, "Failed");
  if (getString(failure, "status") === "True") {
    return {
      state: "failed",
      message: `[${getString(failure, "reason")}] ${getString(failure, "message")}`,
    };
  }
  const counts = ["active", "succeeded", "failed"].map((field) => `${field}: ${count(job, field)}`);
  return isTrue(job, "Complete") ? done : waiting(`Waiting for Job to succeed (${counts.join(", ")})`);
}

function judgePod(pod: Properties): Progress {
  const isReady = isTrue(pod, "Ready") || getString(pod, "status", "phase") === "Succeeded";
  return isReady ? done : waiting("Waiting for Pod to be ready");
}

/** Only a load balancer is waited for at the Service itself; its endpoints tell about its pods. */
function judgeService(service: Properties): Progress {
  const isLoadBalancer = getString(service, "spec", "type") === "LoadBalancer";
  return isLoadBalancer && elements(service, "status", "loadBalancer", "ingress").length === 0
    ? waiting("Waiting for the load balancer to get an address")
    : done;
}

function judgeEndpoints(endpoints: Properties): Progress {
  const pending = elements(endpoints, "subsets").flatMap((subset) => elements(subset, "notReadyAddresses"));
  return pending.length === 0 ? done : waiting(`Waiting for ${pending.length} endpoints`);
}

/** What the conditions of a Deployment say while too few of its pods are live. */
export function conditionProblems(object: Properties): string[] {
  if (getString(object, "kind") !== "Deployment") {
    return [];
  }
  const conditions = ["Progressing", "Available"]
    .map((type) => condition(object, type))
    .filter((found) => getString(found, "status") === "False")
    .map((found) => `[${getString(found, "reason")}] ${getString(found, "message")}`);
  return [
    ...conditions,
    isTrue(object, "Available")
      ? "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live"
      : "Minimum number of live Pods was not attained",
  ];
}

/** What a pod says of itself while it is not ready: `[Pod shop/web-1]: ... [ErrImagePull] ...`. */
export function podProblems(pod: Properties): string[] {
  if (progressOf(pod).state === "done") {
    return [];
  }
  const notTrue = ["PodScheduled", "Initialized", "Ready"]
    .map((type) => condition(pod, type))
    .find((found) => found !== undefined && getString(found, "status") !== "True");
  const containers = elements(pod, "status", "containerStatuses").flatMap(containerProblems);
  const message = getString(notTrue, "message") + containers.join("\n");
  return message === "" ? [] : [`[Pod ${qualifiedName(pod)}]: ${message}`];
}

function containerProblems(container: Value): string[] {
  if (get(container, "ready") === true) {
    return [];
  }
  const states = [
    get(container, "state", "waiting"),
    get(container, "state", "terminated"),
    get(container, "lastState", "terminated"),
  ];
  return states
    .filter(isProperties)
    .map((state) => ({ reason: getString(state, "reason"), message: getString(state, "message") }))
    .filter(({ reason }) => reason !== "" && reason !== "ContainerCreating")
    .map(({ reason, message }) => `[${reason}] ${message}`);
}

function qualifiedName(object: Properties): string {
  const namespace = getString(object, "metadata", "namespace");
  const name = getString(object, "metadata", "name");
  return namespace === "" || namespace === "default" ? name : `${namespace}/${name}`;
}

function waiting(message: string): Progress {
  return { state: "waiting", message };
}

function wantedReplicas(object: Properties): number {
  const replicas = get(object, "spec", "replicas");
  return typeof replicas === "number" ? replicas : 1;
}

function count(object: Properties, field: string): number {
  const found = get(object, "status", field);
  return typeof found === "number" ? found : 0;
}

/** Whether the controller has seen the latest change, so that the status is about it. */
function isObserved(object: Properties): boolean {
  return count(object, "observedGeneration") === get(object, "metadata", "generation");
}

function isTrue(object: Properties, type: string): boolean {
  return getString(condition(object, type), "status") === "True";
}

function condition(object: Properties, type: string): Value | undefined {
  return elements(object, "status", "conditions").find((found) => getString(found, "type") === type);
}

function elements(value: Value, ...path: string[]): Value[] {
  const found = get(value, ...path);
  return Array.isArray(found) ? found : [];
}
