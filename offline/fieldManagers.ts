import { get, getString, isProperties, type Properties, type Value } from "./values";

/** Whose fields the official provider takes over before it updates an object: how their names begin, by operation. */
const formerManagers: Record<string, readonly string[]> = {
  Apply: ["kubectl"],
  Update: ["kubectl", "before-first-apply", "pulumi-kubernetes", "pulumi-resource-kubernetes"],
};

/**
 * The `managedFields` of an object once the fields that kubectl has set are the manager's own, so that it may change and
 * remove them; undefined if there are none.
 *
 * @see pulumi-kubernetes provider/pkg/await/await.go fixCSAFieldManagers
 */
export function takenOver(managedFields: readonly Value[], manager: string): Value[] | undefined {
  const former = managedFields.filter(isFormer);
  const [first] = former;
  if (first === undefined) {
    return undefined;
  }
  const isOwn = (entry: Value): boolean =>
    getString(entry, "manager") === manager && getString(entry, "operation") === "Apply";
  const own = managedFields.find(isOwn);
  const fields = [...(own === undefined ? [] : [own]), ...former].map((entry) => get(entry, "fieldsV1"));
  return [
    ...managedFields.filter((entry) => !isOwn(entry) && !isFormer(entry)),
    {
      ...((own ?? first) as Properties),
      manager,
      operation: "Apply",
      fieldsV1: fields.filter(isProperties).reduce(union, {}),
    },
  ];
}

function isFormer(entry: Value): boolean {
  const names = formerManagers[getString(entry, "operation")] ?? [];
  const manager = getString(entry, "manager");
  return getString(entry, "subresource") === "" && names.some((name) => manager.startsWith(name));
}

/** Two sets of fields, which are trees of their names, in one. */
function union(one: Properties, other: Properties): Properties {
  const merged = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const known = merged[key];
    merged[key] = isProperties(known) && isProperties(value) ? union(known, value) : value;
  }
  return merged;
}
