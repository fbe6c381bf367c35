import * as pulumi from "@pulumi/pulumi";
import { describeProblems, messageOf, type Problem } from "../lib/problems";
import { isObject } from "../lib/records";

/** All errors from {@link messageError}. They already say where they come from, and pass through unchanged. */
const explained = new WeakSet<object>();

/**
 * The error for wrong arguments of `subject`: all problems in one message, reported once, without a stack trace, against
 * `resource` if there is one.
 */
export function argumentsError(subject: string, problems: Problem[], resource?: pulumi.Resource): Error {
  return messageError(describeProblems(subject, problems), resource);
}

/**
 * An error that shows only its message, against `resource` if there is one.
 *
 * It has no stack, because the SDK formats the stack of any error that ends a program with `util.inspect`, even if it is not
 * shown: on Node.js 22 that takes half a minute and gigabytes for an Output's error.
 *
 * @see pulumi sdk/nodejs/cmd/run/run.ts uncaughtHandler, sdk/nodejs/cmd/run/error.ts
 */
export function messageError(message: string, resource?: pulumi.Resource): Error {
  const error =
    resource === undefined
      ? new pulumi.RunError(message)
      : new pulumi.ResourceError(message, resource, /* hideStack */ true);
  error.stack = "";
  // The SDK prepends the path that an error takes to its message, once for each resource that waits for it.
  Object.defineProperty(error, "message", { get: () => message, set: () => undefined });
  explained.add(error);
  return error;
}

/** The explained error for each original error, and the run of the program that it happened in. */
const explanations = new WeakMap<object, { run: unknown; error: Error }>();

/**
 * Explains an error at `path`. Returns the error itself if it is already explained, and the earlier explanation if the same
 * error already failed another argument of the program, such as one tag of twenty images.
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
  const before = isObject(error) ? explanations.get(error) : undefined;
  if (before !== undefined && before.run === run) {
    return before.error;
  }
  const explained = argumentsError(subject, [{ path, reason: `${what}: ${messageOf(error)}` }], resource);
  if (isObject(error)) {
    explanations.set(error, { run, error: explained });
  }
  return explained;
}

/** Whether an error comes from {@link messageError}. */
export function isExplained(error: unknown): error is Error {
  return typeof error === "object" && error !== null && explained.has(error);
}
