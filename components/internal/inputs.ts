import * as pulumi from "@pulumi/pulumi";
import { printableLine, type Problem } from "../lib/problems";
import { argumentsError, explainedError } from "./argumentsError";

/** Whether the value itself is an Output or a Promise. */
export function isInput(value: unknown): value is pulumi.Output<unknown> | Promise<unknown> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** Whether a value contains no Output or Promise at any depth, so that it is known without waiting. */
export function isPlain<T>(value: pulumi.Input<T>): value is T & pulumi.Unwrap<T> {
  if (typeof value !== "object" || value === null) {
    return true;
  }
  return !isInput(value) && Object.values(value).every(isPlain);
}

/** Applies `f` to the value: at once, unless the value itself is an Output or a Promise. */
export function mapInput<T, R>(value: pulumi.Input<T>, f: (value: T) => pulumi.Input<R>): pulumi.Input<R> {
  return isInput(value)
    ? (pulumi.output(value).apply((known) => f(known as T)) as pulumi.Output<R>)
    : f(value);
}

/** Logs each warning against `resource`. */
export function logWarnings(resource: pulumi.Resource, warnings: Problem[]): void {
  for (const { path, reason } of warnings) {
    void pulumi.log.warn(printableLine(`${path}: ${reason}`), resource);
  }
}

/** The SDK's internal state of an Output. */
export interface OutputState {
  /** Resolves to undefined if the value is not known. */
  promise: () => Promise<unknown>;
  isKnown: Promise<boolean>;
  isSecret: Promise<boolean>;
  /** All resources that the value depends on. */
  allResources: () => Promise<Set<pulumi.Resource>>;
}

export function stateOf(output: pulumi.Output<unknown>): OutputState {
  return output as unknown as OutputState;
}

/** The value of an Output, or undefined if it is not known. */
export async function valueIfKnown<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  const { isKnown, promise } = stateOf(output);
  return (await isKnown) ? (promise() as Promise<T>) : undefined;
}

/**
 * `value`, once `check` has passed. A check of values that a preview does not know passes. `value` does not inherit the
 * dependencies of `check`, or each Deployment would depend on everything.
 */
export function after<T>(
  check: pulumi.Output<unknown> | Promise<unknown>,
  value: pulumi.Output<T>,
): pulumi.Output<T> {
  const promise = pulumi.Output.isInstance(check) ? stateOf(check).promise() : check;
  const passed = promise.then(() => undefined);
  return pulumi.all([value, passed]).apply(([known]) => known) as pulumi.Output<T>;
}

/**
 * The result of `check` on a value, once known. If there are problems, or the check throws, the Output fails with an error
 * against `resource`, and nothing made from it is registered.
 */
export function applyCheck<T, R>(
  resource: pulumi.Resource,
  subject: string,
  value: pulumi.Input<T>,
  check: (value: pulumi.Unwrap<T>) => CheckResult<R> | Promise<CheckResult<R>>,
): pulumi.Output<R> {
  const output: pulumi.Output<unknown> = pulumi.Output.isInstance(value) ? value : pulumi.output(value);
  return output.apply<R>(async (known) => {
    const { result, problems } = await attempt(subject, resource, () => check(known as pulumi.Unwrap<T>));
    if (problems.length > 0) {
      throw argumentsError(subject, problems, resource);
    }
    return result;
  });
}

/** The result of a check, and the problems it found. */
export interface CheckResult<R> {
  result: R;
  problems: Problem[];
}

async function attempt<R>(
  subject: string,
  resource: pulumi.Resource,
  check: () => CheckResult<R> | Promise<CheckResult<R>>,
): Promise<CheckResult<R>> {
  try {
    return await check();
  } catch (error) {
    throw explainedError(error, subject, { path: "arguments", what: "could not be checked" }, resource);
  }
}
