import { DockerConfigError, readDockerConfigEntries } from "./kubelet/dockerConfigEntries";
import { isObject } from "./records";
import { groupAndKind, isServiceAccount, type Path, pathText, transformedKind } from "./transformedKinds";

/** Stands in for a value that is not known yet, as at preview. */
export const notKnown = Symbol("not known");
export type Known<T> = T | typeof notKnown;

/** A Kubernetes object, by the type token of its resource and its properties. */
export interface KubernetesObject {
  /** Such as `kubernetes:apps/v1:Deployment`. */
  type: string;
  /** Of any shape; {@link notKnown} may stand anywhere in it. */
  props: unknown;
}

/** A pod, or what pods are made from. */
export interface PullingWorkload {
  /** Empty if the object names none. */
  namespace: Known<string>;
  /** Of any shape; {@link notKnown} may stand anywhere in it. */
  podSpec: unknown;
}

/** A Secret, as far as kubelet uses it to pull. */
export interface PullSecret {
  namespace: Known<string>;
  name: Known<string>;
  /** The servers that it has a login for, as it spells them; none if kubelet ignores the Secret. */
  servers: Known<readonly string[]>;
  /** Why kubelet can't read it and therefore pulls nothing for a pod that lists it. Contains no secret. */
  unreadable?: string;
}

/** A ServiceAccount: its pull Secrets go to the pods that list none. */
export interface PullingAccount {
  namespace: Known<string>;
  name: Known<string>;
  secretNames: Known<readonly Known<string>[]>;
}

/** What decides how kubelet pulls, each part with the object that it is from. */
export interface PullObjects<Source> {
  workloads: (PullingWorkload & {
    source: Source;
    /** Path of the pod spec in the object's properties. */
    path: string;
  })[];
  secrets: PullSecret[];
  serviceAccounts: PullingAccount[];
}

/** Reads the workloads, Secrets and ServiceAccounts among objects, in lists and patches too; skips all others. */
export function readPullObjects<Source extends KubernetesObject>(
  sources: readonly Source[],
): PullObjects<Source> {
  const found: PullObjects<Source> = { workloads: [], secrets: [], serviceAccounts: [] };
  for (const source of sources) {
    const { kind } = groupAndKind(source.type);
    const workloadKind = transformedKind(source.type);
    for (const { value: object, path } of kind.endsWith("List") ? itemsOf(source.props) : [whole(source)]) {
      const namespace = textAt(object, ["metadata", "namespace"]) ?? "";
      const name = textAt(object, ["metadata", "name"]) ?? notKnown;
      for (const inObject of workloadKind?.podSpecs ?? []) {
        const podSpec = valueAt(object, inObject);
        found.workloads.push({ source, namespace, podSpec, path: pathText([...path, ...inObject]) });
      }
      if (/^kubernetes:core\/v1:Secret(List)?$/.test(source.type)) {
        found.secrets.push({ namespace, name, ...secretContent(object) });
      }
      if (
        isServiceAccount(source.type) &&
        !(kind.endsWith("Patch") && !isGiven(object, "imagePullSecrets"))
      ) {
        found.serviceAccounts.push({ namespace, name, secretNames: listedSecretNames(object) });
      }
    }
  }
  return found;
}

/** The names in the `imagePullSecrets` of a pod spec or a ServiceAccount. */
export function listedSecretNames(holder: unknown): Known<Known<string>[]> {
  const list = valueAt(holder, ["imagePullSecrets"]);
  if (list === notKnown) {
    return notKnown;
  }
  const items: unknown[] = Array.isArray(list) ? list : [];
  return items.map((item) => textAt(item, ["name"]) ?? "").filter((name) => name !== "");
}

/** The text at a path; undefined if there is something else or nothing. */
export function textAt(value: unknown, path: Path): Known<string> | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" || found === notKnown ? found : undefined;
}

function valueAt(value: unknown, [member, ...path]: Path): unknown {
  if (member === undefined || value === notKnown) {
    return value;
  }
  return isObject(value) && Object.hasOwn(value, member) ? valueAt(value[member], path) : undefined;
}

function isGiven(object: unknown, member: string): boolean {
  return (valueAt(object, [member]) ?? undefined) !== undefined;
}

interface PlacedObject {
  value: unknown;
  path: Path;
}

function whole({ props }: KubernetesObject): PlacedObject {
  return { value: props, path: [] };
}

function itemsOf(list: unknown): PlacedObject[] {
  const items = valueAt(list, ["items"]);
  if (items === notKnown) {
    return [{ value: notKnown, path: ["items"] }];
  }
  return (Array.isArray(items) ? (items as unknown[]) : []).map((value, index) => ({
    value,
    path: [`items[${index}]`],
  }));
}

/** @see kubernetes pkg/credentialprovider/secrets/secrets.go, MakeDockerKeyring */
const keyOfType = new Map([
  ["kubernetes.io/dockerconfigjson", ".dockerconfigjson"],
  ["kubernetes.io/dockercfg", ".dockercfg"],
]);

function secretContent(secret: unknown): Pick<PullSecret, "servers" | "unreadable"> {
  const type = textAt(secret, ["type"]);
  if (type === notKnown) {
    return { servers: notKnown };
  }
  const key = keyOfType.get(type ?? "");
  const text = key === undefined ? undefined : secretText(secret, key);
  if (text === notKnown) {
    return { servers: notKnown };
  }
  return text === undefined || text === "" ? { servers: [] } : contentOf(text, key === ".dockercfg");
}

/** As the API server does: `stringData` wins over `data`. */
function secretText(secret: unknown, key: string): Known<string> | undefined {
  const plain = textAt(secret, ["stringData", key]);
  const encoded = textAt(secret, ["data", key]);
  if (plain !== undefined || encoded === undefined || encoded === notKnown) {
    return plain ?? encoded;
  }
  return Buffer.from(encoded, "base64").toString();
}

/**
 * The servers that the text of a pull Secret has a login for, or why kubelet can't read it.
 *
 * @param isDockercfg whether it is of the old form, of type `kubernetes.io/dockercfg`
 */
export function contentOf(text: string, isDockercfg = false): Pick<PullSecret, "servers" | "unreadable"> {
  try {
    const entries = readDockerConfigEntries(isDockercfg ? inAuths(text) : text);
    const withLogin = entries.filter(({ username, password }) => username !== "" && password !== "");
    return { servers: withLogin.map(({ server }) => server) };
  } catch (error) {
    if (error instanceof DockerConfigError) {
      return { servers: [], unreadable: error.message };
    }
    throw error;
  }
}

function inAuths(dockercfg: string): string {
  try {
    JSON.parse(dockercfg);
  } catch {
    return dockercfg;
  }
  return `{"auths":${dockercfg}}`;
}
