import * as pulumi from "@pulumi/pulumi";
import { describeProblems, messageOf, type Problem } from "../lib/problems";
import { isObject } from "../lib/records";

/** All errors that {@link argumentsError} has made: they say where they come from, and pass as they are. */
const explained = new WeakSet<object>();

/**
 * The error for wrong arguments of `subject`: all problems in one message, told once, without a stack trace; in the name
 * of `resource` if there is one.
 */
export function argumentsError(subject: string, problems: Problem[], resource?: pulumi.Resource): Error {
  return messageError(describeProblems(subject, problems), resource);
}

/**
 * An error that is shown as its message alone, in the name of `resource` if there is one.
 *
 * It has no stack, as the SDK formats the stack of whatever ends a program with `util.inspect`, also where it is not
 * shown: on Node.js 22 that takes half a minute and gigabytes for an error of an Output.
 *
 * @see pulumi sdk/nodejs/cmd/run/run.ts uncaughtHandler, sdk/nodejs/cmd/run/error.ts
 */
export function messageError(message: string, resource?: pulumi.Resource): Error {
  const error =
    resource === undefined
      ? new pulumi.RunError(message)
      : new pulumi.ResourceError(message, resource, /* hideStack */ true);
  error.stack = "";
  // The SDK writes the way that an error takes before its message, once for each resource that waits for it.
  Object.defineProperty(error, "message", { get: () => message, set: () => undefined });
  explained.add(error);
  return error;
}

/** The errors for what has failed, by that and the run of a program that it has failed in. */
const told = new WeakMap<object, { run: unknown; error: Error }>();

/**
 * The error for what has failed at `path`: the same one if it is explained already, or if the same error has failed
 * another argument of the program, such as one tag of twenty images.
 */
export function explainedError(
  error: unknown,
  subject: string,
  { path, what }: { path: string; what: string },
  resource?: pulumi.Resource,
): Error {
  if (isExplained(error)) {
    return error;
  }
  const run: unknown = pulumi.runtime.getMonitor();
  const before = isObject(error) ? told.get(error) : undefined;
  if (before !== undefined && before.run === run) {
    return before.error;
  }
  const explained = argumentsError(subject, [{ path, reason: `${what}: ${messageOf(error)}` }], resource);
  if (isObject(error)) {
    told.set(error, { run, error: explained });
  }
  return explained;
}

/** Whether an error is one of {@link argumentsError}. */
export function isExplained(error: unknown): error is Error {
  return typeof error === "object" && error !== null && explained.has(error);
}
