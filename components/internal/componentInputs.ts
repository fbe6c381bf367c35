import * as pulumi from "@pulumi/pulumi";
import type { RegistryCredentialArgs } from "../args";
import { withoutColours } from "../lib/problems";
import type { Logins } from "../lib/pullPlan";
import { isExplained } from "./argumentsError";
import { isInput, stateOf } from "./inputs";
import { isLiteral, outputOf, resolved } from "./silentOutputs";

/**
 * The arguments as the inputs of their component, which is registered whatever is wrong with them, as their error is
 * shown in its name: what rejects or can't be read is left out, and so is what `hidden` names.
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

/** A value with what may reject left out of it; what is known of a part stays known. */
function readable(value: unknown): unknown {
  if (isInput(value)) {
    return withoutRejection(value);
  }
  if (Array.isArray(value)) {
    return value.map(readable);
  }
  return isLiteral(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, readable(inner)]))
    : value;
}

function membersOf(args: unknown): string[] {
  try {
    return isLiteral(args) ? Object.keys(args) : [];
  } catch {
    return [];
  }
}

/** What the arguments of several components have in common. */
interface LoginArgs {
  registries?: pulumi.Input<unknown>;
  previousRegistries?: pulumi.Input<unknown>;
}

/** The arguments with logins that are secret as a whole, however they are given. */
export function withSecretLogins<Args extends LoginArgs>(args: Args): Args {
  const { registries, previousRegistries } = args;
  return {
    ...args,
    ...(registries !== undefined && { registries: pulumi.secret(registries) }),
    ...(previousRegistries !== undefined && { previousRegistries: pulumi.secret(previousRegistries) }),
  };
}

/** The logins of a component, once they are known. */
export interface KnownLogins extends Logins {
  registries: pulumi.Unwrap<RegistryCredentialArgs>[];
  previousRegistries?: pulumi.Unwrap<RegistryCredentialArgs>[];
}

/** The logins in the arguments of a component, secret as a whole. */
export function loginsOf({
  registries,
  previousRegistries,
  extraPullSecrets,
}: LoginArgs & { extraPullSecrets?: pulumi.Input<unknown> }): pulumi.Output<KnownLogins> {
  const logins: pulumi.Output<unknown> = pulumi.secret({ registries, previousRegistries, extraPullSecrets });
  return logins as pulumi.Output<KnownLogins>;
}

/** `input`, or undefined if it rejects; but not if it comes from a component that has failed, which leads to no other. */
function withoutRejection(input: pulumi.Input<unknown>): pulumi.Output<unknown> {
  return pulumi.output(
    resolved(outputOf(input)).then(
      // What is not known in part is known in the rest.
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
