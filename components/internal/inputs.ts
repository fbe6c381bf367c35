import * as pulumi from "@pulumi/pulumi";
import { describeProblems, joinPath, printable, printableLine, type Problem } from "../lib/problems";

/** Whether a value holds no Output and no Promise at any depth, so that it is known without waiting. */
export function isPlain<T>(value: pulumi.Input<T>): value is T & pulumi.Unwrap<T> {
  if (typeof value !== "object" || value === null) {
    return true;
  }
  if (pulumi.Output.isInstance(value) || value instanceof Promise) {
    return false;
  }
  return Object.values(value).every(isPlain);
}

/** `f` of the value: at once if the value itself is no Output or Promise, otherwise when it is known. */
export function mapInput<T, R>(value: pulumi.Input<T>, f: (value: T) => pulumi.Input<R>): pulumi.Input<R> {
  return pulumi.Output.isInstance(value) || value instanceof Promise
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
  promise(): Promise<unknown>;
  isKnown: Promise<boolean>;
}

/**
 * `value`, but not before `check` has passed; at a preview, a check of what is not known yet passes. The resources that
 * `check` has read are none of those that `value` depends on, or each Deployment would depend on everything.
 */
export function after<T>(check: pulumi.Output<unknown>, value: pulumi.Output<T>): pulumi.Output<T> {
  const passed = (check as unknown as OutputState).promise().then(() => undefined);
  return pulumi.all([value, passed]).apply(([known]) => known) as pulumi.Output<T>;
}

/**
 * The items of a map, none of which may be an Output, as they decide what is made. They are Inputs in the argument's type
 * only because the SDK that Pulumi generates for Go has no type for plain objects.
 *
 * @throws ResourceError in the name of `resource`
 */
export function requirePlain<T>(
  resource: pulumi.Resource,
  path: string,
  items: Record<string, pulumi.Input<T>>,
): Record<string, T> {
  for (const [key, item] of Object.entries(items)) {
    if (pulumi.Output.isInstance(item) || item instanceof Promise) {
      const reason = "is an Output: give a plain object, whose members may be Outputs.";
      throw new pulumi.ResourceError(printable(`${joinPath(path, key)}: ${reason}`), resource, true);
    }
  }
  return items as Record<string, T>;
}

/** Wrong arguments, shown in the name of `resource`, without a stack trace. */
class ArgumentsError extends pulumi.ResourceError {
  constructor(message: string, resource: pulumi.Resource) {
    super(message, resource, true);
    // The SDK writes the way that an error takes before its message, once for each resource that waits for it.
    Object.defineProperty(this, "message", { get: () => message, set: () => undefined });
  }
}

/**
 * What `check` makes of a value once it is known, and an error in the name of `resource` with all its problems if it has
 * any: whatever is made from the Output is then not registered.
 */
export function checked<T, R>(
  resource: pulumi.Resource,
  subject: string,
  value: pulumi.Input<T>,
  check: (value: pulumi.Unwrap<T>) => { result: R; problems: Problem[] },
): pulumi.Output<R> {
  const output: pulumi.Output<unknown> = pulumi.Output.isInstance(value) ? value : pulumi.output(value);
  return output.apply<R>((known) => {
    const { result, problems } = check(known as pulumi.Unwrap<T>);
    if (problems.length > 0) {
      throw new ArgumentsError(describeProblems(subject, problems), resource);
    }
    return result;
  });
}
