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
import { checked, ifKnown, mapInput } from "./internal/inputs";
import { reportUnknown, warnOfForeignNames } from "./internal/notices";
import { podSpecOf } from "./internal/podSpec";
import { readPodSpec } from "./internal/podSpecLists";
import { readArguments } from "./internal/readArguments";
import { privateDeploymentShape } from "./lib/argumentShapes";
import { givenOf, planEntry, planWorkload } from "./lib/workload";
import type { WorkloadArgs } from "./workloadArgs";

/** Arguments of a PrivateDeployment. */
export interface PrivateDeploymentArgs extends WorkloadArgs {
  /** The pull Secrets that the pods list, in this order; of the Deployment's namespace. */
  pullSecrets: pulumi.Input<pulumi.Input<PullSecretReference>[]>;
  /**
   * The servers that the images are checked against; the pull Secrets have to hold a login for each image that one of them
   * matches. Default those of the pull Secrets. In other languages than TypeScript, these are not known before the Secrets
   * exist: give those that the ImagePullSecret outputs, and the images are checked at the first preview.
   */
  servers?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Servers whose images need no pull Secret, public ones or those that the nodes log in to, written as in a login. Where a
   * login matches an image too, kubelet tries that. Default none.
   */
  serversWithoutSecret?: pulumi.Input<pulumi.Input<string>[]>;
  /** The namespace of the Deployment. Default the provider's. */
  namespace?: pulumi.Input<string>;
}

/**
 * A Deployment that is sure to find its credential: the image of every container, init container and image volume is matched
 * by a server of its pull Secrets, by kubelet's rules, or nothing is made.
 *
 * A rollout may take 5 minutes, or what the custom timeouts of its resource options say.
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
  /** Name of the Deployment, the component's name. */
  public readonly name: pulumi.Output<string>;
  /** Image reference of the first container. */
  public readonly image: pulumi.Output<string>;
  /** Number of pods that are ready; 0 where manifests are only rendered. */
  public readonly readyReplicas: pulumi.Output<number>;

  constructor(name: string, args: PrivateDeploymentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("kubernetes-private-registry:index:PrivateDeployment", name, componentInputs(args), opts);
    const subject = `PrivateDeployment "${name}"`;
    const { given } = readArguments(subject, args, privateDeploymentShape, this);
    const podSpec = podSpecOf(name, given);
    const images = pulumi.output(mapInput(readPodSpec(podSpec, ""), ({ images }) => images));
    const held = serversOf(given.pullSecrets);
    const facts = {
      images,
      misshapen: mapInput(readPodSpec(given.podSpec, "podSpec"), ({ problems }) => problems),
      servers: checkedServers(given.servers, held),
      held: given.servers === undefined ? undefined : ifKnown(held),
      allowAnonymous: given.allowAnonymous ?? false,
      serversWithoutSecret: given.serversWithoutSecret,
    };
    const unchecked = `${subject}: the images are not checked at this preview`;
    const laterServers =
      given.servers === undefined
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
    const members = givenOf(given);
    const plan = checked(this, subject, facts, ({ servers, ...known }) => {
      const { result, problems } = planWorkload({ name, given: members, ...known }, servers, "");
      return { result: result.map(planEntry), problems };
    });
    warnOfMovingTags(this, plan);
    warnOfForeignNames(this, subject, given.pullSecrets);
    const secretNames = pulumi.all([plan, referencedNames(given.pullSecrets)]).apply(([, names]) => names);
    const deployment = createDeployment(this, {
      resourceName: name,
      name,
      namespace: given.namespace,
      workload: given,
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
