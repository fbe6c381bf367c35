import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { createdElsewhereProblems, type SecretCreation } from "../lib/logins/loginSources";
import { checkPlacement, namespacesByKey, onlyNamespace } from "../lib/namespaces";
import { ownMember } from "../lib/records";
import { checkServiceAccounts, type ServiceAccounts } from "../lib/serviceAccounts";
import { after, applyCheck, stateOf } from "./inputs";
import { ownerHooks } from "./objectOwners";

/** The arguments of a component that say where Secrets go. */
export interface NamespaceArgs extends ServiceAccounts, SecretCreation {
  namespace?: pulumi.Input<string>;
  namespaces?: Record<string, pulumi.Input<string>>;
  createNamespace?: boolean;
  secretName: string;
}

/** The checked names of the namespaces, by key; undefined for the provider's. */
export function checkNamespaces(
  component: pulumi.Resource,
  subject: string,
  { namespace, namespaces, createNamespace, secretName, ...args }: NamespaceArgs,
): pulumi.Output<Record<string, string | undefined>> {
  // A list, because the SDK would lose the key `__proto__` of a map.
  const names = pulumi.all(Object.values(namespaces ?? {}));
  return applyCheck(component, subject, pulumi.all([namespace, names]), ([one, known]) => {
    const byKey = Object.fromEntries(Object.keys(namespaces ?? {}).map((key, index) => [key, known[index]]));
    const placement = { namespace: one, namespaces: namespaces && byKey, secretName };
    const result = namespacesByKey(placement);
    const problems = [
      ...checkPlacement(placement, createNamespace),
      ...createdElsewhereProblems(args, "createSecrets"),
      ...checkServiceAccounts(args, Object.keys(result), args.isVersioned),
    ];
    return { result, problems };
  });
}

/** The names of the namespaces by key, each after the checks have passed and once the stack's state can be read. */
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

/** The names by key as outputs show them: empty for the provider's. */
export function shownNames(
  names: pulumi.Output<Record<string, string | undefined>>,
  keys: readonly string[],
): pulumi.Output<Record<string, string>> {
  return names.apply((byKey) => Object.fromEntries(keys.map((key) => [key, ownMember(byKey, key) ?? ""])));
}

/** The component's arguments that its Namespaces use. */
export interface CreatedNamespacesArgs {
  namespaces?: Record<string, pulumi.Input<string>>;
  protectNamespaces?: boolean;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Creates a component's Namespaces, by key. */
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

/** The names of the Namespaces, each an Output of only its own Namespace. */
export function namesOf(
  namespaces: Record<string, k8s.core.v1.Namespace>,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(Object.entries(namespaces).map(([key, { metadata }]) => [key, metadata.name]));
}

/**
 * The Pulumi name of a resource in the namespace with a key. For the key `default` it is the same as for a single
 * `namespace`, so that a stack can move to several.
 */
export function childName(base: string, key: string, namespaces: object | undefined): string {
  return namespaces === undefined || key === onlyNamespace ? base : `${base}-${key}`;
}

/** The name that earlier versions used. */
export function formerNames(
  base: string,
  key: string,
  namespaces: object | undefined,
  suffix = "",
): pulumi.Alias[] {
  return namespaces !== undefined && key === onlyNamespace ? [{ name: `${base}-${key}${suffix}` }] : [];
}
