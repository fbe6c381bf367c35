import * as pulumi from "@pulumi/pulumi";
import { ImagePullSecret } from "./imagePullSecret";
import { type PullSecretReference, type RegistryCredentialArgs, Rotation, type Verification } from "./args";
import { adoptedIds, rememberAdoptedIds } from "./internal/adoption";
import { explainGoneDeployments, withChangeHooks } from "./internal/changeHooks";
import { createNamespaces, placementOf } from "./internal/namespaces";
import { createDeployment } from "./internal/deployment";
import { warnOfForeignNames } from "./internal/foreignNames";
import { after } from "./internal/inputs";
import { pinImages, warnOfMovingTags } from "./internal/images";
import { podSpecOf } from "./internal/podSpec";
import { listPullSecrets, listReader, pullSecretsOf, secretNamesOf } from "./internal/imagePullSecrets";
import { componentInputs, withSecretLogins } from "./internal/componentInputs";
import { readArguments } from "./internal/readArguments";
import { ownSecretNames } from "./internal/secrets";
import type { WorkloadArgs } from "./workloadArgs";
import { type KnownLogins, planDeployments } from "./internal/planDeployments";
import { privateWorkloadsShape } from "./lib/argumentShapes";
import { ownMember } from "./lib/ownMember";
import { namespacesByKey, onlyNamespace } from "./lib/namespaces";
import { joinPath } from "./lib/problems";
import type { PullPlanEntry } from "./lib/workload";
import { namespaceKey } from "./lib/pullPlan";

/** One Deployment of PrivateWorkloads. */
export interface DeploymentArgs extends WorkloadArgs {
  /** Key of its namespace; needed where there are several. */
  namespace?: string;
  /**
   * Whether each image is deployed by the digest that its tag means at this `up`, so that all nodes run the same and a
   * moved tag is seen at preview. A registry that can't tell is an error. Default false.
   */
  pinDigest?: boolean;
}

/** Arguments of PrivateWorkloads. */
export interface PrivateWorkloadsArgs {
  /** The logins, at least one; secret as a whole, however they are given. */
  registries: pulumi.Input<pulumi.Input<RegistryCredentialArgs>[]>;
  /** The outgoing logins while a rotation overlaps: a second Secret, listed after the current one. Default none. */
  previousRegistries?: pulumi.Input<pulumi.Input<RegistryCredentialArgs>[]>;
  /** The namespace of Secret and Deployments. Default the provider's. */
  namespace?: pulumi.Input<string>;
  /** Several namespaces by a key of your own, which names resources in Pulumi and never changes; instead of a single one. */
  namespaces?: Record<string, pulumi.Input<string>>;
  /** Whether to create the namespaces too. Default false. */
  createNamespace?: boolean;
  /**
   * Whether Pulumi refuses to delete the namespaces that it has created, with all that is in them, until `pulumi state
   * unprotect` lifts that. Default true; false is for throw-away stacks.
   */
  protectNamespaces?: boolean;
  /** Base of the Secrets' names. Default the component's name. */
  secretName?: string;
  /** How a changed credential reaches the cluster. Default versioned. */
  rotation?: Rotation;
  /** How many days before a login expires the warnings begin. Default 14. */
  expiryWarningDays?: number;
  /** Whether the registries are asked, at preview and up, if they take the logins and let them pull the images. Default off. */
  verify?: Verification;
  /** Takes over the Secret that is there already, as in ImagePullSecretArgs. Default false. */
  adopt?: boolean;
  /** ServiceAccounts to make, as in ImagePullSecretArgs. Needs a rotation in place. Default none. */
  serviceAccounts?: Record<string, string[]>;
  /** ServiceAccounts that exist, to attach to as in ImagePullSecretArgs. Needs a rotation in place. Default none. */
  patchServiceAccounts?: Record<string, string[]>;
  /** Labels of the Secrets and of the namespaces that are created. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Annotations of the Secrets and of the namespaces that are created. */
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Pull Secrets that somebody else makes in the same namespaces, listed after ours. Default none. */
  extraPullSecrets?: pulumi.Input<pulumi.Input<PullSecretReference>[]>;
  /** The Deployments by name; each a plain object, whose members may be Outputs. */
  deployments: Record<string, pulumi.Input<DeploymentArgs>>;
}

/**
 * Registry credentials and the Deployments that need them, wired together: the pull Secret of each namespace, the
 * Deployments that list it, and the plan of what kubelet will do to pull their images.
 *
 * Fails with every problem of its arguments at once, and makes nothing then.
 */
