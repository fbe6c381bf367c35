import { randomBytes } from "node:crypto";
import type { Autonaming } from "./provider";
import { isAutonamed } from "./replacement";
import { get, getString, isProperties, type Properties } from "./values";

export function isNamed(object: Properties): boolean {
  return getString(object, "metadata", "name") !== "";
}

/** Gives an object without a name its old name or, if it is new, `<resource>-<8 random hex digits>`. */
export function withName(
  object: Properties,
  oldObject: Properties,
  resourceName: string,
  autonaming: Autonaming,
): Properties {
  const metadata = get(object, "metadata") ?? {};
  if (isNamed(object) || !isProperties(metadata)) {
    return object;
  }
  if (Object.keys(oldObject).length > 0) {
    return isAutonamed(oldObject)
      ? withAutoname(object, metadata, getString(oldObject, "metadata", "name"))
      : object;
  }
  if (autonaming === "disabled") {
    throw new Error("autonaming is disabled, resource requires the .metadata.name field to be set");
  }
  const name = autonaming?.proposedName ?? `${resourceName}-${randomHex()}`;
  return withAutoname(object, metadata, name);
}

/** Eight random hex digits, as the official provider appends them. */
export function randomHex(): string {
  return randomBytes(4).toString("hex");
}

function withAutoname(object: Properties, metadata: Properties, name: string): Properties {
  const annotations = metadata["annotations"] ?? {};
  return {
    ...object,
    metadata: {
      ...metadata,
      name,
      ...(isProperties(annotations) && {
        annotations: { ...annotations, "pulumi.com/autonamed": "true" },
      }),
    },
  };
}
