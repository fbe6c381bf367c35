import { messageOf, type Problem } from "./problems";
import { isPlainObject } from "./records";
import { checkShape, type Shape } from "./shape";

/** All problems of an Output's resolved value; undefined counts as not given. */
export function resolvedProblems(
  value: unknown,
  { path, shape, isRequired }: { path: string; shape: Shape; isRequired: boolean },
): Problem[] {
  if (value === undefined) {
    return isRequired ? [{ path, reason: "is missing." }] : [];
  }
  return valueProblems(withoutUndefined(value), shape, path);
}

/** All problems of a value against a shape, including an exception while it is read. */
export function valueProblems(known: unknown, shape: Shape, path: string): Problem[] {
  try {
    return checkShape(known, shape, path);
  } catch (error) {
    return [{ path: path === "" ? "arguments" : path, reason: `could not be checked: ${messageOf(error)}` }];
  }
}

/** An Output's resolved value without members that are undefined. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutUndefined);
  }
  return isPlainObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, item]) => item !== undefined)
          .map(([key, item]) => [key, withoutUndefined(item)]),
      )
    : value;
}
