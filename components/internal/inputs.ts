import * as pulumi from "@pulumi/pulumi";
import { printableLine, type Problem } from "../lib/problems";
import { argumentsError, explainedError } from "./argumentsError";

/** Whether a value itself is an Output or a Promise. */
export function isInput(value: unknown): value is pulumi.Output<unknown> | Promise<unknown> {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** Whether a value holds no Output and no Promise at any depth, so that it is known without waiting. */
export function isPlain<T>(value: pulumi.Input<T>): value is T & pulumi.Unwrap<T> {
  if (typeof value !== "object" || value === null) {
    return true;
  }
  return !isInput(value) && Object.values(value).every(isPlain);
}

/** `f` of the value: at once if the value itself is no Output or Promise, otherwise when it is known. */
export function mapInput<T, R>(value: pulumi.Input<T>, f: (value: T) => pulumi.Input<R>): pulumi.Input<R> {
  return isInput(value)
    ? (pulumi.output(value).apply((known) => f(known as T)) as pulumi.Output<R>)
    : f(value);
}

/** A warning for each problem that is none yet, in the name of `resource`. */
export function warnOf(resource: pulumi.Resource, warnings: Problem[]): void {
  for (const { path, reason } of warnings) {
    void pulumi.log.warn(printableLine(`${path}: ${reason}`), resource);
  }
}

/** What the SDK keeps of an Output beside what it publishes. */
export interface OutputState {
  /** Resolves to undefined for a value that is not known. */
  promise: () => Promise<unknown>;
  isKnown: Promise<boolean>;
  isSecret: Promise<boolean>;
  /** All that the value comes from. */
  allResources: () => Promise<Set<pulumi.Resource>>;
}

export function stateOf(output: pulumi.Output<unknown>): OutputState {
  return output as unknown as OutputState;
}

/** What an Output holds, or undefined while that is not known. */
export async function ifKnown<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  const { isKnown, promise } = stateOf(output);
  return (await isKnown) ? (promise() as Promise<T>) : undefined;
}

/**
 * `value`, but not before `check` has passed; at a preview, a check of what is not known yet passes. The resources that
 * `check` has read are none of those that `value` depends on, or each Deployment would depend on everything.
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
 * What `check` makes of a value once it is known, and an error in the name of `resource` with all its problems if it has
 * any: whatever is made from the Output is then not registered. So it is with an exception of the check.
 */
export function checked<T, R>(
  resource: pulumi.Resource,
  subject: string,
  value: pulumi.Input<T>,
  check: (value: pulumi.Unwrap<T>) => Checked<R> | Promise<Checked<R>>,
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

/** What a check has made of a value, and what is wrong with it. */
export interface Checked<R> {
  result: R;
  problems: Problem[];
}

async function attempt<R>(
  subject: string,
  resource: pulumi.Resource,
  check: () => Checked<R> | Promise<Checked<R>>,
): Promise<Checked<R>> {
  try {
    return await check();
  } catch (error) {
    throw explainedError(error, subject, { path: "arguments", what: "could not be checked" }, resource);
  }
}
