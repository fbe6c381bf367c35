import { type Path, transformedKind } from "../components/lib/workloadKinds";

/** A kind whose objects the audit lists. */
export interface ListedKind {
  kind: string;
  /** Plural, as in paths and Roles. */
  resource: string;
  /** Empty for the core group. */
  group: string;
  version: string;
  /** Whether a cluster may lack it: a kind of an operator. */
  isOptional: boolean;
}

function listed(kind: string, resource: string, groupVersion: string, isOptional = false): ListedKind {
  const [version = "", group = ""] = groupVersion.split("/").reverse();
  return { kind, resource, group, version, isOptional };
}

export const podKind = listed("Pod", "pods", "v1");
export const secretKind = listed("Secret", "secrets", "v1");
export const accountKind = listed("ServiceAccount", "serviceaccounts", "v1");

/** The kinds that make pods. */
export const workloadKinds: readonly ListedKind[] = [
  listed("ReplicationController", "replicationcontrollers", "v1"),
  listed("Deployment", "deployments", "apps/v1"),
  listed("StatefulSet", "statefulsets", "apps/v1"),
  listed("DaemonSet", "daemonsets", "apps/v1"),
  listed("ReplicaSet", "replicasets", "apps/v1"),
  listed("Job", "jobs", "batch/v1"),
  listed("CronJob", "cronjobs", "batch/v1"),
  listed("Rollout", "rollouts", "argoproj.io/v1alpha1", true),
  listed("Service", "services", "serving.knative.dev/v1", true),
  listed("CloneSet", "clonesets", "apps.kruise.io/v1alpha1", true),
];

/** Where objects of a kind have their pod spec. */
export function podSpecPath({ kind, group, version }: ListedKind): Path {
  const type = `kubernetes:${group === "" ? "core" : group}/${version}:${kind}`;
  return transformedKind(type)?.podSpecs[0] ?? [];
}

/** The path of a kind's list, of all namespaces or of one. */
export function listPath(kind: ListedKind, namespace: string | undefined): string {
  const place = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${groupPath(kind)}${place}/${kind.resource}`;
}

/** The path where a cluster says whether it has the API group of a kind. */
export function groupPath({ group, version }: ListedKind): string {
  return group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** The rule of a Role that permits listing a kind. */
export function listRule({ group, resource }: ListedKind): string {
  return `{ apiGroups: ["${group}"], resources: ["${resource}"], verbs: ["list"] }`;
}
