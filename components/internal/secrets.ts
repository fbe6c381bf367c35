import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ownMember } from "../lib/ownMember";
import { namespacesByKey } from "../lib/namespaces";
import { planPullSecrets, type PullSecretPlan, type PullSecretPlans } from "../lib/secretContents";
import { childName, type CreatedNamespaces, formerNames } from "./namespaces";
import { ownerHooks } from "./ownerHooks";
import { checkExpiry } from "../lib/expiry";
import type { WorkloadsLogins } from "../lib/pullPlan";
import { Verification } from "../args";
import { after, checked, warnOf } from "./inputs";
import { askRegistries } from "./askRegistries";

/** Arguments that Secrets take over from their component. */
export interface SecretArgs {
  namespace?: pulumi.Input<string>;
  namespaces?: Record<string, pulumi.Input<string>>;
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** What the component has made of its other arguments. */
export interface SecretsSettings {
  baseName: string;
  versioned: boolean;
  plan: pulumi.Output<PullSecretPlan>;
  /** Ids of Secrets to take over, by namespace key. */
  imports: Record<string, string>;
  /** Namespaces that are made beside the Secrets. */
  waitFor: CreatedNamespaces;
  /** Name of the component. */
  component: string;
}

/** One Secret for each namespace, all of one name; their names by namespace key, each an Output of its Secret. */
export function createSecrets(
  parent: pulumi.Resource,
  name: string,
  { namespace, namespaces, labels, annotations }: SecretArgs,
  { baseName, versioned, plan, imports, waitFor, component }: SecretsSettings,
): Record<string, pulumi.Output<string>> {
  const secretName = versioned ? versionedName(parent, name, baseName, plan) : baseName;
  return Object.fromEntries(
    Object.entries(namespacesByKey({ namespace, namespaces })).map(([key, namespace]) => {
      const resourceName = childName(name, key, namespaces);
      const secret = new k8s.core.v1.Secret(
        resourceName,
        {
          metadata: { name: secretName, namespace, labels, annotations },
          type: "kubernetes.io/dockerconfigjson",
          data: {
            ".dockerconfigjson": plan.apply(({ contents }) => toBase64(ownMember(contents, key) ?? "")),
          },
          immutable: versioned ? true : undefined,
        },
        {
          parent,
          import: ownMember(imports, key),
          dependsOn: ownMember(waitFor, key),
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
  plan: pulumi.Output<PullSecretPlan>,
): pulumi.Output<string> {
  const version = new random.RandomId(
    name,
    { byteLength: 4, keepers: { content: pulumi.secret(plan.apply(({ digest }) => digest)) } },
    { parent },
  );
  return pulumi.interpolate`${baseName}-${version.hex}`;
}

function toBase64(text: string): string {
  return Buffer.from(text).toString("base64");
}

/** The plans of the Secrets, once the logins are checked, by their registries as well if `verify` says so. */
export function planSecrets(
  component: pulumi.Resource,
  subject: string,
  logins: pulumi.Output<WorkloadsLogins>,
  keys: string[],
  { verify = Verification.Off, expiryWarningDays }: { verify?: Verification; expiryWarningDays?: number },
): pulumi.Output<PullSecretPlans> {
  const plans = checked(component, subject, logins, (known) => {
    const { result, problems } = planPullSecrets(known, keys);
    const expiry = checkExpiry(known.registries, new Date(), expiryWarningDays);
    warnOf(component, expiry.warnings);
    return { result, problems: [...problems, ...expiry.problems] };
  });
  if (verify === Verification.Off) {
    return plans;
  }
  const subjects = after(plans, logins).apply((known) => ({ logins: known, workloads: [] }));
  return after(askRegistries(component, subject, subjects, keys, verify), plans);
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
export function ownSecretNames(component: pulumi.Resource): SecretNames {
  return secretNames.get(component) ?? {};
}
