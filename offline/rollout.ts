import { type Cluster, find, follow, pods } from "./kubectl";
import { conditionProblems, podProblems, type Progress, progressOf } from "./progress";
import { get, getString, isProperties, type Properties } from "./values";

/** An object that is in the cluster but is not ready, with all that is known of why. */
export class NotReadyError extends Error {
  constructor(
    message: string,
    readonly object: Properties,
    readonly problems: string[],
  ) {
    super(message);
  }
}

const defaultTimeoutSeconds = 600;
const unseen: Progress = { state: "waiting", message: "" };

/** The time to wait for an object: the resource option's, else its annotation's, else ten minutes. */
export function timeoutOf(object: Properties, optionSeconds: number): number {
  const annotation = Number.parseInt(annotationOf(object, "pulumi.com/timeoutSeconds"), 10);
  return optionSeconds || annotation || defaultTimeoutSeconds;
}

/** Waits until an object is ready, and returns it as it then is. */
export async function awaitReady(
  cluster: Cluster,
  object: Properties,
  timeoutSeconds: number,
  showStatus: (message: string) => void,
): Promise<Properties> {
  const subject = subjectOf(object);
  const isReadyNow = subject === object && progressOf(object).state === "done";
  if (isReadyNow || isAwaitSkipped(object)) {
    return object;
  }
  const deadline = Date.now() + timeoutSeconds * 1000;
  const last = await follow(cluster, subject, deadline, (current) => {
    const { state, message } = progressOf(current);
    showStatus(message);
    return state !== "waiting";
  });
  const progress = last === undefined ? unseen : progressOf(last);
  if (progress.state !== "done") {
    const name = getString(object, "metadata", "name");
    const reason = progress.state === "failed" ? progress.message : "timed out waiting to be Ready";
    throw await notReady(cluster, object, `'${name}' ${reason}`);
  }
  return (await find(cluster, object)) ?? object;
}

/** Fails if an object that was read is not ready now. */
export async function assertReady(cluster: Cluster, object: Properties): Promise<void> {
  if (!isAwaitSkipped(object) && progressOf(object).state !== "done") {
    const name = getString(object, "metadata", "name");
    throw await notReady(cluster, object, `Resource '${name}' was created but failed to initialize`);
  }
}

async function notReady(cluster: Cluster, object: Properties, message: string): Promise<NotReadyError> {
  const current = (await find(cluster, object)) ?? object;
  const ownPods = getString(object, "kind") === "Pod" ? [current] : await pods(cluster, object);
  return new NotReadyError(message, current, [
    ...conditionProblems(current),
    ...ownPods.flatMap(podProblems),
  ]);
}

/** The object whose status tells: for a Service that selects pods, its Endpoints. */
function subjectOf(object: Properties): Properties {
  const spec = get(object, "spec");
  const hasEndpoints =
    getString(object, "kind") === "Service" &&
    isProperties(get(spec, "selector")) &&
    ["ClusterIP", "NodePort"].includes(getString(spec, "type")) &&
    getString(spec, "clusterIP") !== "None";
  return hasEndpoints ? { ...object, kind: "Endpoints" } : object;
}

function isAwaitSkipped(object: Properties): boolean {
  return annotationOf(object, "pulumi.com/skipAwait") === "true";
}

function annotationOf(object: Properties, annotation: string): string {
  return getString(object, "metadata", "annotations", annotation);
}
