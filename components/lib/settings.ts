import { hidePasswords } from "./pastedSecrets";
import { checkExpiry } from "./expiry";
import { checkPlacement, namespacesByKey } from "./placement";
import { describeProblems, isObject, type Problem } from "./problems";
import { checkShape, type Shape } from "./shape";
import type { ContainerImage } from "./workload";
import { type PlacedWorkload, planWorkloads } from "./workloadsPlan";

/** A Deployment of the config; what its other members may be is known to have been checked. */
export interface DeploymentSettings {
  namespace?: string;
  image?: string;
  containers?: { name: string; image: string }[];
  initContainers?: { name: string; image: string }[];
  allowAnonymous?: boolean;
  pinDigest?: boolean;
  ports?: { containerPort: number }[];
}

/** The config of one stack, checked. */
export interface Settings {
  registries: { server?: string; username: string; password: string }[];
  previousRegistries?: { server?: string; username: string; password: string }[];
  extraPullSecrets?: { secretNames: string[]; servers: string[] }[];
  namespace?: string;
  namespaces?: Record<string, string>;
  createNamespace?: boolean;
  secretName?: string;
  expiryWarningDays?: number;
  rotation?: "versioned" | "inPlace";
  verify?: "off" | "warn" | "enforce";
  rolloutTimeout?: string;
  renderTo?: string;
  deployments: Record<string, DeploymentSettings>;
}

/** A stack's config that nothing can be made from; the message lists every problem with its path, without secrets. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

const count: Shape = { integer: [0, 2 ** 31 - 1] };
const port: Shape = { integer: [1, 65535] };
const strings: Shape = { listOf: "string" };
const quantities: Shape = { mapOf: "string" };

const probe: Shape = {
  members: {
    httpGet: { members: { port, path: "string", scheme: { oneOf: ["HTTP", "HTTPS"] } }, required: ["port"] },
    tcpSocket: { members: { port }, required: ["port"] },
    exec: { members: { command: strings }, required: ["command"] },
    initialDelaySeconds: count,
    periodSeconds: count,
    timeoutSeconds: count,
    failureThreshold: count,
  },
};

const containerSettings: Record<string, Shape> = {
  command: strings,
  args: strings,
  env: { mapOf: "string" },
  imagePullPolicy: { oneOf: ["Always", "IfNotPresent", "Never"] },
  ports: {
    listOf: {
      members: { containerPort: port, name: "string", protocol: { oneOf: ["TCP", "UDP", "SCTP"] } },
      required: ["containerPort"],
    },
  },
  resources: { members: { requests: quantities, limits: quantities } },
  readinessProbe: probe,
  livenessProbe: probe,
  startupProbe: probe,
};

const containers: Shape = {
  listOf: { members: { name: "string", image: "string", ...containerSettings }, required: ["name", "image"] },
};

const workload: Shape = {
  members: {
    image: "string",
    replicas: count,
    port,
    namespace: "string",
    allowAnonymous: "boolean",
    pinDigest: "boolean",
    containers,
    initContainers: containers,
    labels: { mapOf: "string" },
    annotations: { mapOf: "string" },
    podSpec: "anyObject",
    ...containerSettings,
  },
};

const settings = {
  members: {
    registries: "anything", // checked with their meaning, by planWorkloads
    previousRegistries: "anything",
    extraPullSecrets: {
      listOf: { members: { secretNames: strings, servers: strings }, required: ["secretNames", "servers"] },
    },
    namespace: "string",
    namespaces: { mapOf: "string" },
    createNamespace: "boolean",
    secretName: "string",
    expiryWarningDays: { integer: [0, 3650] },
    rotation: { oneOf: ["versioned", "inPlace"] },
    verify: { oneOf: ["off", "warn", "enforce"] },
    rolloutTimeout: "string",
    renderTo: "string",
    workloads: { mapOf: workload },
  },
} satisfies Shape;

const plainStrings = ["namespace", "secretName", "rotation", "verify", "rolloutTimeout", "renderTo"];

/**
 * Reads the config of a stack.
 *
 * @param config the values by key, without the project's name before the key, as the engine hands them over: strings as
 * they are, others as JSON.
 * @param defaultName the base of the Secrets' names where `secretName` is not given.
 * @param now the time that `expiresAt` is held against.
 * @throws SettingsError with all problems at once.
 */
