export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether a value is an object whose members are its content: a literal or an instance of a user's class, but not a Map, a
 * Date or another object that keeps its content elsewhere.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return isObject(value) && tagOf(value) === "Object";
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** Whether a value is an object without a class, such as a literal or parsed JSON. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
}

/** Drops undefined members: the SDK spends as much time on them as on others. */
export function definedMembers<Members extends object>(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;
}

/** What kind of value it is, in the terms of a config file; never the value itself. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) {
    return "nothing";
  }
  if (Array.isArray(value)) {
    return "a list";
  }
  if (typeof value !== "object") {
    return `a ${typeof value}`;
  }
  return isRecord(value) ? "an object" : `an object of type ${tagOf(value)}`;
}

/**
 * The value of a key that a user chose; undefined if the map does not have it. A plain `map[key]` would also find inherited
 * members, such as `constructor`.
 */
export function ownMember<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
