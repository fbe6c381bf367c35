import { podImages } from "../components/lib/podImages";
import { isObject } from "../components/lib/records";
import { notKnown, textAt, valueAt } from "../components/lib/served/known";
import { accountOf } from "../components/lib/served/listedSecrets";
import { listedSecretNames } from "../components/lib/served/pullObjects";
import type { Path } from "../components/lib/workloadKinds";
import type { ClusterAccount, Place, PodFacts, PodImage, Workload } from "./cluster";

/** The object that controls another one. */
export interface Controller {
  kind: string;
  name: string;
  uid: string;
}

/** A workload as it is listed, before it is known who made it. */
export interface ListedWorkload extends Workload {
  uid: string;
  controller?: Controller;
  /** Whether it makes no more pods. */
  isOver: boolean;
}

/** A pod as it is listed. */
export interface ListedPod extends PodFacts, Place {
  controller?: Controller;
  isOver: boolean;
}

/** Text of a member, empty if it is not a string. The cluster's answers are of any shape. */
function text(value: unknown, ...path: Path): string {
  return known(textAt(value, path)) ?? "";
}

/** What is parsed from JSON is known. */
function known<T>(value: T | typeof notKnown): T | undefined {
  return value === notKnown ? undefined : value;
}

function members(value: unknown, ...path: Path): unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? (found as unknown[]) : [];
}

/** Where an object of a list is; the items of a list do not say their kind. */
export function placeOf(object: unknown, kind: string): Place {
  return { kind, namespace: text(object, "metadata", "namespace"), name: text(object, "metadata", "name") };
}

export function readWorkload(object: unknown, kind: string, podSpec: Path): ListedWorkload {
  const spec = valueAt(object, podSpec);
  const isDone = members(object, "status", "conditions").some(
    (condition) =>
      ["Complete", "Failed"].includes(text(condition, "type")) && text(condition, "status") === "True",
  );
  return {
    ...placeOf(object, kind),
    uid: text(object, "metadata", "uid"),
    ...controllerOf(object),
    isOver: kind === "Job" && isDone,
    listed: secretsListedBy(spec),
    serviceAccount: known(accountOf(spec)) ?? "",
    images: imagesOf(spec, new Map()),
  };
}

export function readPod(object: unknown): ListedPod {
  const [spec, status] = [valueAt(object, ["spec"]), valueAt(object, ["status"])];
  const statuses = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"].flatMap(
    (list) => members(status, list),
  );
  const byContainer = new Map(statuses.map((one) => [text(one, "name"), one]));
  return {
    ...placeOf(object, "Pod"),
    ...controllerOf(object),
    isOver: ["Succeeded", "Failed"].includes(text(status, "phase")),
    listed: secretsListedBy(spec),
    serviceAccount: text(spec, "serviceAccountName"),
    images: imagesOf(spec, byContainer),
  };
}

export function readAccount(object: unknown): ClusterAccount {
  const annotations = valueAt(object, ["metadata", "annotations"]);
  return {
    ...placeOf(object, "ServiceAccount"),
    kind: "ServiceAccount",
    listed: secretsListedBy(object),
    annotationKeys: isObject(annotations) ? Object.keys(annotations) : [],
  };
}

/** Each name once. */
function secretsListedBy(holder: unknown): string[] {
  const names = known(listedSecretNames(holder)) ?? [];
  return [...new Set(names.filter((name) => name !== notKnown))];
}

function controllerOf(object: unknown): { controller?: Controller } {
  const owner = members(object, "metadata", "ownerReferences").find(
    (reference) => isObject(reference) && reference["controller"] === true,
  );
  return owner === undefined
    ? {}
    : { controller: { kind: text(owner, "kind"), name: text(owner, "name"), uid: text(owner, "uid") } };
}

/** Each image once, without those that kubelet never pulls. */
function imagesOf(spec: unknown, statuses: ReadonlyMap<string, unknown>): PodImage[] {
  const images = new Map<string, PodImage>();
  for (const { list, index, name, image } of podImages(spec)) {
    const item = members(spec, list)[index];
    const policy = list === "volumes" ? text(item, "image", "pullPolicy") : text(item, "imagePullPolicy");
    if (policy === "Never" || image === "") {
      continue;
    }
    const status = list === "volumes" ? undefined : statuses.get(name);
    const failure = pullFailureIn(status);
    const before = images.get(image);
    images.set(image, {
      image,
      isOnNode: (before?.isOnNode ?? false) || text(status, "imageID") !== "",
      ...((failure ?? before?.failure) !== undefined && { failure: failure ?? before?.failure }),
    });
  }
  return [...images.values()];
}

const pullReasons = ["ErrImagePull", "ImagePullBackOff"];

function pullFailureIn(status: unknown): string | undefined {
  const waiting = valueAt(status, ["state", "waiting"]);
  return pullReasons.includes(text(waiting, "reason"))
    ? `${text(waiting, "reason")} ${text(waiting, "message")}`
    : undefined;
}
