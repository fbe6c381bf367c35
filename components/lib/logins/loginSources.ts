import type { Problem } from "../problems";
import { jsonTextOf } from "./jsonText";

/** The arguments that hold logins. */
export const loginArguments = [
  "registries",
  "dockerConfigJson",
  "previousRegistries",
  "previousDockerConfigJson",
] as const;

/** The logins of a component, in all the places where they can be given. */
export type LoginSources = { [Argument in (typeof loginArguments)[number]]?: unknown };

/** Whether a component makes Secrets of its own. Whether logins are given is known even if they are not. */
export function givesLogins({ registries, dockerConfigJson }: LoginSources): boolean {
  return registries !== undefined || dockerConfigJson !== undefined;
}

/** A problem for each argument that needs Secrets of the component's own, if all logins are in those created elsewhere. */
export function ownSecretProblems(args: Record<string, unknown>): Problem[] {
  return givesLogins(args)
    ? []
    : needOwnSecret
        .filter((argument) => args[argument] !== undefined && args[argument] !== false)
        .map((path) => ({
          path,
          reason:
            "needs logins in `registries` or `dockerConfigJson`: with `extraPullSecrets` alone no Secret is made.",
        }));
}

const needOwnSecret = [
  "previousRegistries",
  "previousDockerConfigJson",
  "adopt",
  "serviceAccounts",
  "patchServiceAccounts",
];

/** Whether it makes a second one, with the outgoing logins. */
export function givesOutgoingLogins({ previousRegistries, previousDockerConfigJson }: LoginSources): boolean {
  return previousRegistries !== undefined || previousDockerConfigJson !== undefined;
}

/** The values of all places, for {@link hidePasswords}. */
export function sourcesOf(logins: LoginSources): unknown[] {
  return loginArguments.map((argument) =>
    argument.endsWith("Json") ? jsonTextOf(logins[argument]) : logins[argument],
  );
}

/** Whether to create the Secrets, and what depends on it. */
export interface SecretCreation {
  /** Default true. */
  createSecrets?: boolean;
  adopt?: boolean;
  isVersioned: boolean;
}

/**
 * The problems of Secrets that are named here and created elsewhere.
 *
 * @param argument what says so, as its user knows it
 */
export function createdElsewhereProblems(
  { createSecrets, adopt, isVersioned }: SecretCreation,
  argument: string,
): Problem[] {
  if (createSecrets !== false) {
    return [];
  }
  const versioned =
    "needs rotation: inPlace: whoever creates the Secrets must know their names, and a versioned name changes with each rotation.";
  const adopted = `takes over a Secret, and with \`${argument}: false\` none is created here: drop one of the two.`;
  return [
    ...(isVersioned ? [{ path: argument, reason: versioned }] : []),
    ...(adopt ? [{ path: "adopt", reason: adopted }] : []),
  ];
}
