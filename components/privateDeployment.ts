import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "./args";
import { componentInputs } from "./internal/componentInputs";
import { createDeployment } from "./internal/deployment";
import {
  checkedServers,
  listPullSecrets,
  listReader,
  pullSecretsOf,
  referencedNames,
  serversOf,
} from "./internal/imagePullSecrets";
import { warnOfMovingTags } from "./internal/images";
import { applyCheck, mapInput, valueIfKnown } from "./internal/inputs";
import { reportUnknown, warnOfForeignNames } from "./internal/notices";
import { podSpecOf } from "./internal/podSpec";
import { readArguments } from "./internal/readArguments";
import { readPodSpec } from "./internal/readPodSpec";
import { privateDeploymentShape } from "./lib/argumentShapes";
import { givenOf, planEntry, planWorkload } from "./lib/workload";
import type { WorkloadArgs } from "./workloadArgs";

/** Arguments of a PrivateDeployment. */
export interface PrivateDeploymentArgs extends WorkloadArgs {
  /** The pull Secrets that the pods list, in this order. They must be in the Deployment's namespace. */
  pullSecrets: pulumi.Input<pulumi.Input<PullSecretReference>[]>;
  /**
   * The servers to check the images against. For each image that one of them matches, the pull Secrets must hold a login.
   * Default the servers of the pull Secrets. In languages other than TypeScript, those are not known before the Secrets exist:
   * pass the ImagePullSecret's servers to have the images checked at the first preview.
   */
  servers?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Servers whose images need no pull Secret, public ones or those that the nodes log in to, written as in a login. If a login
   * matches an image too, kubelet tries the login. Default none.
   */
  serversWithoutSecret?: pulumi.Input<pulumi.Input<string>[]>;
  /** The namespace of the Deployment. Default the provider's. */
  namespace?: pulumi.Input<string>;
}

/**
 * A Deployment whose images all have a login: before anything is created, the image of every container, init container and
 * image volume must match a server of its pull Secrets, by kubelet's own rules.
 *
 * A rollout may take 5 minutes, unless the resource options set custom timeouts.
 *
 * @example
 * ```ts
 * import { type ImagePullSecret, PrivateDeployment } from "kubernetes-private-registry";
 *
 * export function awesomeapp(pullSecret: ImagePullSecret): PrivateDeployment {
 *   return new PrivateDeployment("awesomeapp", {
 *     namespace: "shop",
 *     pullSecrets: [pullSecret.reference],
 *     image: "www.3rdregistry.com/janedoe/awesomeapp:v1",
 *     replicas: 2,
 *     ports: [{ containerPort: 8080 }],
 *     readinessProbe: { httpGet: { port: 8080, path: "/ready" } },
 *   });
 * }
 * ```
 */
export class PrivateDeployment extends pulumi.ComponentResource {
  /** Name of the Deployment, the same as the component's. */
  public readonly name: pulumi.Output<string>;
  /** Image reference of the first container. */
  public readonly image: pulumi.Output<string>;
  /** Number of ready pods; 0 if manifests are only rendered. */
  public readonly readyReplicas: pulumi.Output<number>;

  constructor(name: string, args: PrivateDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("kubernetes-private-registry:index:PrivateDeployment", name, componentInputs(args), opts);
    const subject = `PrivateDeployment "${name}"`;
    const { checkedArgs } = readArguments(subject, args, privateDeploymentShape, this);
    const podSpec = podSpecOf(name, checkedArgs);
    const images = pulumi.output(mapInput(readPodSpec(podSpec, ""), ({ images }) => images));
    const held = serversOf(checkedArgs.pullSecrets);
    const facts = {
      images,
      misshapen: mapInput(readPodSpec(checkedArgs.podSpec, "podSpec"), ({ problems }) => problems),
      servers: checkedServers(checkedArgs.servers, held),
      held: checkedArgs.servers === undefined ? undefined : valueIfKnown(held),
      allowAnonymous: checkedArgs.allowAnonymous ?? false,
      serversWithoutSecret: checkedArgs.serversWithoutSecret,
    };
    const unchecked = `${subject}: the images are not checked at this preview`;
    const laterServers =
      checkedArgs.servers === undefined
        ? `${unchecked}: the servers of \`pullSecrets\` are not known yet. \`up\` checks them; to have them checked now, give \`servers\`, such as those of the ImagePullSecret.`
        : `${unchecked}: \`servers\` is not known yet. \`up\` checks them.`;
    reportUnknown(this, [
      [facts.servers, laterServers],
      [facts.images, `${unchecked}: one comes from a resource that does not exist yet. \`up\` checks them.`],
      [
        facts.serversWithoutSecret,
        `${unchecked}: \`serversWithoutSecret\` is not known yet. \`up\` checks them.`,
      ],
    ]);
    const members = givenOf(checkedArgs);
    const plan = applyCheck(this, subject, facts, ({ servers, ...known }) => {
      const { result, problems } = planWorkload({ name, given: members, ...known }, servers, "");
      return { result: result.map(planEntry), problems };
    });
    warnOfMovingTags(this, plan);
    warnOfForeignNames(this, subject, checkedArgs.pullSecrets);
    const secretNames = pulumi
      .all([plan, referencedNames(checkedArgs.pullSecrets)])
      .apply(([, names]) => names);
    const deployment = createDeployment(this, {
      resourceName: name,
      name,
      namespace: checkedArgs.namespace,
      workload: checkedArgs,
      podSpec: listPullSecrets(
        podSpec,
        pullSecretsOf(secretNames),
        listReader(this, subject, "podSpec.imagePullSecrets"),
      ),
      options: opts,
    });

    this.name = deployment.metadata.name;
    this.image = pulumi
      .all([images, plan])
      .apply(([known]) => known.find(({ list }) => list === "containers")?.image ?? "");
    const status: pulumi.Output<{ readyReplicas?: number } | undefined> = deployment.status;
    this.readyReplicas = status.apply((known) => known?.readyReplicas ?? 0);
    this.registerOutputs({ name: this.name, image: this.image, readyReplicas: this.readyReplicas });
  }
}
