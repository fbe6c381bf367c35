import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ImagePullSecret } from "./imagePullSecret";
import type { PullSecretReference, RegistryCredentialArgs, Rotation } from "./internal/args";
import { createDeployment } from "./internal/deployment";
import { checked, isPlain } from "./internal/inputs";
import { warnOfMovingTags } from "./internal/movingTags";
import { containerImages, podSpecOf } from "./internal/podSpec";
import { listPullSecrets, secretNamesOf } from "./internal/pullSecrets";
import type { WorkloadArgs } from "./internal/workloadArgs";
import { placementOf } from "./internal/placement";
import { checkExpiry } from "./lib/expiry";
import { namespacesByKey, onlyNamespace } from "./lib/placement";
import type { PullPlanEntry } from "./lib/workload";
import { namespaceKey, type PlacedWorkload, planWorkloads, type WorkloadsLogins } from "./lib/workloadsPlan";

/** One Deployment of PrivateWorkloads. */
export interface DeploymentArgs extends WorkloadArgs {
  /** Key of its namespace; needed where `namespaces` has more than one. */
  namespace?: string;
}

/** Arguments of PrivateWorkloads. */
export interface PrivateWorkloadsArgs {
  /** The logins, at least one; secret as a whole, however they are given. */
  registries: pulumi.Input<pulumi.Input<RegistryCredentialArgs>[]>;
  /** The outgoing logins while a rotation overlaps: a second Secret, listed after the current one. Default none. */
  previousRegistries?: pulumi.Input<pulumi.Input<RegistryCredentialArgs>[]>;
  /** The namespace of Secret and Deployments. Default the provider's. */
  namespace?: pulumi.Input<string>;
  /** Several namespaces by a key of your own, which names resources in Pulumi and never changes; instead of `namespace`. */
  namespaces?: Record<string, pulumi.Input<string>>;
  /** Whether to create the namespaces too. Default false. */
  createNamespace?: boolean;
  /** Base of the Secrets' names. Default the component's name. */
  secretName?: string;
  /** How a changed credential reaches the cluster. Default versioned. */
  rotation?: Rotation;
  /** How many days before a login's `expiresAt` the warnings begin. Default 14. */
  expiryWarningDays?: number;
  /** Pull Secrets that somebody else makes in the same namespaces, listed after ours. Default none. */
  extraPullSecrets?: pulumi.Input<pulumi.Input<PullSecretReference>[]>;
  /** The Deployments by name. */
  deployments: Record<string, DeploymentArgs>;
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
  /** All servers that a credential is held for, without secrets. */
  public readonly servers: pulumi.Output<string[]>;
  /** The Deployments as `namespace/name`, by name. */
  public readonly deployments: pulumi.Output<Record<string, string>>;
  /** For each container and init container, the servers whose logins kubelet tries, in its order; without secrets. */
  public readonly pullPlan: pulumi.Output<PullPlanEntry[]>;

