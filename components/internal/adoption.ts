import type * as pulumi from "@pulumi/pulumi";
import { namespacesByKey } from "../lib/namespaces";
import { quote } from "../lib/problems";
import { argumentsError } from "./argumentsError";

/** What decides which existing Secrets are taken over. */
export interface AdoptionArgs {
  adopt?: boolean;
  secretName: string;
  isVersioned: boolean;
  namespace?: pulumi.Input<string>;
  namespaces?: Record<string, pulumi.Input<string>>;
}

/**
 * The ids under which existing Secrets are taken over, by namespace key; none unless that is asked for.
 *
 * @throws ResourceError in the name of `component` where the ids can't be told: they are plain in Pulumi
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
