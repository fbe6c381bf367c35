import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkPlacement, namespacesByKey, onlyNamespace } from "../lib/namespaces";
import { checkServiceAccounts, type ServiceAccounts } from "../lib/serviceAccounts";
import { after, checked, stateOf } from "./inputs";
import { ownerHooks } from "./ownerHooks";

/** Where Secrets go, as the arguments of a component say it. */
export interface NamespaceArgs extends ServiceAccounts {
  namespace?: pulumi.Input<string>;
  namespaces?: Record<string, pulumi.Input<string>>;
  createNamespace?: boolean;
  secretName: string;
  isVersioned: boolean;
}

/** The names of the namespaces by key, undefined for that of the provider, once they are known and checked. */
export function checkNamespaces(
  component: pulumi.Resource,
  subject: string,
  { namespace, namespaces, createNamespace, secretName, isVersioned, ...accounts }: NamespaceArgs,
): pulumi.Output<Record<string, string | undefined>> {
  // A list rather than the map itself, of which the SDK would lose the key `__proto__`.
  const names = pulumi.all(Object.values(namespaces ?? {}));
  return checked(component, subject, pulumi.all([namespace, names]), ([one, known]) => {
    const byKey = Object.fromEntries(Object.keys(namespaces ?? {}).map((key, index) => [key, known[index]]));
    const placement = { namespace: one, namespaces: namespaces && byKey, secretName };
    const result = namespacesByKey(placement);
    const problems = [
      ...checkPlacement(placement, createNamespace),
      ...checkServiceAccounts(accounts, Object.keys(result), isVersioned),
    ];
    return { result, problems };
  });
}

/** The names of the namespaces by key, each known once the checks have passed and the stack's state can be read. */
export function namesAfter(
  checks: pulumi.Output<unknown>,
  canReadState: Promise<unknown>,
  args: { namespace?: pulumi.Input<string>; namespaces?: Record<string, pulumi.Input<string>> },
): Record<string, pulumi.Output<string>> {
  const areReady = Promise.all([canReadState, stateOf(checks).promise()]);
  return Object.fromEntries(
    Object.entries(namespacesByKey(args)).map(([key, namespace]) => [
      key,
      after(areReady, pulumi.output(namespace)) as pulumi.Output<string>,
    ]),
  );
}

/** Arguments that Namespaces take over from their component. */
export interface CreatedNamespacesArgs {
  namespaces?: Record<string, pulumi.Input<string>>;
  protectNamespaces?: boolean;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The Namespaces of a component, by key. */
export function createNamespaces(
  parent: pulumi.Resource,
  component: string,
  { namespaces, protectNamespaces = true, labels, annotations }: CreatedNamespacesArgs,
  namespaceNames: Record<string, pulumi.Output<string>>,
): Record<string, k8s.core.v1.Namespace> {
  return Object.fromEntries(
    Object.entries(namespaceNames).map(([key, name]) => {
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
}

/** The names of Namespaces, each an Output of its own. */
export function namesOf(
  namespaces: Record<string, k8s.core.v1.Namespace>,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(Object.entries(namespaces).map(([key, { metadata }]) => [key, metadata.name]));
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
