import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { childName, formerNames } from "./childNames";
import { ownerHooks } from "./ownerHooks";

/** The Namespaces that a component makes, by namespace key. */
export type CreatedNamespaces = Record<string, pulumi.Resource>;

const created = new WeakMap<pulumi.Resource, CreatedNamespaces>();

/** Arguments that Namespaces take over from their component. */
export interface CreatedNamespacesArgs {
  namespaces?: Record<string, pulumi.Input<string>>;
  protectNamespaces?: boolean;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Makes the Namespaces of a component, and keeps them for its children: schema inference would publish any field of it.
 *
 * @param names the names of the Namespaces by key
 * @returns the same, each an Output of its Namespace
 */
export function createNamespaces(
  parent: pulumi.Resource,
  component: string,
  { namespaces, protectNamespaces = true, labels, annotations }: CreatedNamespacesArgs,
  names: Record<string, pulumi.Output<string>>,
): Record<string, pulumi.Output<string>> {
  const made = Object.fromEntries(
    Object.entries(names).map(([key, name]) => {
      const resourceName = childName(component, key, namespaces);
      const namespace = new k8s.core.v1.Namespace(
        resourceName,
        { metadata: { name, labels, annotations } },
        {
          parent,
          protect: protectNamespaces,
          aliases: formerNames(component, key, namespaces),
          hooks: ownerHooks("kubernetes:core/v1:Namespace", resourceName, component),
        },
      );
      return [key, namespace];
    }),
  );
  created.set(parent, made);
  return Object.fromEntries(Object.entries(made).map(([key, { metadata }]) => [key, metadata.name]));
}

/**
 * The Namespaces that a component makes. A child that waits for the one it is in can take its name from the arguments: then
 * only this child waits, and not all that is computed from the names of all namespaces.
 */
export function namespacesCreatedBy(component: pulumi.Resource | undefined): CreatedNamespaces {
  return (component && created.get(component)) ?? {};
}
