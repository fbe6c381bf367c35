import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ownMember } from "../lib/records";
import type { AccountNames, ServiceAccounts } from "../lib/serviceAccounts";
import { childName, formerNames } from "./namespaces";
import { ownerHooks } from "./objectOwners";
import type { SecretNames } from "./secrets";

/** The Secrets to attach to ServiceAccounts. */
export interface AttachedSecrets {
  namespaceNames: pulumi.Output<Record<string, string | undefined>>;
  secretNames: SecretNames;
}

/** Creates the ServiceAccounts of an ImagePullSecret, and attaches its Secrets to existing ones. */
export function createServiceAccounts(
  parent: pulumi.ComponentResource,
  name: string,
  { namespaces, serviceAccounts = {}, patchServiceAccounts = {} }: ServiceAccounts & { namespaces?: object },
  { namespaceNames, secretNames }: AttachedSecrets,
): void {
  const argsOf = (key: string, account: string): k8s.types.input.core.v1.ServiceAccount => ({
    metadata: { name: account, namespace: namespaceNames.apply((byKey) => ownMember(byKey, key) as string) },
    imagePullSecrets: (ownMember(secretNames, key) ?? []).map((secretName) => ({ name: secretName })),
  });
  // Separated by a slash, because keys and accounts may contain "-" but never "/".
  const nameOf = (key: string, account: string) => `${childName(name, key, namespaces)}/${account}`;
  const optionsOf = (type: string, key: string, account: string): pulumi.CustomResourceOptions => ({
    parent,
    aliases: formerNames(name, key, namespaces, `/${account}`),
    hooks: ownerHooks(type, nameOf(key, account), name),
  });
  for (const { key, account } of flatAccounts(serviceAccounts)) {
    const options = optionsOf("kubernetes:core/v1:ServiceAccount", key, account);
    new k8s.core.v1.ServiceAccount(nameOf(key, account), argsOf(key, account), options);
  }
  for (const { key, account } of flatAccounts(patchServiceAccounts)) {
    const options = optionsOf("kubernetes:core/v1:ServiceAccountPatch", key, account);
    new k8s.core.v1.ServiceAccountPatch(nameOf(key, account), argsOf(key, account), options);
  }
}

function flatAccounts(accounts: AccountNames): { key: string; account: string }[] {
  return Object.entries(accounts).flatMap(([key, names]) => names.map((account) => ({ key, account })));
}
