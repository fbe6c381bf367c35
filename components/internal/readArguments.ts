import * as pulumi from "@pulumi/pulumi";
import { isPlainObject, joinPath, messageOf, type Problem, withoutColours } from "../lib/problems";
import { checkShape, notYetKnown, type Shape, shapeAt } from "../lib/shape";
import { argumentsError, explainedError, isExplained } from "./argumentsError";
import { isInput, isPlain, stateOf } from "./inputs";

/**
 * The arguments of a component or a function, with every failure in words of its path: a value of the wrong shape, an
 * Output that rejects, whatever is thrown where a value is read. What is known at once fails here, and an Output where
 * it is used. Both fail by {@link argumentsError}, but for what comes from a component that has failed: that is told.
 *
 * @param resource the component; undefined for a function
 * @throws ResourceError or RunError with all problems of what is known at once
 */
export function readArguments<Args extends object>(
  subject: string,
  args: Args,
  shape: Shape,
  resource?: pulumi.Resource,
): SoundArguments<Args> {
  const unreadable: Problem[] = [];
  const outputs: pulumi.Output<unknown>[] = [];
  const { given, known } = reader(subject, unreadable, outputs, resource).members(args, "", shape);
  const problems = unreadable.length > 0 ? unreadable : checkShape(known, shape, "");
  if (problems.length > 0) {
    throw argumentsError(subject, problems, resource);
  }
  return { given: given as Args, sound: Promise.all(outputs.map((output) => stateOf(output).promise())) };
}

/** Arguments as they are used from here on. */
export interface SoundArguments<Args> {
  given: Args;
  /** Resolves when all Outputs among them are known to be sound, or not known at this preview. */
  sound: Promise<unknown>;
}

/** A value as it is used from here on, and what of it is known at once. */
interface Reading {
  given: unknown;
  known: unknown;
}

function reader(
  subject: string,
  unreadable: Problem[],
  outputs: pulumi.Output<unknown>[],
  resource: pulumi.Resource | undefined,
) {
  return { members };

  function read(value: unknown, path: string, shape: Shape): Reading {
    if (isInput(value)) {
      const given = isPlainShape(shape) ? silently(pulumi.output(value)) : guarded(value, path, shape);
      return { given, known: notYetKnown };
    }
    if (Array.isArray(value)) {
      const items = value.map((item: unknown, index) =>
        read(item, `${path}[${index}]`, shapeAt(shape, String(index))),
      );
      return { given: items.map(({ given }) => given), known: items.map(({ known }) => known) };
    }
    return isPlainObject(value) ? members(value, path, shape) : { given: value, known: value };
  }

  function members(of: object, path: string, shape: Shape): Reading {
    const readings = Object.keys(of).map((key): [string, Reading] => {
      const inner = joinPath(path, key);
      try {
        return [key, read((of as Record<string, unknown>)[key], inner, shapeAt(shape, key))];
      } catch (error) {
        unreadable.push({ path: inner, reason: `could not be read: ${messageOf(error)}` });
        return [key, { given: undefined, known: notYetKnown }];
      }
    });
    return {
      given: Object.fromEntries(readings.map(([key, { given }]) => [key, given])),
      known: Object.fromEntries(
        readings.filter(([, { known }]) => known !== undefined).map(([key, { known }]) => [key, known]),
      ),
    };
  }

  function guarded(input: pulumi.Input<unknown>, path: string, shape: Shape): pulumi.Output<unknown> {
    const output: pulumi.Output<unknown> = pulumi.output(input);
    const value = silently(output);
    const checked = (value: unknown): unknown => {
      const problems = value === undefined ? [] : checkShape(value, shape, path);
      if (problems.length > 0) {
        throw argumentsError(subject, problems, resource);
      }
      return value;
    };
    const sound = pulumi.output<unknown>(
      value.then(
        // What is not known in part is known in the rest, such as the servers of a Secret without its name.
        async (): Promise<unknown> => ((await stateOf(output).isKnown) ? output.apply(checked) : output),
        (error: unknown) => {
          throw explainedError(error, subject, { path, what: "could not be resolved" }, resource);
        },
      ),
    );
    outputs.push(sound);
    return sound;
  }
}

/** What an Output resolves to. Whoever waits for it hears of a rejection, and nobody else. */
export function silently(output: pulumi.Output<unknown>): Promise<unknown> {
  const { isKnown, isSecret, promise } = stateOf(output);
  const value = promise();
  for (const part of [value, isKnown, isSecret]) {
    part.catch(() => undefined);
  }
  return value;
}

/**
 * The arguments as the inputs of their component, which is registered whatever is wrong with them, as their error is
 * shown in its name: what rejects or can't be read is left out, and so is what `hidden` names.
 */
export function componentInputs<Args extends object>(args: Args, ...hidden: (keyof Args)[]): Args {
  const read = (member: string): unknown => {
    try {
      const value = withoutColours((args as Record<string, unknown>)[member]);
      return isPlain(value) ? value : withoutRejection(pulumi.output(value));
    } catch {
      return undefined;
    }
  };
  return Object.fromEntries(
    Object.keys(args)
      .filter((member) => !hidden.includes(member as keyof Args))
      .map((member) => [member, read(member)]),
  ) as Args;
}

/** What the arguments of several components have in common. */
interface Logins {
  registries?: pulumi.Input<unknown>;
  previousRegistries?: pulumi.Input<unknown>;
}

/** The arguments with logins that are secret as a whole, however they are given. */
export function withSecretLogins<Args extends Logins>(args: Args): Args {
  const { registries, previousRegistries } = args;
  return {
    ...args,
    ...(registries !== undefined && { registries: pulumi.secret(registries) }),
    ...(previousRegistries !== undefined && { previousRegistries: pulumi.secret(previousRegistries) }),
  };
}

/** `output`, or undefined if it rejects; but not if it comes from a component that has failed, which leads to no other. */
function withoutRejection(output: pulumi.Output<unknown>): pulumi.Output<unknown> {
  return pulumi.output(
    silently(output).then(
      () => output,
      (error: unknown) => {
        if (isExplained(error)) {
          throw error;
        }
        return undefined;
      },
    ),
  );
}

function isPlainShape(shape: Shape): boolean {
  return typeof shape === "object" && "plain" in shape;
}
