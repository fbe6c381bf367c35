import { Struct } from "google-protobuf/google/protobuf/struct_pb";

/** A value in the engine's wire form: JSON with marks for secret and unknown values. */
export type Value = null | boolean | number | string | Value[] | Properties;

export interface Properties {
  [key: string]: Value;
}

/** The engine's mark for a value that is not known before the update. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const markKey = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

export function fromStruct(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties);
}

export function isProperties(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Marks a value as secret, unless it already is. */
export function secret(value: Value): Properties {
  return isSecret(value) ? value : { [markKey]: secretMark, value };
}

function isSecret(value: Value): value is Properties {
  return isProperties(value) && value[markKey] === secretMark;
}

/** A copy of the value without its marks of secrecy. */
export function reveal(value: Value): Value {
  if (Array.isArray(value)) {
    return value.map(reveal);
  }
  if (isSecret(value)) {
    return reveal(value["value"] ?? null);
  }
  return isProperties(value) ? revealProperties(value) : value;
}

export function revealProperties(properties: Properties): Properties {
  return mapProperties(properties, (_, value) => reveal(value));
}

export function containsSecret(value: Value): boolean {
  return isSecret(value) || children(value).some(containsSecret);
}

export function containsUnknown(value: Value): boolean {
  return value === unknown || children(value).some(containsUnknown);
}

function children(value: Value): Value[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}

/** The value at a path of property names, if the whole path exists. */
export function get(value: Value | undefined, ...path: string[]): Value | undefined {
  return path.reduce<Value | undefined>(
    (parent, key) => (isProperties(parent) ? parent[key] : undefined),
    value,
  );
}

export function getString(value: Value | undefined, ...path: string[]): string {
  const found = get(value, ...path);
  return typeof found === "string" ? found : "";
}

/** Marks as secret what is secret in another value of the same shape, and always the data of a Secret. */
export function markSecrets(properties: Properties, like: Properties): Properties {
  if (properties["kind"] === "Secret") {
    return mapProperties(properties, (key, value) =>
      key === "data" || key === "stringData" ? secret(value) : value,
    );
  }
  return mapProperties(properties, (key, value) => {
    const likeValue = like[key] ?? null;
    if (isProperties(value) && isProperties(likeValue) && !isSecret(likeValue)) {
      return markSecrets(value, likeValue);
    }
    return containsSecret(likeValue) ? secret(value) : value;
  });
}

function mapProperties(properties: Properties, map: (key: string, value: Value) => Value): Properties {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, map(key, value)]));
}
