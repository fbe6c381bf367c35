import { noneOf } from "./logins/missingMembers";
import { joinPath, type Problem, quote } from "./problems";
import { isPlainObject, isRecord, kindOf } from "./records";
import { suggestion, unknownMembers } from "./suggestions";

/** What a value may be. */
export type Shape =
  | "string"
  | "boolean"
  | "anything"
  | "anyObject"
  | { integer: [least: number, most: number] }
  | { oneOf: readonly string[] }
  | { text: Rule }
  | { plain: Shape } // not an Output
  | { listOf: Shape; ifEmpty?: string }
  | { mapOf: Shape; keys?: Rule }
  | {
      members: Record<string, Shape>;
      required?: readonly string[];
      exactlyOne?: readonly string[];
      atLeastOne?: readonly [string, string, ...string[]];
      mayHaveOthers?: boolean;
    };

/** Returns why a text is refused, or undefined. */
type Rule = (text: string) => string | undefined;

/** Deeper than any Kubernetes object. */
export const maxDepth = 64;

/** Placeholder for a value that is not known yet: it has every shape but a plain one. */
export const notYetKnown = Symbol("not yet known");

/** The shape of the member at a key. */
export function shapeAt(shape: Shape, key: string): Shape {
  if (typeof shape === "string") {
    return "anything";
  }
  if ("plain" in shape) {
    return shapeAt(shape.plain, key);
  }
  if ("listOf" in shape) {
    return shape.listOf;
  }
  if ("mapOf" in shape) {
    return shape.mapOf;
  }
  const members = "members" in shape ? shape.members : {};
  return Object.hasOwn(members, key) ? (members[key] as Shape) : "anything";
}

/** Whether the member at a key is required. */
export function isRequiredAt(shape: Shape, key: string): boolean {
  if (typeof shape === "string") {
    return false;
  }
  if ("plain" in shape) {
    return isRequiredAt(shape.plain, key);
  }
  if (!("members" in shape)) {
    return "listOf" in shape;
  }
  // Logins of shape "anything" must not resolve to undefined: whether they are given decides which Secrets exist.
  const isLogins = Object.hasOwn(shape.members, key) && shape.members[key] === "anything";
  return isLogins || (shape.required ?? []).includes(key);
}

/** Whether a value of the shape must be known at once. */
export function isPlainShape(shape: Shape): boolean {
  return typeof shape === "object" && "plain" in shape;
}

/** All problems of a value against a shape. Messages show only numbers, and texts that must follow a rule. */
export function checkShape(value: unknown, shape: Shape, path: string): Problem[] {
  const problem = (reason: string): Problem[] => [{ path, reason }];
  if (typeof shape === "object" && "plain" in shape) {
    return value === notYetKnown
      ? problem(`is an Output: ${plainHint(shape.plain)}.`)
      : checkShape(value, shape.plain, path);
  }
  if (value === notYetKnown) {
    return [];
  }
  if (shape === "string" || shape === "boolean") {
    return typeof value === shape
      ? []
      : problem(`is ${kindOf(value)}: give a ${shape}${quotesHint(value, shape)}.`);
  }
  if (shape === "anything") {
    return [];
  }
  if (shape === "anyObject") {
    if (!isRecord(value)) {
      return problem(`is ${kindOf(value)}: give an object.`);
    }
    return isDeeper(value, maxDepth)
      ? problem(`is nested deeper than ${maxDepth} levels.`)
      : unwritable(value, path);
  }
  if ("integer" in shape) {
    const [least, most] = shape.integer;
    const isInRange = Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
    const shown = typeof value === "number" ? String(value) : kindOf(value);
    return isInRange ? [] : problem(`is ${shown}: give a whole number from ${least} to ${most}.`);
  }
  if ("text" in shape) {
    if (typeof value !== "string") {
      return checkShape(value, "string", path);
    }
    const reason = shape.text(value);
    return reason === undefined ? [] : problem(reason);
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
    if (!Array.isArray(value)) {
      return problem(`is ${kindOf(value)}: give a list.`);
    }
    return value.length === 0 && shape.ifEmpty !== undefined
      ? problem(shape.ifEmpty)
      : value.flatMap((item, index) => checkShape(item, shape.listOf, `${path}[${index}]`));
  }
  if (!isRecord(value)) {
    return problem(`is ${kindOf(value)}: give an object.`);
  }
  if ("mapOf" in shape) {
    return Object.entries(value).flatMap(([key, item]) => {
      const reason = shape.keys?.(key);
      const inner = joinPath(path, key);
      return [
        ...(reason === undefined ? [] : [{ path: inner, reason: `the key ${reason}` }]),
        ...checkShape(item, shape.mapOf, inner),
      ];
    });
  }
  const ofOne = (shape.exactlyOne ?? []).filter((member) => Object.hasOwn(value, member));
  return [
    ...(shape.exactlyOne === undefined || ofOne.length === 1
      ? []
      : problem(`has ${ofOne.length} of ${shape.exactlyOne.join(", ")}: give one of them.`)),
    ...noneOf(value, shape.atLeastOne, path),
    ...(shape.mayHaveOthers ? [] : unknownMembers(value, Object.keys(shape.members), path)),
    ...(shape.required ?? [])
      .filter((member) => !Object.hasOwn(value, member))
      .map((member) => ({ path: joinPath(path, member), reason: "is missing." })),
    ...Object.entries(shape.members)
      .filter(([member]) => Object.hasOwn(value, member))
      .flatMap(([member, item]) => checkShape(value[member], item, joinPath(path, member))),
  ];
}

function isDeeper(value: unknown, levels: number): boolean {
  return (
    (Array.isArray(value) || isPlainObject(value)) &&
    (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)))
  );
}

/** Values that a manifest can't hold: the SDK silently drops some of them, and the engine fails on the rest. */
function unwritable(value: unknown, path: string): Problem[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => unwritable(item, `${path}[${index}]`));
  }
  if (isPlainObject(value)) {
    return Object.entries(value).flatMap(([key, item]) => unwritable(item, joinPath(path, key)));
  }
  const isWritable =
    [undefined, null, notYetKnown].includes(value as null) ||
    ["string", "boolean"].includes(typeof value) ||
    Number.isFinite(value);
  const shown = typeof value === "number" ? String(value) : kindOf(value);
  return isWritable
    ? []
    : [{ path, reason: `is ${shown}: give an object, a list, a string, a number or a boolean.` }];
}

function plainHint(shape: Shape): string {
  return typeof shape === "object" && "members" in shape
    ? "give a plain object, whose members may be Outputs"
    : "give a plain value, because it decides what is created";
}

function quotesHint(value: unknown, shape: string): string {
  return shape === "string" && ["number", "boolean"].includes(typeof value) ? " (write it in quotes)" : "";
}
