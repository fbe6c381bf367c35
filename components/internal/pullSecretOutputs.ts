import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "../args";
import { shownNames } from "./namespaces";

/** The outputs of a component that tell what its pull Secrets are. */
export interface PullSecretOutputs {
  secretName: pulumi.Output<string>;
  reference: pulumi.Output<PullSecretReference>;
  references: pulumi.Output<Record<string, PullSecretReference>>;
  namespaces: pulumi.Output<Record<string, string>>;
  servers: pulumi.Output<string[]>;
}

/** The outputs if all logins are in Secrets created elsewhere, so that there is no Secret of its own. */
export function outputsWithoutSecret(
  namespaceNames: Record<string, pulumi.Output<string>>,
): PullSecretOutputs {
  const none = (): PullSecretReference => ({ secretNames: [], servers: [] });
  const keys = Object.keys(namespaceNames);
  return {
    secretName: pulumi.output(""),
    reference: pulumi.output(none()),
    references: pulumi.output(Object.fromEntries(keys.map((key) => [key, none()]))),
    namespaces: shownNames(pulumi.output(namespaceNames), keys),
    servers: pulumi.output<string[]>([]),
  };
}