export class PrivateWorkloads extends pulumi.ComponentResource {
  /** Name of the current pull Secret, the same in every namespace. */
  public readonly secretName: pulumi.Output<string>;
  /** What a workload of somebody else's needs to know, for the servers that every namespace's Secret serves. */
  public readonly reference: pulumi.Output<PullSecretReference>;
  /** The same by namespace key (`default` for a single namespace), with all servers of that namespace's Secret. */
  public readonly references: pulumi.Output<Record<string, PullSecretReference>>;
  /** The namespaces by the same keys; empty for the provider's. */
  public readonly namespaces: pulumi.Output<Record<string, string>>;
  /** All servers that a credential is held for, without secrets. */
  public readonly servers: pulumi.Output<string[]>;
  /** The Deployments as `namespace/name`, by name. */
  public readonly deployments: pulumi.Output<Record<string, string>>;
  /** For each container, init container and image volume, the servers whose logins kubelet tries, in its order; without secrets. */
  public readonly pullPlan: pulumi.Output<PullPlanEntry[]>;

  constructor(name: string, args: PrivateWorkloadsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "kubernetes-private-registry:index:PrivateWorkloads",
      name,
      withSecretLogins(componentInputs(args, "deployments")),
      withChangeHooks("PrivateWorkloads", opts),
    );
    const subject = `PrivateWorkloads "${name}"`;
    const { given, sound } = readArguments(subject, args, privateWorkloadsShape, this);
    const { registries, previousRegistries, extraPullSecrets } = given;
    const logins = after(
      sound,
      pulumi.secret({ registries, previousRegistries, extraPullSecrets }) as pulumi.Output<KnownLogins>,
    );
    const keys = Object.keys(namespacesByKey(given));
    const workloads = Object.entries(given.deployments as Record<string, DeploymentArgs>).map(
      ([key, workload]) => ({
        key,
        workload,
        namespace: namespaceKey(workload.namespace, keys).key,
        podSpec: podSpecOf(key, workload),
      }),
    );

    const { entries, pins } = planDeployments(this, subject, logins, workloads, keys, given.verify);
    this.pullPlan = entries;
    warnOfMovingTags(this, this.pullPlan);
    warnOfForeignNames(this, subject, extraPullSecrets);
    const secretName = given.secretName ?? name;
    const versioned = (given.rotation ?? Rotation.Versioned) === Rotation.Versioned;
    rememberAdoptedIds(this, adoptedIds(this, subject, given, secretName, versioned));
    const placed = placementOf(this, subject, { ...given, secretName, versioned });

    const checks = pulumi.all([this.pullPlan, placed]);
    const stateIsRead = explainGoneDeployments(this, Object.keys(given.deployments));
    const checkedNames = Object.fromEntries(
      Object.entries(namespacesByKey(given)).map(([key, namespace]) => [
        key,
        after(stateIsRead, after(checks, pulumi.output(namespace))) as pulumi.Output<string>,
      ]),
    );
    const names = given.createNamespace ? createNamespaces(this, name, given, checkedNames) : checkedNames;
    const pullSecret = new ImagePullSecret(
      name,
      {
        registries: after(entries, logins).apply((known) => known.registries),
        previousRegistries: previousRegistries && logins.apply((known) => known.previousRegistries ?? []),
        ...(given.namespaces ? { namespaces: checkedNames } : { namespace: checkedNames[onlyNamespace] }),
        secretName: given.secretName,
        rotation: given.rotation,
        expiryWarningDays: given.expiryWarningDays,
        serviceAccounts: given.serviceAccounts,
        patchServiceAccounts: given.patchServiceAccounts,
        labels: given.labels,
        annotations: given.annotations,
      },
      { parent: this },
    );
    // No Deployment rolls before the new Secrets of all namespaces are there.
    const extraNames = after(pullSecret.references, after(this.pullPlan, secretNamesOf(extraPullSecrets)));
    const ownNames = ownSecretNames(pullSecret);
    const pullSecrets = Object.fromEntries(
      keys.map((key) => {
        const lists = pulumi.output([ownMember(ownNames, key) ?? [], extraNames]);
        return [key, pullSecretsOf(lists.apply((names) => names.flat()))];
      }),
    );
    const ids = workloads.map(({ key, workload, namespace, podSpec }) => {
      const pinned = workload.pinDigest ? pinImages(podSpec, key, pins) : podSpec;
      const spec = listPullSecrets(
        pinned,
        ownMember(pullSecrets, namespace) ?? pullSecretsOf(extraNames),
        listReader(this, subject, `${joinPath("deployments", key)}.podSpec.imagePullSecrets`),
      );
      const deployment = createDeployment(
        `${name}-${key}`,
        key,
        ownMember(names, namespace),
        workload,
        spec,
        this,
        opts,
      );
      return [key, deployment.id] as const;
    });

    this.secretName = pullSecret.secretName;
    this.reference = pullSecret.reference;
    this.references = pullSecret.references;
    this.namespaces = given.createNamespace ? pulumi.output(names) : pullSecret.namespaces;
    this.servers = pullSecret.servers;
    this.deployments = pulumi.output(Object.fromEntries(ids));
    this.registerOutputs({
      secretName: this.secretName,
      reference: this.reference,
      references: this.references,
      namespaces: this.namespaces,
      servers: this.servers,
      deployments: this.deployments,
      pullPlan: this.pullPlan,
    });
  }
}
