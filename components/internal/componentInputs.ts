import * as pulumi from "@pulumi/pulumi";
import type { RegistryCredentialArgs } from "../args";
import { loginArguments } from "../lib/logins/loginSources";
import { withoutColours } from "../lib/problems";
import type { Logins } from "../lib/pullPlan";
import { maxDepth } from "../lib/shape";
import { isExplained } from "./argumentsError";
import { isInput, stateOf } from "./inputs";
import { isLiteral, outputOf, resolved } from "./silentOutputs";

/**
 * The arguments as the component's inputs, without the members in `hidden` and those that reject or can't be read. The
 * component is registered even if its arguments are wrong, so that their error can be shown against it.
 */
export function componentInputs<Args extends object>(args: Args, ...hidden: (keyof Args)[]): Args {
  const read = (member: string): unknown => {
    try {
      return withoutColours(readable((args as Record<string, unknown>)[member]));
    } catch {
      return undefined;
    }
  };
  return Object.fromEntries(
    membersOf(args)
      .filter((member) => !hidden.includes(member as keyof Args))
      .map((member) => [member, read(member)]),
  ) as Args;
}

/** Leaves out what may reject; whatever of a part is known stays known. Throws if it is nested too deeply for the engine. */
function readable(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) {
    throw new RangeError();
  }
  if (isInput(value)) {
    return withoutRejection(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => readable(item, depth + 1));
  }
  return isLiteral(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner, depth + 1)]))
    : value;
}

function membersOf(args: unknown): string[] {
  try {
    return isLiteral(args) ? Object.keys(args) : [];
  } catch {
    return [];
  }
}

type LoginArgument = (typeof loginArguments)[number];
type LoginArgs = { [Argument in LoginArgument]?: pulumi.Input<unknown> };

/** The arguments with all logins marked secret as a whole. */
export function withSecretLogins<Args extends LoginArgs>(args: Args): Args {
  return { ...args, ...mapLogins(args, (value) => pulumi.secret(value)) };
}

/** The arguments that hold logins, each changed; those that are not given stay so. */
export function mapLogins<T>(
  args: LoginArgs,
  change: (value: pulumi.Input<unknown>, argument: LoginArgument) => T,
): { [Argument in LoginArgument]?: T } {
  return Object.fromEntries(
    loginArguments
      .filter((argument) => args[argument] !== undefined)
      .map((argument) => [argument, change(args[argument], argument)]),
  );
}

/** A component's logins, once known. */
export interface KnownLogins extends Logins {
  registries?: pulumi.Unwrap<RegistryCredentialArgs>[];
  dockerConfigJson?: string;
  previousRegistries?: pulumi.Unwrap<RegistryCredentialArgs>[];
  previousDockerConfigJson?: string;
}

/** The logins in a component's arguments, secret as a whole. */
export function secretLogins(
  args: LoginArgs & { extraPullSecrets?: pulumi.Input<unknown> },
): pulumi.Output<KnownLogins> {
  const { extraPullSecrets } = args;
  const logins: pulumi.Output<unknown> = pulumi.secret({
    ...mapLogins(args, (value) => value),
    extraPullSecrets,
  });
  return logins as pulumi.Output<KnownLogins>;
}

/** `input`, or undefined if it rejects. An error that another component has already explained still rejects. */
function withoutRejection(input: pulumi.Input<unknown>): pulumi.Output<unknown> {
  return pulumi.output(
    resolved(outputOf(input)).then(
      // The known parts of a partly unknown value stay known.
      async (output) => ((await stateOf(output).isKnown) ? output.apply(withoutColours) : output),
      (error: unknown) => {
        if (isExplained(error)) {
          throw error;
        }
        return undefined;
      },
    ),
  );
}
