import { hidePasswords } from "../components/lib/hidePasswords";
import { checkExpiry } from "../components/lib/logins/expiry";
import { ownSecretProblems, sourcesOf } from "../components/lib/logins/loginSources";
import { checkPlacement, namespacesByKey } from "../components/lib/namespaces";
import { podImages, podSpecProblems } from "../components/lib/podImages";
import { describeProblems, joinPath, MessageError, type Problem } from "../components/lib/problems";
import { type PlacedWorkload, planWorkloads } from "../components/lib/pullPlan";
import { isObject } from "../components/lib/records";
import { checkLogins } from "../components/lib/secretContents";
import { checkServiceAccounts } from "../components/lib/serviceAccounts";
import { checkShape } from "../components/lib/shape";
import { givenOf } from "../components/lib/workload";
import { renderingProblems } from "./rendering";
import { type DeploymentSettings, type Settings, settingsShape } from "./settingsShape";

/** A stack's config is invalid. The message lists every problem with its path, without secrets. */
export class SettingsError extends MessageError {
  override readonly name = "SettingsError";
}

const plainStrings = [
  "dockerConfigJson",
  "previousDockerConfigJson",
  "namespace",
  "secretName",
  "rotation",
  "verify",
  "rolloutTimeout",
  "renderTo",
];

/**
 * Reads the config of a stack.
 *
 * @param config the values by key without the project's name, in the engine's form: strings as they are, others as JSON.
 * @param defaultName the base name of the Secrets if `secretName` is not given.
 * @param now the time to compare `expiresAt` with.
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
  const misshapen = checkShape(values, settingsShape, "");
  const problems = hidePasswords(
    [...misshapen, ...meaningProblems(values, defaultName, now, misshapen)],
    sourcesOf(values),
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

/** The parsed JSON, or the text itself if it is not JSON: then the shape check reports it. */
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

/** The problems beyond the shape. A path with a wrong shape gets no further problems. */
function meaningProblems(
  values: Record<string, unknown>,
  defaultName: string,
  now: Date,
  misshapen: Problem[],
): Problem[] {
  const { namespace, secretName } = values as Record<string, string | undefined>;
  const { namespaces, workloads } = values;
  const problems: Problem[] = renderingProblems(values);
  const placement = {
    namespace,
    namespaces: namespaces === undefined ? undefined : (textsOf(namespaces) ?? {}),
    secretName: secretName ?? defaultName,
  };
  problems.push(...checkPlacement(placement, values["createNamespace"] === true));
  problems.push(...checkExpiry(values["registries"], now).problems);
  const keys =
    namespaces === undefined || isObject(namespaces) ? Object.keys(namespacesByKey(placement)) : undefined;
  if (keys !== undefined && !misshapen.some(({ path }) => /^(patchS|s)erviceAccounts\b/.test(path))) {
    const versioned = (values["rotation"] ?? "versioned") === "versioned";
    problems.push(...checkServiceAccounts(values, keys, versioned));
  }
  const areOthersSound = !misshapen.some(({ path }) =>
    /^(registries|extraPullSecrets|serversWithoutSecret)\b/.test(path),
  );
  const { extraPullSecrets, serversWithoutSecret }: Partial<Settings> = areOthersSound ? values : {};
  const logins = checkLogins(values, keys);
  const plan = planWorkloads({
    generations: logins.result,
    extraPullSecrets,
    serversWithoutSecret,
    workloads: Object.entries(isObject(workloads) ? workloads : {})
      .flatMap(([name, workload]) => (isObject(workload) ? [placedWorkload(name, workload)] : []))
      .map((workload) => (areOthersSound ? workload : { ...workload, allowAnonymous: true })),
    namespaceKeys: keys,
    path: "workloads",
  });
  problems.push(...Object.entries(isObject(workloads) ? workloads : {}).flatMap(portTwice));
  const known = new Set(misshapen.map(({ path }) => path));
  problems.push(...ownSecretProblems(values));
  return [...problems, ...logins.problems, ...plan.problems].filter(({ path }) => !known.has(path));
}

/** Refuses `port` with `ports`, which both set the only container's ports. With `containers`, other checks refuse each. */
function portTwice([name, workload]: [string, unknown]): Problem[] {
  const { port, ports, containers } = isObject(workload) ? workload : {};
  return port !== undefined && ports !== undefined && containers === undefined
    ? [
        {
          path: joinPath(joinPath("workloads", name), "port"),
          reason: "is given along with `ports`: keep one of the two.",
        },
      ]
    : [];
}

/** An object's members, with undefined for each that is not a text; undefined if the value is not an object. */
function textsOf(value: unknown): Record<string, string | undefined> | undefined {
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, textOf(item)]))
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The facts about a workload of any shape. */
function placedWorkload(name: string, workload: Record<string, unknown>): PlacedWorkload {
  const given = [...givenOf(workload), ...(workload["port"] === undefined ? [] : ["port"])];
  const only = { list: "containers", index: 0, name, image: textOf(workload["image"]) ?? "" } as const;
  return {
    name,
    namespace: textOf(workload["namespace"]),
    given,
    images: [
      ...podImages({ initContainers: withTextImages(workload["initContainers"]) }),
      ...(given.includes("image")
        ? [only]
        : podImages({ containers: withTextImages(workload["containers"]) })),
    ],
    misshapen: podSpecProblems(workload["podSpec"], "podSpec"),
    allowAnonymous: workload["allowAnonymous"] === true,
  };
}

/** Containers with an empty image instead of one that is not a text, so that their names are still checked. */
function withTextImages(containers: unknown): unknown {
  return Array.isArray(containers)
    ? containers.map((item: unknown) =>
        isObject(item) ? { ...item, image: textOf(item["image"]) ?? "" } : item,
      )
    : containers;
}
