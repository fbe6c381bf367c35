import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "../args";
import { ownMember } from "../lib/records";
import { distinctPullSecrets, type PullSecrets, referencedNames } from "./imagePullSecrets";
import { after, stateOf } from "./inputs";
import { secretNamesOf } from "./secrets";

/**
 * The pull Secrets that each namespace's Deployments list, by namespace key: the component's own, then those created
 * elsewhere. This is the barrier of a rotation: no Deployment rolls before the new Secrets exist in all namespaces.
 *
 * The namespaces pass it one after another, so that the engine works on the first Deployments while the program prepares the others.
 *
 * @param pullSecret undefined if all logins are in Secrets created elsewhere
 * @param plan the checks without which no Deployment rolls
 */
export function listedPullSecrets(
  pullSecret: (pulumi.Resource & { references: pulumi.Output<unknown> }) | undefined,
  plan: pulumi.Output<unknown>,
  extraPullSecrets: pulumi.Input<pulumi.Input<PullSecretReference>[]> | undefined,
  namespaceKeys: readonly string[],
): Record<string, pulumi.Output<PullSecrets>> {
  const extraSecretNames = after(pullSecret?.references ?? plan, referencedNames(extraPullSecrets));
  const ownSecretNames = pullSecret === undefined ? {} : secretNamesOf(pullSecret);
  let turn: Promise<unknown> = stateOf(extraSecretNames).promise();
  return Object.fromEntries(
    namespaceKeys.map((key) => {
      const secretNames = ownMember(ownSecretNames, key) ?? [];
      turn = turn.then(() => setImmediate());
      const lists = after(turn, pulumi.output([secretNames, extraSecretNames]));
      return [key, lists.apply((names) => distinctPullSecrets(names.flat()))];
    }),
  );
}
