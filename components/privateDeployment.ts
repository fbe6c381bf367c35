import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "./internal/args";
import { createDeployment } from "./internal/deployment";
import { checked } from "./internal/inputs";
import { warnOfMovingTags } from "./internal/movingTags";
import { containerImages, podSpecOf } from "./internal/podSpec";
import { listPullSecrets, pullSecretsOf, secretNamesOf, serversOf } from "./internal/pullSecrets";
import type { WorkloadArgs } from "./internal/workloadArgs";
import { withoutColours } from "./lib/problems";
import { givenOf, planWorkload } from "./lib/workload";

/** Arguments of a PrivateDeployment. */
export interface PrivateDeploymentArgs extends WorkloadArgs {
  /** The pull Secrets that the pods list, in this order; of the Deployment's namespace. */
  pullSecrets: pulumi.Input<pulumi.Input<PullSecretReference>[]>;
  /** The namespace of the Deployment. Default the provider's. */
  namespace?: pulumi.Input<string>;
}

/**
 * A Deployment that is sure to find its credential: the image of every container and init container is matched by a
 * server of its pull Secrets, by kubelet's rules, or nothing is made.
 *
 * A rollout may take 5 minutes, or what the option customTimeouts says.
 */
export class PrivateDeployment extends pulumi.ComponentResource {
  /** Name of the Deployment, the component's name. */
  public readonly name: pulumi.Output<string>;
  /** Image reference of the first container. */
  public readonly image: pulumi.Output<string>;
  /** Number of pods that are ready; 0 where manifests are only rendered. */
  public readonly readyReplicas: pulumi.Output<number>;

  constructor(name: string, args: PrivateDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("kubernetes-private-registry:index:PrivateDeployment", name, withoutColours(args), opts);
    const podSpec = podSpecOf(name, args);
    const images = pulumi.output(containerImages(podSpec));
    const facts = {
      images,
      servers: serversOf(args.pullSecrets),
      allowAnonymous: args.allowAnonymous ?? false,
    };
    const given = givenOf(args);
    const plan = checked(this, `PrivateDeployment "${name}"`, facts, ({ images, servers, allowAnonymous }) =>
      planWorkload({ name, given, images, allowAnonymous }, servers, ""),
    );
    warnOfMovingTags(this, plan);
    const secretNames = pulumi.all([plan, secretNamesOf(args.pullSecrets)]).apply(([, names]) => names);
    const deployment = createDeployment(
      name,
      name,
      args.namespace,
      args,
      listPullSecrets(podSpec, pullSecretsOf(secretNames)),
      this,
      opts,
    );

    this.name = deployment.metadata.name;
    this.image = pulumi
      .all([images, plan])
      .apply(([known]) => known.find(({ list }) => list === "containers")?.image ?? "");
    const status: pulumi.Output<{ readyReplicas?: number } | undefined> = deployment.status;
    this.readyReplicas = status.apply((known) => known?.readyReplicas ?? 0);
    this.registerOutputs({ name: this.name, image: this.image, readyReplicas: this.readyReplicas });
  }
}
