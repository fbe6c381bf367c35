import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Verification } from "../args";
import { checkExpiry } from "../lib/expiry";
import { namespacesByKey } from "../lib/namespaces";
import type { Logins } from "../lib/pullPlan";
import { ownMember } from "../lib/records";
import { checkLogins, type Generations, type SecretContents } from "../lib/secretContents";
import { askRegistries } from "./askRegistries";
import { after, checked, warnOf } from "./inputs";
import { childName, formerNames } from "./namespaces";
import { ownerHooks, versionHooks } from "./ownerHooks";

/** How the logins of an ImagePullSecret are checked. */
export interface LoginChecks {
  namespaceKeys: string[];
  verify?: Verification;
  /** Default 14. */
  expiryWarningDays?: number;
  /** The logins as the parent has checked them. */
  checkedByParent: pulumi.Output<Generations> | undefined;
}

/** What the Secrets hold, once the logins are checked, by their registries as well if `verify` says so. */
export function secretContents(
  component: pulumi.Resource,
  subject: string,
  logins: pulumi.Output<Logins>,
  { namespaceKeys, verify = Verification.Off, expiryWarningDays, checkedByParent }: LoginChecks,
): pulumi.Output<Generations> {
  const generations = checked(
    component,
    subject,
    pulumi.all([logins, checkedByParent]),
    ([known, checkedAlready]) => {
      const { result, problems } = checkedAlready
        ? { result: checkedAlready as Generations, problems: [] }
        : checkLogins(known, namespaceKeys);
      const expiry = checkExpiry(known.registries, new Date(), expiryWarningDays);
      warnOf(component, expiry.warnings);
      return { result, problems: [...problems, ...expiry.problems] };
    },
  );
  if (verify === Verification.Off) {
    return generations;
  }
  const plan = generations.apply((known) => ({ generations: known, pulls: [] }));
  return after(askRegistries(component, subject, plan, { namespaceKeys, verify, pinned: [] }), generations);
}

/** Arguments that Secrets take over from their component. */
export interface SecretArgs {
  namespace?: pulumi.Input<string>;
  namespaces?: Record<string, pulumi.Input<string>>;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** What the component has made of its other arguments. */
export interface SecretsSettings {
  /** The current logins, or the outgoing ones. */
  generation: keyof Generations;
  /** Base of the current Secret's name. */
  secretName: string;
  isVersioned: boolean;
  contents: pulumi.Output<Generations>;
  /** Ids of Secrets to take over, by namespace key. */
  adoptedIds: Record<string, string>;
  /** Namespaces that are made beside the Secrets. */
  createdNamespaces: Record<string, pulumi.Resource>;
}

/** One Secret for each namespace, all of one name; their names by namespace key, each an Output of its Secret. */
export function createSecrets(
  parent: pulumi.Resource,
  component: string,
  { namespace, namespaces, labels, annotations }: SecretArgs,
  { generation, secretName, isVersioned, contents, adoptedIds, createdNamespaces }: SecretsSettings,
): Record<string, pulumi.Output<string>> {
  const suffix = generation === "registries" ? "" : "-previous";
  const held = contents.apply((known) => known[generation] as SecretContents);
  const name = component + suffix;
  const baseName = secretName + suffix;
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
          import: suffix === "" ? ownMember(adoptedIds, key) : undefined,
          dependsOn: ownMember(createdNamespaces, key),
          aliases: formerNames(name, key, namespaces),
          // Else the provider takes down the Secret and its Deployments first where it can't update the Secret.
          deleteBeforeReplace: false,
          hooks: ownerHooks("kubernetes:core/v1:Secret", resourceName, component),
        },
      );
      return [key, secret.metadata.name];
    }),
  );
}

/** A name that changes with the content and tells nothing about it: the digest is the keeper, and stays secret. */
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
export function secretNamesOf(component: pulumi.Resource): SecretNames {
  return secretNames.get(component) ?? {};
}
