import type * as pulumi from "@pulumi/pulumi";

/** The names of a namespace's pull Secrets, current first, by namespace key. */
export type SecretNames = Record<string, pulumi.Output<string>[]>;

const secretNames = new WeakMap<pulumi.Resource, SecretNames>();

/** Keeps the names that a component made, as schema inference would publish any field of it. */
export function rememberSecretNames(component: pulumi.Resource, names: SecretNames): void {
  secretNames.set(component, names);
}

/**
 * The names that a component made, each an Output of its own Secret alone. Of `references` every item depends on all
 * Secrets, and so would each workload of a namespace on those of all the others, in its state and in each update.
 */
export function ownSecretNames(component: pulumi.Resource): SecretNames {
  return secretNames.get(component) ?? {};
}