export function parseSettings(
  config: Record<string, string>,
  defaultName: string,
  now = new Date(),
): Settings {
  const values = Object.fromEntries(
    Object.entries(config).map(([key, text]) => [key, plainStrings.includes(key) ? text : parsedJson(text)]),
  );
  const misshapen = checkShape(values, settings, "");
  const problems = hidePasswords(
    [...misshapen, ...meaningProblems(values, defaultName, now, misshapen)],
    [values["registries"], values["previousRegistries"]],
  );
  if (problems.length > 0) {
    throw new SettingsError(describeProblems("The stack's config", problems));
  }
  const { workloads = {}, ...others } = values as { workloads?: Record<string, WorkloadSettings> };
  return { ...(others as Omit<Settings, "deployments">), deployments: deploymentsOf(workloads) };
}

interface WorkloadSettings extends DeploymentSettings {
  port?: number;
}

/** The value of a JSON text, or the text itself where it is none: then its shape is the problem. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function deploymentsOf(workloads: Record<string, WorkloadSettings>): Record<string, DeploymentSettings> {
  return Object.fromEntries(
    Object.entries(workloads).map(([name, { port: containerPort, ...workload }]) => [
      name,
      containerPort === undefined ? workload : { ...workload, ports: [{ containerPort }] },
    ]),
  );
}

/** What is wrong beyond the shape; where the shape is wrong, that is all that is said. */
function meaningProblems(
  values: Record<string, unknown>,
  defaultName: string,
  now: Date,
  misshapen: Problem[],
): Problem[] {
  const { namespace, secretName, rolloutTimeout } = values as Record<string, string | undefined>;
  const { registries, previousRegistries, namespaces, workloads } = values;
  const problems: Problem[] = [];
  if (rolloutTimeout !== undefined && !/^(\d{1,6}[hms]){1,3}$/.test(rolloutTimeout)) {
    problems.push({
      path: "rolloutTimeout",
      reason: 'is no duration: write hours, minutes and seconds, such as "5m" or "90s".',
    });
  }
  const placement = {
    namespace,
    namespaces: namespaces === undefined ? undefined : (textsOf(namespaces) ?? {}),
    secretName: secretName ?? defaultName,
  };
  problems.push(...checkPlacement(placement, values["createNamespace"] === true));
  problems.push(...checkExpiry(registries, now).problems);
  const keys =
    namespaces === undefined || isObject(namespaces) ? Object.keys(namespacesByKey(placement)) : undefined;
  const areExtraSound = !misshapen.some(({ path }) => /^extraPullSecrets\b/.test(path));
  const plan = planWorkloads(
    {
      registries,
      previousRegistries,
      extraPullSecrets: areExtraSound ? (values as Partial<Settings>).extraPullSecrets : undefined,
    },
    Object.entries(isObject(workloads) ? workloads : {})
      .flatMap(([name, workload]) => (isObject(workload) ? [placedWorkload(name, workload)] : []))
      .map((workload) => (areExtraSound ? workload : { ...workload, allowAnonymous: true })),
    keys,
    "workloads",
  );
  const known = new Set(misshapen.map(({ path }) => path));
  return [...problems, ...plan.problems].filter(({ path }) => !known.has(path));
}

/** The members that are texts, and undefined for the others; undefined for what is no object. */
function textsOf(value: unknown): Record<string, string | undefined> | undefined {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, textOf(item)]))
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The facts of a workload of any shape. */
function placedWorkload(name: string, workload: Record<string, unknown>): PlacedWorkload {
  const given = { image: workload["image"] !== undefined, containers: workload["containers"] !== undefined };
  const only = { list: "containers", index: 0, name, image: textOf(workload["image"]) ?? "" } as const;
  return {
    name,
    namespace: textOf(workload["namespace"]),
    given,
    images: [
      ...containerImages("initContainers", workload["initContainers"]),
      ...(given.image ? [only] : containerImages("containers", workload["containers"])),
    ],
    allowAnonymous: workload["allowAnonymous"] === true,
  };
}

function containerImages(list: ContainerImage["list"], containers: unknown): ContainerImage[] {
  return (Array.isArray(containers) ? (containers as unknown[]) : []).flatMap((container, index) =>
    isObject(container)
      ? [{ list, index, name: textOf(container["name"]) ?? "", image: textOf(container["image"]) ?? "" }]
      : [],
  );
}
