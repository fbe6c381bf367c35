import { isPlainObject, ownMember } from "./records";

/**
 * Merges `patch` over `base`: objects member by member, lists whose items all have a `name` item by item; anything else is
 * replaced, including Outputs. This is how kubectl's strategic merge treats containers, volumes and env.
 */
export function mergeByName(base: unknown, patch: unknown): unknown {
  if (isPlainObject(base) && isPlainObject(patch)) {
    const members = Object.entries(patch).map(([member, value]) => [
      member,
      mergeByName(ownMember(base, member), value),
    ]);
    return { ...base, ...Object.fromEntries(members) };
  }
  if (isNamedList(base) && isNamedList(patch)) {
    const merged = new Map(base.map((item) => [item["name"], item]));
    for (const item of patch) {
      merged.set(item["name"], mergeByName(merged.get(item["name"]), item) as Record<string, unknown>);
    }
    return [...merged.values()];
  }
  return patch === undefined ? base : patch;
}

function isNamedList(value: unknown): value is Record<string, unknown>[] {
  return (
    Array.isArray(value) && value.every((item) => isPlainObject(item) && typeof item["name"] === "string")
  );
}
