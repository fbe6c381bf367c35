import { isObject, joinPath, kindOf, type Problem, quote, suggestion, unknownMembers } from "./problems";

/** What a value of a config file may be. */
export type Shape =
  | "string"
  | "boolean"
  | "anything"
  | "anyObject"
  | { integer: [least: number, most: number] }
  | { oneOf: readonly string[] }
  | { listOf: Shape }
  | { mapOf: Shape }
  | { members: Record<string, Shape>; required?: readonly string[] };

/** Everything that keeps a value from having a shape. Of values only those of `oneOf` are quoted. */
export function checkShape(value: unknown, shape: Shape, path: string): Problem[] {
  const problem = (reason: string): Problem[] => [{ path, reason }];
  if (shape === "string" || shape === "boolean") {
    return typeof value === shape
      ? []
      : problem(`is ${kindOf(value)}: give a ${shape}${quotesHint(value, shape)}.`);
  }
  if (shape === "anything") {
    return [];
  }
  if (shape === "anyObject") {
    return isObject(value) ? [] : problem(`is ${kindOf(value)}: give an object.`);
  }
  if ("integer" in shape) {
    const [least, most] = shape.integer;
    const isInRange = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
    return isInRange ? [] : problem(`is no whole number from ${least} to ${most}.`);
  }
  if ("oneOf" in shape) {
    if (typeof value !== "string") {
      return problem(`is ${kindOf(value)}: give one of ${shape.oneOf.join(", ")}.`);
    }
    return shape.oneOf.includes(value)
      ? []
      : problem(
          `is ${quote(value)}${suggestion(value, shape.oneOf)}: give one of ${shape.oneOf.join(", ")}.`,
        );
  }
  if ("listOf" in shape) {
    return Array.isArray(value)
      ? value.flatMap((item, index) => checkShape(item, shape.listOf, `${path}[${index}]`))
      : problem(`is ${kindOf(value)}: give a list.`);
  }
  if (!isObject(value)) {
    return problem(`is ${kindOf(value)}: give an object.`);
  }
  if ("mapOf" in shape) {
    return Object.entries(value).flatMap(([key, item]) => checkShape(item, shape.mapOf, joinPath(path, key)));
  }
  return [
    ...unknownMembers(value, Object.keys(shape.members), path),
    ...(shape.required ?? [])
      .filter((member) => !Object.hasOwn(value, member))
      .map((member) => ({ path: joinPath(path, member), reason: "is missing." })),
    ...Object.entries(shape.members)
      .filter(([member]) => Object.hasOwn(value, member))
      .flatMap(([member, item]) => checkShape(value[member], item, joinPath(path, member))),
  ];
}

function quotesHint(value: unknown, shape: string): string {
  return shape === "string" && ["number", "boolean"].includes(typeof value) ? " (write it in quotes)" : "";
}
