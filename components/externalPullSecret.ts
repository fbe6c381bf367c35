import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "./args";
import type {
  ExternalLoginArgs,
  GeneratorRefArgs,
  RemoteRefArgs,
  SecretStoreRefArgs,
} from "./externalPullSecretArgs";
import { componentInputs } from "./internal/componentInputs";
import { checkExternalSecret, createExternalSecrets } from "./internal/externalSecrets";
import { stateOf } from "./internal/inputs";
import { stateCanBeRead } from "./internal/objectOwners";
import { readArguments } from "./internal/readArguments";
import { externalPullSecretShape } from "./lib/argumentShapes";
import { ownMember } from "./lib/records";

/** Arguments of an ExternalPullSecret. */
export interface ExternalPullSecretArgs {
  /** The namespace of the Secret. Default the provider's. */
  namespace?: pulumi.Input<string>;
  /** Several namespaces instead of a single one, by a key of your choice that names the Secret in Pulumi and must not change. */
  namespaces?: Record<string, pulumi.Input<string>>;
  /**
   * Labels that a namespace must have, instead of names: the operator makes the Secret in every such namespace, also in those
   * that are created later, and takes it away with the labels.
   */
  namespaceSelector?: Record<string, pulumi.Input<string>>;
  /** Name of the Secrets, and of the operator's resources. Default the component's name. */
  secretName?: string;
  /** The store that holds the login. Needed unless a generator makes it. */
  secretStoreRef?: pulumi.Input<SecretStoreRefArgs>;
  /** The logins, one for each server. Give these, or a whole config.json, or a generator. */
  logins?: pulumi.Input<pulumi.Input<ExternalLoginArgs>[]>;
  /** Where a whole Docker config.json is, as `docker login` and kubectl write it. It must hold a login for each server. */
  dockerConfigJsonFrom?: pulumi.Input<RemoteRefArgs>;
  /** What makes the login, from the rights of the cluster's own account. */
  generator?: pulumi.Input<GeneratorRefArgs>;
  /** The servers of the config.json or the generator's login, spelled as in the logins. */
  servers?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * How often the operator reads the store or asks the generator, such as `30m` or `1h30m`: a rotation takes up to this long.
   * Default an hour for a store, half an hour for a generator.
   */
  refreshInterval?: pulumi.Input<string>;
}

/**
 * A pull Secret whose credential never passes through Pulumi: External Secrets Operator makes it from a secret store or a
 * generator, with an ExternalSecret in each namespace, or a ClusterExternalSecret for namespaces with certain labels. The
 * cluster needs the operator, 0.16 or later.
 *
 * The outputs are those of an ImagePullSecret and go where those go. What uses them waits until the operator has created the
 * Secrets, for at most two minutes, or as the custom timeouts of the component say. For a ClusterExternalSecret it waits only
 * until every matching namespace has an ExternalSecret. A rotation changes the Secrets in place, without an `up`.
 *
 * Reports all problems of its arguments at once, and then creates nothing.
 *
 * @example
 * ```ts
 * import { ExternalPullSecret, SecretStoreKind } from "kubernetes-private-registry";
 *
 * const pullSecret = new ExternalPullSecret("registry-login", {
 *   namespace: "shop",
 *   secretStoreRef: { name: "vault", kind: SecretStoreKind.ClusterSecretStore },
 *   logins: [
 *     {
 *       server: "www.3rdregistry.com",
 *       username: "janedoe",
 *       passwordFrom: { key: "registries/3rdregistry", property: "password" },
 *     },
 *   ],
 * });
 * export const reference = pullSecret.reference;
 * ```
 */
export class ExternalPullSecret extends pulumi.ComponentResource {
  /** Name of the Secret, the same in every namespace. */
  public readonly secretName: pulumi.Output<string>;
  /** What a workload needs to use the Secrets. */
  public readonly reference: pulumi.Output<PullSecretReference>;
  /** The same by namespace key (`default` for a single namespace); empty if namespaces are selected by labels. */
  public readonly references: pulumi.Output<Record<string, PullSecretReference>>;
  /** The namespaces by the same keys; empty for the provider's. */
  public readonly namespaces: pulumi.Output<Record<string, string>>;
  /** All servers with a login. */
  public readonly servers: pulumi.Output<string[]>;

  constructor(name: string, args: ExternalPullSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("kubernetes-private-registry:index:ExternalPullSecret", name, componentInputs(args), opts);
    const subject = `ExternalPullSecret "${name}"`;
    const { checkedArgs, outputsChecked } = readArguments(subject, args, externalPullSecretShape, this);
    const placedArgs = { ...checkedArgs, secretName: checkedArgs.secretName ?? name };
    const checked = checkExternalSecret(this, subject, placedArgs);
    const checks = Promise.all([stateCanBeRead(), outputsChecked, stateOf(checked).promise()]);
    const secretNames = createExternalSecrets(this, name, placedArgs, checks, opts?.customTimeouts);

    const names = Object.values(secretNames);
    const referenceOf = (secretName: pulumi.Output<string>) => ({
      secretNames: [secretName],
      servers: this.servers,
    });
    this.servers = checked.apply(({ servers }) => servers);
    this.secretName = pulumi.all(names).apply(([first = ""]) => first);
    this.reference = pulumi.output(referenceOf(this.secretName));
    const byKey = checkedArgs.namespaceSelector === undefined ? secretNames : {};
    this.references = pulumi.output(
      Object.fromEntries(Object.entries(byKey).map(([key, secretName]) => [key, referenceOf(secretName)])),
    );
    this.namespaces = checked.apply(({ namespaces }) =>
      Object.fromEntries(Object.keys(byKey).map((key) => [key, ownMember(namespaces, key) ?? ""])),
    );
    this.registerOutputs({
      secretName: this.secretName,
      reference: this.reference,
      references: this.references,
      namespaces: this.namespaces,
      servers: this.servers,
    });
  }
}
