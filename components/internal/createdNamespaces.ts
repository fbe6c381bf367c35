import type * as pulumi from "@pulumi/pulumi";

/** The Namespaces that a component makes, by namespace key. */
export type CreatedNamespaces = Record<string, pulumi.Resource>;

const created = new WeakMap<pulumi.Resource, CreatedNamespaces>();

/** Keeps the Namespaces that a component makes for its children, as schema inference would publish any field of it. */
export function rememberNamespaces(component: pulumi.Resource, namespaces: CreatedNamespaces): void {
  created.set(component, namespaces);
}

/**
 * The Namespaces that a component makes. A child that waits for the one it is in can take its name from the arguments: then
 * only this child waits, and not all that is computed from the names of all namespaces.
 */
export function namespacesCreatedBy(component: pulumi.Resource | undefined): CreatedNamespaces {
  return (component && created.get(component)) ?? {};
}
