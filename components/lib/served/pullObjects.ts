import { groupAndKind, isServiceAccount, type Path, pathText, transformedKind } from "../workloadKinds";
import { type Known, notKnown, textAt, valueAt } from "./known";
import { type PullSecretContent, secretContent } from "./pullSecretContent";

/** A Kubernetes object, by the type token of its resource and its properties. */
export interface KubernetesObject {
  /** Such as `kubernetes:apps/v1:Deployment`. */
  type: string;
  /** Of any shape; {@link notKnown} may stand anywhere in it. */
  props: unknown;
  /** The namespace of an object that names none. Default empty. */
  defaultNamespace?: Known<string>;
}

/** A pod, or what pods are made from. */
export interface PullingWorkload {
  /** Empty for the provider's. */
  namespace: Known<string>;
  /** Of any shape; {@link notKnown} may stand anywhere in it. */
  podSpec: unknown;
}

/** A Secret, as far as kubelet uses it to pull. */
export interface PullSecret extends PullSecretContent {
  namespace: Known<string>;
  name: Known<string>;
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

/** Whether an object is a workload, a Secret or a ServiceAccount, a list or a patch of some. */
export function isPullObject({ type }: Pick<KubernetesObject, "type">): boolean {
  return transformedKind(type) !== undefined || isSecret(type) || isServiceAccount(type);
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
      const namespace = textAt(object, ["metadata", "namespace"]) || (source.defaultNamespace ?? "");
      const name = textAt(object, ["metadata", "name"]) ?? notKnown;
      for (const inObject of workloadKind?.podSpecs ?? []) {
        const podSpec = valueAt(object, inObject);
        found.workloads.push({ source, namespace, podSpec, path: pathText([...path, ...inObject]) });
      }
      if (isSecret(source.type)) {
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

/** Whether resources of a type are Secrets or a list of some; a patch of one does not have its type. */
function isSecret(type: string): boolean {
  return /^kubernetes:core\/v1:Secret(List)?$/.test(type);
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
