import { createHash } from "node:crypto";

/** A digest of objects that does not depend on their order or that of their members. */
export function manifestsDigest(objects: unknown[]): string {
  return createHash("sha256").update(objects.map(canonical).sort().join("\n")).digest("hex");
}

function canonical(object: unknown): string {
  return JSON.stringify(object, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
}
