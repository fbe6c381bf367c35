export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether a value is an object whose members are its content: a literal or an instance of a class of the user's own, not
 * a Map, a Date or another object that keeps its content elsewhere.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return isObject(value) && tagOf(value) === "Object";
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}

/** Whether a value is an object of no class, as literals and JSON make them. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return isObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
}

/** An object without its members that are undefined: the SDK takes as long for one of these as for one that is given. */
export function definedMembers<Members extends object>(members: Members): Members {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;
}

/** What a value is, in the words of a config file: never the value itself. */
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
 * The value of a key that a user chose; undefined where the map does not have it. Every object inherits some names that are
 * good keys too, such as `constructor`.
 */
export function ownMember<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
