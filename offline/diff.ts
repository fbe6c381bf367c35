import { isProperties, type Properties, unknown, type Value } from "./values";

/** How a property differs, in the engine's terms. */
export interface Difference {
  readonly kind: "ADD" | "DELETE" | "UPDATE";
  readonly replaces: boolean;
}

type Path = (string | number)[];

/**
 * Compares two objects, and tells for each property that differs whether it replaces the object.
 *
 * As in the official provider, an unknown value in place of a map counts as deleting everything in it. That is why a
 * Deployment is replaced together with a Secret that is deleted first: the engine then asks for the difference to an unknown
 * `spec`, and a change of `spec.selector` replaces the Deployment.
 */
export function compare(
  oldObject: Properties,
  newObject: Properties,
  fieldsThatReplace: string[],
): Map<string, Difference> {
  const differences = new Map<string, Difference>();
  const replacingPaths = fieldsThatReplace.map((field) => field.split(".").slice(1));

  function add(path: Path, kind: Difference["kind"], value: Value): void {
    const change = nest(path, value);
    const replaces = replacingPaths.some((field) => reaches(change, field));
    differences.set(print(path), { kind, replaces });
  }

  function visit(path: Path, oldValue: Value | undefined, newValue: Value | undefined): void {
    if (newValue === undefined || newValue === null) {
      if (oldValue !== undefined && oldValue !== null) {
        add(path, "DELETE", null);
      }
    } else if (oldValue === undefined || oldValue === null) {
      add(path, "ADD", newValue);
    } else if (isProperties(oldValue) && (isProperties(newValue) || newValue === unknown)) {
      const newProperties = isProperties(newValue) ? newValue : {};
      for (const key of new Set([...Object.keys(oldValue), ...Object.keys(newProperties)])) {
        visit([...path, key], oldValue[key], newProperties[key]);
      }
    } else if (Array.isArray(oldValue) && Array.isArray(newValue)) {
      for (let index = 0; index < Math.max(oldValue.length, newValue.length); index++) {
        visit([...path, index], oldValue[index], newValue[index]);
      }
    } else if (oldValue !== newValue) {
      add(path, "UPDATE", newValue);
    }
  }

  visit([], oldObject, newObject);
  return differences;
}

/** An object with only this value at this path. */
function nest(path: Path, value: Value): Value {
  return path.reduceRight<Value>(
    (inner, key) => (typeof key === "number" ? [inner] : { [key]: inner }),
    value,
  );
}

/** Whether a field, such as `spec.containers.*.image`, is in the object. */
function reaches(value: Value, field: string[]): boolean {
  const [key, ...rest] = field;
  if (key === undefined) {
    return true;
  }
  if (key === "*") {
    return Array.isArray(value) ? value.some((element) => reaches(element, rest)) : value === null;
  }
  const inner = isProperties(value) ? value[key] : undefined;
  return inner !== undefined && reaches(inner, rest);
}

/** The path in the engine's notation: `metadata.annotations["pulumi.com/autonamed"]`. */
function print(path: Path): string {
  return path.reduce<string>((parent, key) => {
    if (typeof key === "number") {
      return `${parent}[${key}]`;
    }
    if (/[."[\]]/.test(key)) {
      return `${parent}["${key.replaceAll('"', '\\"')}"]`;
    }
    return parent === "" ? key : `${parent}.${key}`;
  }, "");
}
