import type { Problem } from "./problems";
import { isObject, kindOf } from "./records";
import type { ContainerImage } from "./workload";

/** The lists of containers in a pod spec. */
export const containerLists = ["initContainers", "containers", "ephemeralContainers"] as const;

/**
 * The images that kubelet pulls for a pod: of init containers, containers, ephemeral containers and volumes, in this order.
 * Skips items without an image of the right type, which {@link podSpecProblems} reports.
 *
 * @param podSpec of any shape
 */
export function podImages(podSpec: unknown): ContainerImage[] {
  const spec = isObject(podSpec) ? podSpec : {};
  return [
    ...containerLists.flatMap((list) =>
      itemsOf(spec[list]).flatMap((item, index) => {
        const image = isObject(item) ? (item["image"] ?? "") : undefined;
        return isObject(item) && typeof image === "string"
          ? [{ list, index, name: textOf(item["name"]), image }]
          : [];
      }),
    ),
    ...itemsOf(spec["volumes"]).flatMap((item, index): ContainerImage[] => {
      const source = isObject(item) ? item["image"] : undefined;
      const image = isObject(source) ? textOf(source["reference"]) : "";
      return isObject(item) && image !== ""
        ? [{ list: "volumes", index, name: textOf(item["name"]), image }]
        : [];
    }),
  ];
}

/** All problems of the pod spec's lists that pulls depend on; absent lists and null are fine. */
export function podSpecProblems(podSpec: unknown, path: string): Problem[] {
  if (podSpec === undefined || podSpec === null) {
    return [];
  }
  if (!isObject(podSpec)) {
    return [{ path: path === "" ? "podSpec" : path, reason: `is ${kindOf(podSpec)}: give an object.` }];
  }
  const place = (list: string): string => (path === "" ? list : `${path}.${list}`);
  return [
    ...containerLists.flatMap((list) =>
      listProblems(podSpec[list], place(list), "containers", containerProblem),
    ),
    ...pullSecretProblems(podSpec["imagePullSecrets"], place("imagePullSecrets")),
  ];
}

/** All problems of a pod's list of pull Secrets; undefined and null are fine. */
export function pullSecretProblems(listed: unknown, path: string): Problem[] {
  return listProblems(listed, path, "pull Secrets, each an object with its name", pullSecretProblem);
}

/** A problem of a list item or of one of its members. */
interface ItemProblem {
  member?: string;
  reason: string;
}

function listProblems(
  list: unknown,
  path: string,
  kind: string,
  problemOf: (item: unknown) => ItemProblem | undefined,
): Problem[] {
  if (list === undefined || list === null) {
    return [];
  }
  if (!Array.isArray(list)) {
    return [{ path, reason: `is ${kindOf(list)}: give a list of ${kind}.` }];
  }
  return (list as unknown[]).flatMap((item, index) => {
    const problem = problemOf(item);
    const member = problem?.member === undefined ? "" : `.${problem.member}`;
    return problem === undefined ? [] : [{ path: `${path}[${index}]${member}`, reason: problem.reason }];
  });
}

function pullSecretProblem(item: unknown): ItemProblem | undefined {
  if (!isObject(item)) {
    return {
      reason: `is ${kindOf(item)}: give an object with the name of a Secret, such as { name: "regcred" }.`,
    };
  }
  const name = item["name"];
  const isMissing = name === undefined || name === null || name === "";
  return typeof name === "string" && !isMissing
    ? undefined
    : { member: "name", reason: `is ${isMissing ? "missing" : kindOf(name)}: give the name of a Secret.` };
}

function containerProblem(item: unknown): ItemProblem | undefined {
  if (!isObject(item)) {
    return { reason: `is ${kindOf(item)}: give an object with name and image.` };
  }
  const member = ["name", "image"].find(
    (key) => !["string", "undefined"].includes(typeof (item[key] ?? undefined)),
  );
  return member === undefined ? undefined : { member, reason: `is ${kindOf(item[member])}: give a string.` };
}

function itemsOf(list: unknown): unknown[] {
  return Array.isArray(list) ? (list as unknown[]) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
