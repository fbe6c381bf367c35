import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ownMember } from "../lib/ownMember";
import { namespacesByKey } from "../lib/placement";
import type { PullSecretPlan } from "../lib/pullSecretPlan";
import { childName, formerNames } from "./childNames";
import type { CreatedNamespaces } from "./createdNamespaces";
import { ownerHooks } from "./ownerHooks";

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
