import type * as pulumi from "@pulumi/pulumi";
import type { PullSecretArgs } from "../args";
import { onlyNamespace } from "../lib/namespaces";
import type { Generations } from "../lib/secretContents";
import { type KnownLogins, mapLogins } from "./componentInputs";

interface WorkloadsPullSecretArgs extends PullSecretArgs {
  namespace?: pulumi.Input<string>;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The arguments that PrivateWorkloads gives its ImagePullSecret. */
export function pullSecretArgs(
  args: WorkloadsPullSecretArgs,
  logins: pulumi.Output<KnownLogins>,
  namespaceNames: Record<string, pulumi.Output<string>>,
): WorkloadsPullSecretArgs {
  const { secretName, rotation, createSecrets, expiryWarningDays, serviceAccounts, patchServiceAccounts } =
    args;
  return {
    ...(mapLogins(args, (_, argument) => logins.apply((known) => known[argument])) as PullSecretArgs),
    ...(args.namespaces ? { namespaces: namespaceNames } : { namespace: namespaceNames[onlyNamespace] }),
    secretName,
    rotation,
    createSecrets,
    expiryWarningDays,
    serviceAccounts,
    patchServiceAccounts,
    labels: args.labels,
    annotations: args.annotations,
  };
}

/** What PrivateWorkloads passes to its ImagePullSecret besides the arguments. */
export interface HandedDown {
  /** Ids of existing Secrets to take over, by namespace key. */
  adoptedIds: Record<string, string>;
  /**
   * The Namespaces, by key. Each Secret depends on its own and takes the namespace's name from the arguments. That way only
   * this Secret waits, and not everything computed from the names of all namespaces.
   */
  createdNamespaces: Record<string, pulumi.Resource>;
  /** The checked logins. */
  generations: pulumi.Output<Generations>;
}

const handedDown = new WeakMap<pulumi.Resource, HandedDown>();

/** Keeps what a component hands down to its child. A field or an argument would end up in the inferred schema. */
export function handDown(component: pulumi.Resource, things: HandedDown): void {
  handedDown.set(component, things);
}

/** What the parent hands down; undefined if the parent is not one of ours. */
export function handedDownBy(parent: pulumi.Resource | undefined): HandedDown | undefined {
  return parent && handedDown.get(parent);
}
