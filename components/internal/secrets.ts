import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Verification } from "../args";
import { checkExpiry } from "../lib/logins/expiry";
import type { LoginSources } from "../lib/logins/loginSources";
import { namespacesByKey } from "../lib/namespaces";
import { ownMember } from "../lib/records";
import { checkLogins, type Generations, type SecretContents } from "../lib/secretContents";
import { askRegistries } from "./askRegistries";
import { after, applyCheck, logWarnings } from "./inputs";
import { childName, formerNames } from "./namespaces";
import { ownerHooks, versionHooks } from "./objectOwners";

/** How to check the logins of an ImagePullSecret. */
export interface LoginChecks {
  namespaceKeys: string[];
  verify?: Verification;
  /** Default 14. */
  expiryWarningDays?: number;
  /** The logins that the parent has already checked. */
  checkedByParent: pulumi.Output<Generations> | undefined;
}

/** The contents of the Secrets, once the logins are checked, also at their registries if `verify` says so. */
export function secretContents(
  component: pulumi.Resource,
  subject: string,
  logins: pulumi.Output<LoginSources>,
  { namespaceKeys, verify = Verification.Off, expiryWarningDays, checkedByParent }: LoginChecks,
): pulumi.Output<Generations> {
  const generations = applyCheck(
    component,
    subject,
    pulumi.all([logins, checkedByParent]),
    ([known, checkedAlready]) => {
      const { result, problems } = checkedAlready
        ? { result: checkedAlready as Generations, problems: [] }
        : checkLogins(known, namespaceKeys);
      const expiry = checkExpiry(known.registries, new Date(), expiryWarningDays);
      logWarnings(component, expiry.warnings);
      return { result, problems: [...problems, ...expiry.problems] };
    },
  );
  if (verify === Verification.Off) {
    return generations;
  }
  const plan = generations.apply((known) => ({ generations: known, pulls: [] }));
  return after(askRegistries(component, subject, plan, { namespaceKeys, verify, pinned: [] }), generations);
}

/** The component's arguments that its Secrets use. */
export interface SecretArgs {
  namespace?: pulumi.Input<string>;
  namespaces?: Record<string, pulumi.Input<string>>;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The current or the outgoing logins. */
export type Generation = keyof Omit<Generations, "sources">;

/** What the component has derived from its other arguments. */
export interface SecretsSettings {
  generation: Generation;
  /** Base name of the current Secret. */
  secretName: string;
  isVersioned: boolean;
  contents: pulumi.Output<Generations>;
  /** Ids of Secrets to take over, by namespace key. */
  adoptedIds: Record<string, string>;
  /** Namespaces that the component creates too. */
  createdNamespaces: Record<string, pulumi.Resource>;
}

/** Creates a Secret in each namespace, all with one name. Returns the names by namespace key, each an Output of its Secret. */
export function createSecrets(
  parent: pulumi.Resource,
  component: string,
  { namespace, namespaces, labels, annotations }: SecretArgs,
  { generation, secretName, isVersioned, contents, adoptedIds, createdNamespaces }: SecretsSettings,
): Record<string, pulumi.Output<string>> {
  const held = contents.apply((known) => known[generation] as SecretContents);
  const name = nameOfGeneration(component, generation);
  const baseName = nameOfGeneration(secretName, generation);
  const metadataName = isVersioned ? versionedName(parent, name, baseName, held) : baseName;
  return Object.fromEntries(
    Object.entries(namespacesByKey({ namespace, namespaces })).map(([key, namespace]) => {
      const resourceName = childName(name, key, namespaces);
      const secret = new k8s.core.v1.Secret(
        resourceName,
        {
          metadata: { name: metadataName, namespace, labels, annotations },
          type: "kubernetes.io/dockerconfigjson",
          data: { ".dockerconfigjson": held.apply(({ texts }) => toBase64(ownMember(texts, key) ?? "")) },
          immutable: isVersioned ? true : undefined,
        },
        {
          parent,
          import: generation === "current" ? ownMember(adoptedIds, key) : undefined,
          dependsOn: ownMember(createdNamespaces, key),
          aliases: formerNames(name, key, namespaces),
          // Otherwise a provider that can't update the Secret would delete it, and its Deployments, before re-creating it.
          deleteBeforeReplace: false,
          hooks: ownerHooks("kubernetes:core/v1:Secret", resourceName, component),
        },
      );
      return [key, secret.metadata.name];
    }),
  );
}

/** The base name of a generation's Secrets. */
export function nameOfGeneration(current: string, generation: Generation): string {
  return generation === "current" ? current : `${current}-previous`;
}

/** The name, by namespace key, of Secrets that are created elsewhere, once the logins are checked. */
export function secretsElsewhere(
  namespaceKeys: readonly string[],
  name: string,
  contents: pulumi.Output<Generations>,
): Record<string, pulumi.Output<string>> {
  const checkedName = after(contents, pulumi.output(name));
  return Object.fromEntries(namespaceKeys.map((key) => [key, checkedName]));
}

/** A name that changes with the content but reveals nothing about it: random, with the secret digest as its keeper. */
function versionedName(
  parent: pulumi.Resource,
  name: string,
  baseName: string,
  contents: pulumi.Output<SecretContents>,
): pulumi.Output<string> {
  const version = new random.RandomId(
    name,
    { byteLength: 4, keepers: { content: pulumi.secret(contents.apply(({ digest }) => digest)) } },
    { parent, hooks: versionHooks() },
  );
  return pulumi.interpolate`${baseName}-${version.hex}`;
}

function toBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** The names of each namespace's pull Secrets, current first, by namespace key. */
export type SecretNames = Record<string, pulumi.Output<string>[]>;

const secretNames = new WeakMap<pulumi.Resource, SecretNames>();

/** Keeps the names of a component's Secrets. A field would end up in the inferred schema. */
export function rememberSecretNames(component: pulumi.Resource, names: SecretNames): void {
  secretNames.set(component, names);
}

/**
 * The names of a component's Secrets, each an Output of only its own Secret. In `references`, every item depends on all
 * Secrets; with those, each workload would depend on the Secrets of all other namespaces, in the state and in each update.
 */
export function secretNamesOf(component: pulumi.Resource): SecretNames {
  return secretNames.get(component) ?? {};
}
