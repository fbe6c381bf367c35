import { dnsSubdomainProblem } from "./kubernetesNames";
import { quote } from "./problems";
import { ownMember } from "./records";

/** The way to a part of a resource's properties: names of members, and `[]` for each item of a list. */
export type Path = readonly string[];

/**
 * What a new name of its pull Secret does to a workload: its pods roll before the old Secret goes; it is replaced, so that it runs
 * again or goes down; or pods keep the old name although the Secret is deleted.
 */
export type OnNewName = "rolls" | "runsAgain" | "goesDown" | "keepsOldName";

interface WorkloadKind {
  podSpec: Path;
  onNewName: OnNewName;
}

const inTemplate: Path = ["spec", "template", "spec"];
const rolling: WorkloadKind = { podSpec: inTemplate, onNewName: "rolls" };
/** Nothing rolls their pods, or Pulumi does not wait until something has. */
const lagging: WorkloadKind = { podSpec: inTemplate, onNewName: "keepsOldName" };

/** The kinds of Kubernetes itself by their name, others by API group and name. */
const workloadKinds: Record<string, WorkloadKind> = {
  Pod: { podSpec: ["spec"], onNewName: "goesDown" },
  PodTemplate: { podSpec: ["template", "spec"], onNewName: "keepsOldName" },
  ReplicationController: lagging,
  ReplicaSet: lagging,
  Deployment: rolling,
  StatefulSet: rolling,
  DaemonSet: rolling,
  Job: { podSpec: inTemplate, onNewName: "runsAgain" },
  CronJob: { podSpec: ["spec", "jobTemplate", ...inTemplate], onNewName: "rolls" },
  "argoproj.io/Rollout": lagging,
  "serving.knative.dev/Service": lagging,
  "apps.kruise.io/CloneSet": lagging,
};

const groupsOfKubernetes = ["core", "apps", "extensions", "batch"];

/** Where resources of a type take pull Secrets. */
export interface TransformedKind {
  /** The objects in the properties: the properties themselves, or the items of a list kind. */
  objects: Path;
  /** Pod specs, from each object. */
  podSpecs: Path[];
  /** Plain lists of pull Secrets, from each object. */
  lists: Path[];
  onNewName: OnNewName;
  /** Whether the properties are only a part of the object. */
  isPatch: boolean;
}

/**
 * Where resources of a type take pull Secrets, in any version of its API, as a list (`DeploymentList`) or as a patch
 * (`DeploymentPatch`) too; undefined for a type that is not known to take any.
 *
 * @param type the resource's type token, such as `kubernetes:apps/v1:Deployment`
 * @param given paths by API group and kind, as users give them
 */
export function transformedKind(
  type: string,
  given: Readonly<Record<string, readonly string[]>> = {},
): TransformedKind | undefined {
  for (const suffix of ["", "List", "Patch"]) {
    const { group, kind } = groupAndKind(type);
    const base = kind.endsWith(suffix) ? kind.slice(0, kind.length - suffix.length) : "";
    const name = `${group}/${base}`;
    const known = ownMember(workloadKinds, groupsOfKubernetes.includes(group) ? base : name);
    const paths = (ownMember(given, name) ?? []).map(parsePath);
    if (known !== undefined || paths.length > 0) {
      return {
        objects: suffix === "List" ? ["items", "[]"] : [],
        podSpecs: [...(known ? [known.podSpec] : []), ...paths.filter((path) => !isPlainList(path))],
        lists: paths.filter(isPlainList),
        onNewName: known?.onNewName ?? "keepsOldName",
        isPatch: suffix === "Patch",
      };
    }
  }
  return undefined;
}

/** API group and kind of a type of the Kubernetes provider, as {@link transformedKind} takes them: `acme.io/Widget`. */
export function kindName(type: string): string {
  const { group, kind } = groupAndKind(type);
  return `${group}/${kind}`;
}

/** Whether resources of a type are ServiceAccounts, a list or a patch of some. */
export function isServiceAccount(type: string): boolean {
  return /^kubernetes:core\/v1:ServiceAccount(List|Patch)?$/.test(type);
}

/** API group and kind of a type of the Kubernetes provider; both empty for any other type. */
export function groupAndKind(type: string): { group: string; kind: string } {
  const [, group = "", kind = ""] = /^kubernetes:([\w.-]+)\/v\w+:(\w+)$/.exec(type) ?? [];
  return { group, kind };
}

/** Such as the `spec.imagePullSecrets` of an operator, which gives them to the pods that it makes. */
function isPlainList(path: Path): boolean {
  return /pullSecrets$/i.test(path.at(-1) ?? "");
}

/** Reads a path as users write it, such as `spec.tasks[].template.spec`. */
function parsePath(text: string): Path {
  return text.replaceAll("[]", ".[]").split(".");
}

/** A path as users write it. */
export function pathText(path: Path): string {
  return path.join(".").replaceAll(".[]", "[]");
}

/** Why a text is not a path, or undefined. */
export function pathProblem(text: string): string | undefined {
  return /^[A-Za-z][\w-]*(\[\])?(\.[A-Za-z][\w-]*(\[\])?)*$/.test(text)
    ? undefined
    : `${quote(text)} is not a path: write the names of members with dots between them, and [] after a list, such as "spec.podTemplate.spec".`;
}

/** Why a text is not the API group and kind of a resource, or undefined. */
export function kindNameProblem(text: string): string | undefined {
  return /^[a-z0-9.-]+\/[A-Za-z]\w*$/.test(text)
    ? undefined
    : `${quote(text)} is not an API group and kind: write them without the version, such as "acme.io/Widget".`;
}

/** Why a text is not `account` or `namespace/account`, or undefined. */
export function accountNameProblem(text: string): string | undefined {
  const names = text.split("/").reverse();
  return names.length < 3
    ? names.map((name) => dnsSubdomainProblem(name)).find((problem) => problem !== undefined)
    : `${quote(text)} is not the name of a ServiceAccount: write the name, or namespace/name.`;
}