  constructor(name: string, args: PrivateWorkloadsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { deployments, registries, previousRegistries, extraPullSecrets, ...others } = args;
    const logins = pulumi.secret({
      registries,
      previousRegistries,
      extraPullSecrets,
    }) as pulumi.Output<KnownLogins>;
    super(
      "kubernetes-private-registry:index:PrivateWorkloads",
      name,
      {
        ...others,
        registries: logins.registries,
        previousRegistries: previousRegistries && logins.previousRegistries,
        extraPullSecrets,
      },
      opts,
    );
    const subject = `PrivateWorkloads "${name}"`;
    const keys = Object.keys(namespacesByKey(args));
    const workloads = Object.entries(deployments).map(([key, workload]) => ({
      key,
      workload,
      namespace: namespaceKey(workload.namespace, keys).key,
      podSpec: podSpecOf(key, workload),
    }));

    const plan = planOf(this, subject, logins, workloads.map(factsOf), keys);
    this.pullPlan = pulumi.unsecret(plan);
    warnOfMovingTags(this, this.pullPlan);
    const placed = placementOf(this, subject, { ...args, secretName: args.secretName ?? name });

    const names = namespaceNames(this, name, args, keys, after(this.pullPlan, placed));
    const pullSecret = new ImagePullSecret(
      name,
      {
        registries: after(plan, logins).apply((known) => known.registries),
        previousRegistries: previousRegistries && logins.apply((known) => known.previousRegistries ?? []),
        ...(args.namespaces ? { namespaces: names } : { namespace: names[onlyNamespace] }),
        secretName: args.secretName,
        rotation: args.rotation,
        expiryWarningDays: args.expiryWarningDays,
      },
      { parent: this },
    );
    const extraNames = after(this.pullPlan, secretNamesOf(extraPullSecrets ?? []));
    const secretNames = Object.fromEntries(
      keys.map((key) => {
        const ours = pullSecret.references.apply((references) => references[key]?.secretNames ?? []);
        return [key, pulumi.all([ours, extraNames]).apply((lists) => lists.flat())];
      }),
    );
    const ids = workloads.map(({ key, workload, namespace, podSpec }) => {
      const spec = listPullSecrets(podSpec, secretNames[namespace] ?? extraNames);
      const deployment = createDeployment(
        `${name}-${key}`,
        key,
        names[namespace],
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
    this.servers = pullSecret.servers;
    this.deployments = pulumi.output(Object.fromEntries(ids));
    this.registerOutputs({
      secretName: this.secretName,
      reference: this.reference,
      references: this.references,
      servers: this.servers,
      deployments: this.deployments,
      pullPlan: this.pullPlan,
    });
  }
}

/** `value`, but not before `check` has passed. */
function after<T>(check: pulumi.Output<unknown>, value: pulumi.Output<T>): pulumi.Output<T> {
  return pulumi.all([value, check]).apply(([known]) => known) as pulumi.Output<T>;
}

interface KnownLogins extends WorkloadsLogins {
  registries: pulumi.Unwrap<RegistryCredentialArgs>[];
  previousRegistries?: pulumi.Unwrap<RegistryCredentialArgs>[];
}

type Facts = ReturnType<typeof factsOf>;

function factsOf({
  key,
  workload,
  podSpec,
}: {
  key: string;
  workload: DeploymentArgs;
  podSpec: ReturnType<typeof podSpecOf>;
}) {
  return {
    name: key,
    namespace: workload.namespace,
    given: { image: workload.image !== undefined, containers: workload.containers !== undefined },
    images: containerImages(podSpec),
    allowAnonymous: workload.allowAnonymous ?? false,
  };
}

function planOf(
  component: PrivateWorkloads,
  subject: string,
  logins: pulumi.Output<WorkloadsLogins>,
  workloads: Facts[],
  keys: string[],
): pulumi.Output<PullPlanEntry[]> {
  const check = (known: WorkloadsLogins, facts: PlacedWorkload[]) => {
    const { result, problems } = planWorkloads(known, facts, keys);
    return { result, problems: [...problems, ...checkExpiry(known.registries, new Date()).problems] };
  };
  return isPlain(workloads)
    ? checked(component, subject, logins, (known) => check(known, workloads as PlacedWorkload[]))
    : checked(component, subject, pulumi.all([logins, workloads]), ([known, facts]) =>
        check(known as KnownLogins, facts as PlacedWorkload[]),
      );
}

function namespaceNames(
  parent: PrivateWorkloads,
  name: string,
  { createNamespace, namespaces: fanOut }: PrivateWorkloadsArgs,
  keys: string[],
  placed: pulumi.Output<Record<string, string | undefined>>,
): Record<string, pulumi.Output<string>> {
  return Object.fromEntries(
    keys.map((key) => {
      const given = placed.apply((byKey) => byKey[key] as string);
      if (!createNamespace) {
        return [key, given];
      }
      const resourceName = fanOut === undefined ? name : `${name}-${key}`;
      const namespace = new k8s.core.v1.Namespace(resourceName, { metadata: { name: given } }, { parent });
      return [key, namespace.metadata.name];
    }),
  );
}
