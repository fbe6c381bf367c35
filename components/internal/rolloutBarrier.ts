import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "../args";
import { distinctPullSecrets, type PullSecrets, referencedNames } from "./imagePullSecrets";
import { after } from "./inputs";
import { secretNamesOf } from "./secrets";

/**
 * The pull Secrets that each namespace's Deployments list, by namespace key: the component's own, then those created
 * elsewhere. This is the barrier of a rotation: no Deployment rolls before the new Secrets exist in all namespaces.
 */
export function listedPullSecrets(
  pullSecret: pulumi.Resource & { references: pulumi.Output<unknown> },
  extraPullSecrets: pulumi.Input<pulumi.Input<PullSecretReference>[]> | undefined,
): Record<string, pulumi.Output<PullSecrets>> {
  const extraSecretNames = after(pullSecret.references, referencedNames(extraPullSecrets));
  return Object.fromEntries(
    Object.entries(secretNamesOf(pullSecret)).map(([key, secretNames]) => {
      const lists = pulumi.output([secretNames, extraSecretNames]);
      return [key, lists.apply((names) => distinctPullSecrets(names.flat()))];
    }),
  );
}
