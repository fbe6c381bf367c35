import type * as pulumi from "@pulumi/pulumi";
import { namespacesByKey } from "../lib/namespaces";
import { quote } from "../lib/problems";
import { argumentsError } from "./argumentsError";

/** Which existing Secrets to take over. */
export interface AdoptionArgs {
  adopt?: boolean;
  secretName: string;
  isVersioned: boolean;
  namespace?: pulumi.Input<string>;
  namespaces?: Record<string, pulumi.Input<string>>;
}

/**
 * The ids of the existing Secrets to take over, by namespace key; empty unless `adopt` is set.
 *
 * @throws ResourceError against `component` if an id can't be known up front, as Pulumi requires
 */
export function adoptedIds(
  component: pulumi.Resource,
  subject: string,
  { adopt, secretName, isVersioned, ...placement }: AdoptionArgs,
): Record<string, string> {
  if (adopt !== true) {
    return {};
  }
  const refuse = (reason: string): never => {
    throw argumentsError(subject, [{ path: "adopt", reason }], component);
  };
  if (isVersioned) {
    refuse(
      "adopts a Secret under its existing name, which a versioned Secret never keeps: use rotation: inPlace, then switch to versioned (docs/adopt.md).",
    );
  }
  return Object.fromEntries(
    Object.entries<pulumi.Input<string> | undefined>(namespacesByKey(placement)).map(([key, namespace]) =>
      typeof namespace === "string"
        ? [key, `${namespace}/${secretName}`]
        : refuse(
            `needs the name of the namespace ${quote(key)} as a plain string, because it is part of the Secret's ID.`,
          ),
    ),
  );
}
