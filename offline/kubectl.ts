import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { takenOver } from "./fieldManagers";
import { get, getString, isProperties, type Properties, type Value } from "./values";

/** What kubectl says of a command that failed. */
export class KubectlError extends Error {}

/** A cluster: the flags with which kubectl reaches it, and the signal that gives up all work on it. */
export interface Cluster {
  readonly flags: string[];
  readonly cancelled: AbortSignal;
}

export interface ApplyOptions {
  readonly fieldManager: string;
  /** Take fields over from other managers. */
  readonly force: boolean;
}

/** Applies an object on the server's side and returns it as it is there. The object goes through standard input. */
export async function apply(
  cluster: Cluster,
  object: Properties,
  options: ApplyOptions,
): Promise<Properties> {
  const flags = ["--server-side", "--field-manager", options.fieldManager, "--validate=warn"];
  const force = options.force ? ["--force-conflicts"] : [];
  const output = await kubectl(
    cluster,
    ["apply", ...flags, ...force, "--output=json", "--filename=-"],
    JSON.stringify(object),
  );
  return JSON.parse(output) as Properties;
}

/** Makes the fields that kubectl has set the manager's own, before it applies the object anew. */
export async function takeOver(cluster: Cluster, object: Properties, manager: string): Promise<void> {
  const flags = [
    "--ignore-not-found",
    "--show-managed-fields",
    "--output=jsonpath={.metadata.managedFields}",
  ];
  const output = await kubectl(cluster, ["get", ...target(object), ...flags]);
  const managedFields = takenOver(output === "" ? [] : (JSON.parse(output) as Value[]), manager);
  if (managedFields !== undefined) {
    const patch = [{ op: "replace", path: "/metadata/managedFields", value: managedFields }];
    await kubectl(cluster, ["patch", ...target(object), "--type=json", `--patch=${JSON.stringify(patch)}`]);
  }
}

/** The object as it is in the cluster, if it is there. */
export async function find(cluster: Cluster, object: Properties): Promise<Properties | undefined> {
  const output = await kubectl(cluster, ["get", ...target(object), "--ignore-not-found", "--output=json"]);
  return output === "" ? undefined : (JSON.parse(output) as Properties);
}

/** The namespace of objects that name none. */
export async function defaultNamespace(cluster: Cluster): Promise<string> {
  const jsonpath = "{.contexts[0].context.namespace}";
  return (
    (await kubectl(cluster, ["config", "view", "--minify", `--output=jsonpath=${jsonpath}`])) || "default"
  );
}

/** The pods that an object selects. */
export async function pods(cluster: Cluster, object: Properties): Promise<Properties[]> {
  const labels = get(object, "spec", "selector", "matchLabels");
  if (!isProperties(labels)) {
    return [];
  }
  const selector = Object.keys(labels).map((key) => `${key}=${getString(labels, key)}`);
  const namespace = getString(object, "metadata", "namespace");
  const output = await kubectl(cluster, [
    "get",
    "pods",
    `--namespace=${namespace}`,
    `--selector=${selector.join(",")}`,
    "--output=json",
  ]);
  const found = get(JSON.parse(output) as Properties, "items");
  return Array.isArray(found) ? found.filter(isProperties) : [];
}

/** Deletes an object and all that it owns, and waits until it is gone. */
export async function remove(cluster: Cluster, object: Properties, timeoutSeconds: number): Promise<void> {
  await kubectl(cluster, [
    "delete",
    ...target(object),
    "--ignore-not-found",
    "--cascade=foreground",
    `--timeout=${timeoutSeconds}s`,
  ]);
}

/** Follows an object until the check is satisfied or the time is over, and returns what was last seen of it. */
export async function follow(
  cluster: Cluster,
  object: Properties,
  deadline: number,
  isEnough: (object: Properties) => boolean,
): Promise<Properties | undefined> {
  let last: Properties | undefined;
  while (Date.now() < deadline) {
    for await (const current of watch(cluster, object, deadline)) {
      last = current;
      if (isEnough(current)) {
        return current;
      }
    }
    cluster.cancelled.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return last;
}

/** Every version of an object, until the deadline; it ends early while there is no such object. */
async function* watch(cluster: Cluster, object: Properties, deadline: number): AsyncGenerator<Properties> {
  const wholeObject = '--output=jsonpath={@}{"\\n"}';
  const child = start(cluster, ["get", ...target(object), "--watch", wholeObject]);
  child.on("error", () => undefined);
  const timer = setTimeout(() => child.kill(), deadline - Date.now());
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      yield JSON.parse(line) as Properties;
    }
  } finally {
    clearTimeout(timer);
    child.kill();
  }
}

const running = new Set<ChildProcessWithoutNullStreams>();
process.once("exit", () => {
  for (const child of running) {
    child.kill();
  }
});

function start(cluster: Cluster, args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn("kubectl", [...cluster.flags, ...args], { signal: cluster.cancelled });
  running.add(child);
  child.on("close", () => running.delete(child));
  return child;
}

async function kubectl(cluster: Cluster, args: string[], input = ""): Promise<string> {
  const child = start(cluster, args);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  child.stdin.on("error", () => undefined).end(input);
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  if (code !== 0) {
    throw new KubectlError(withOwnAdvice(output.stderr.trim()));
  }
  return output.stdout;
}

/** How kubectl names one object: `Deployment.v1.apps/web --namespace=shop`. */
function target(object: Properties): string[] {
  const kind = getString(object, "kind");
  const [group, version] = getString(object, "apiVersion").split("/");
  const type = version === undefined ? kind : `${kind}.${version}.${group}`;
  const namespace = getString(object, "metadata", "namespace");
  return [
    `${type}/${getString(object, "metadata", "name")}`,
    ...(namespace === "" ? [] : [`--namespace=${namespace}`]),
  ];
}

/** kubectl's flag for fields that others manage is, here, an annotation. */
function withOwnAdvice(message: string): string {
  const [conflict = "", advice] = message.split("\nPlease review the fields above");
  return advice === undefined
    ? message
    : `${conflict}\nTo take these fields over, set the annotation pulumi.com/patchForce: "true".`;
}
