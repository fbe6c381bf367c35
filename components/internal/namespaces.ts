import * as k8s from "@pulumi/kubernetes";
import { ownerHooks } from "./ownerHooks";
import * as pulumi from "@pulumi/pulumi";
import { checkPlacement, namespacesByKey, onlyNamespace } from "../lib/namespaces";
import { checkServiceAccounts, type ServiceAccounts } from "../lib/serviceAccounts";
import { checked } from "./inputs";

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

/** Where Secrets go, as the arguments of a component say it. */
export interface PlacementArgs extends ServiceAccounts {
  namespace?: pulumi.Input<string>;
  namespaces?: Record<string, pulumi.Input<string>>;
  createNamespace?: boolean;
  secretName: string;
  versioned: boolean;
}

/** The names of the namespaces by key, once they are known and checked. */
export function placementOf(
  component: pulumi.Resource,
  subject: string,
  { namespace, namespaces, createNamespace, secretName, versioned, ...accounts }: PlacementArgs,
): pulumi.Output<Record<string, string | undefined>> {
  // A list rather than the map itself, of which the SDK would lose the key `__proto__`.
  const names = pulumi.all(Object.values(namespaces ?? {}));
  return checked(component, subject, pulumi.all([namespace, names]), ([one, known]) => {
    const byKey = Object.fromEntries(Object.keys(namespaces ?? {}).map((key, index) => [key, known[index]]));
    const placement = { namespace: one, namespaces: namespaces && byKey, secretName };
    const result = namespacesByKey(placement);
    const problems = [
      ...checkPlacement(placement, createNamespace),
      ...checkServiceAccounts(accounts, Object.keys(result), versioned),
    ];
    return { result, problems };
  });
}

/**
 * The name in Pulumi of what is made in the namespace of a key. That of the key `default` is the one that a single
 * `namespace` gives, so that a stack can go on to several.
 */
export function childName(base: string, key: string, namespaces: object | undefined): string {
  return namespaces === undefined || key === onlyNamespace ? base : `${base}-${key}`;
}

/** What stacks of earlier versions call it. */
export function formerNames(
  base: string,
  key: string,
  namespaces: object | undefined,
  suffix = "",
): pulumi.Alias[] {
  return namespaces !== undefined && key === onlyNamespace ? [{ name: `${base}-${key}${suffix}` }] : [];
}
