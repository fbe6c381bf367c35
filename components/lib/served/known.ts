import { isObject } from "../records";
import type { Path } from "../workloadKinds";

/** Stands in for a value that is not known yet, as at preview. */
export const notKnown = Symbol("not known");
export type Known<T> = T | typeof notKnown;

/** The text at a path; undefined if there is something else or nothing. */
export function textAt(value: unknown, path: Path): Known<string> | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" || found === notKnown ? found : undefined;
}

/** The value at a path; undefined if there is nothing. */
export function valueAt(value: unknown, [member, ...path]: Path): unknown {
  if (member === undefined || value === notKnown) {
    return value;
  }
  return isObject(value) && Object.hasOwn(value, member) ? valueAt(value[member], path) : undefined;
}
