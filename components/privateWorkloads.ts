import * as pulumi from "@pulumi/pulumi";
import { type PullSecretArgs, type PullSecretReference, Rotation, type Verification } from "./args";
import { ImagePullSecret } from "./imagePullSecret";
import { adoptedIds } from "./internal/adoption";
import { explainGoneDeployments, withChangeHooks } from "./internal/changeHooks";
import { componentInputs, secretLogins, withSecretLogins } from "./internal/componentInputs";
import { createDeployment } from "./internal/deployment";
import { handDown, pullSecretArgs } from "./internal/handDown";
import { listPullSecrets, listReader } from "./internal/imagePullSecrets";
import { pinImages, warnOfMovingTags } from "./internal/images";
import { after } from "./internal/inputs";
import { checkNamespaces, createNamespaces, namesAfter, namesOf } from "./internal/namespaces";
import { warnOfForeignNames } from "./internal/notices";
import { stateCanBeRead } from "./internal/objectOwners";
import { planPulls, readDeployments } from "./internal/planDeployments";
import { outputsWithoutSecret } from "./internal/pullSecretOutputs";
import { readArguments } from "./internal/readArguments";
import { listedPullSecrets } from "./internal/rolloutBarrier";
import { privateWorkloadsShape } from "./lib/argumentShapes";
import { givesLogins, ownSecretProblems } from "./lib/logins/loginSources";
import { namespacesByKey } from "./lib/namespaces";
import { joinPath } from "./lib/problems";
import { ownMember } from "./lib/records";
import type { PullPlanEntry } from "./lib/workload";
import type { DeploymentArgs } from "./workloadArgs";

/** Arguments of PrivateWorkloads. */
export interface PrivateWorkloadsArgs extends PullSecretArgs {
  /** The namespace of the Secret and the Deployments. Default the provider's. */
  namespace?: pulumi.Input<string>;
  /** Whether to create the namespaces too. Default false. */
  createNamespace?: boolean;
  /**
   * Whether Pulumi refuses to delete the namespaces that it created, with everything in them, until `pulumi state unprotect`.
   * Default true; set it to false for throw-away stacks.
   */
  protectNamespaces?: boolean;
  /** Whether to ask the registries, at preview and up, if they accept the logins and let them pull the images. Default off. */
  verify?: Verification;
  /** Labels of the Secrets and of the namespaces that are created. */
  labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Annotations of the Secrets and of the namespaces that are created. */
  annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Pull Secrets created elsewhere in the same namespaces, listed after ours. If all logins are in them, none is made here.
   * Default none.
   */
  extraPullSecrets?: pulumi.Input<pulumi.Input<PullSecretReference>[]>;
  /**
   * Servers whose images need no pull Secret, public ones or those that the nodes log in to, written as in a login. Registries
   * are not asked for these images, except to pin them. If a login matches an image too, kubelet tries the login. Default none.
   */
  serversWithoutSecret?: pulumi.Input<pulumi.Input<string>[]>;
  /** The Deployments by name, each a plain object whose members may be Outputs. */
  deployments: Record<string, pulumi.Input<DeploymentArgs>>;
}

/**
 * Registry credentials and the Deployments that need them, wired together: a pull Secret in each namespace, the Deployments
 * that list it, and the plan of how kubelet will pull their images.
 *
 * Reports all problems of its arguments at once, and then creates nothing.
 *
 * @example
 * ```ts
 * import { Config } from "@pulumi/pulumi";
 * import { PrivateWorkloads } from "kubernetes-private-registry";
 *
 * const password = new Config().requireSecret("registryPassword");
 * const shop = new PrivateWorkloads("shop", {
 *   registries: [{ server: "www.3rdregistry.com", username: "janedoe", password }],
 *   namespaces: { web: "shop-web", jobs: "shop-jobs" },
 *   createNamespace: true,
 *   deployments: {
 *     frontend: { namespace: "web", image: "www.3rdregistry.com/janedoe/frontend:v3" },
 *     worker: { namespace: "jobs", image: "www.3rdregistry.com/janedoe/worker:v3" },
 *   },
 * });
 * export const pullPlan = shop.pullPlan;
 * ```
 */
export class PrivateWorkloads extends pulumi.ComponentResource {
  /** Name of the current pull Secret, the same in every namespace; empty if all logins are in Secrets created elsewhere. */
  public readonly secretName: pulumi.Output<string>;
  /** What any other workload needs to use the Secrets, with the servers that the Secrets of all namespaces share. */
  public readonly reference: pulumi.Output<PullSecretReference>;
  /** The same by namespace key (`default` for a single namespace), with all servers of that namespace's Secret. */
  public readonly references: pulumi.Output<Record<string, PullSecretReference>>;
  /** The namespaces by the same keys; empty for the provider's. */
  public readonly namespaces: pulumi.Output<Record<string, string>>;
  /** All servers with a login; not secret. */
  public readonly servers: pulumi.Output<string[]>;
  /** The Deployments as `namespace/name`, by name. */
  public readonly deployments: pulumi.Output<Record<string, string>>;
  /** For each container, init container and image volume, the servers whose logins kubelet tries, in order; not secret. */
  public readonly pullPlan: pulumi.Output<PullPlanEntry[]>;

  constructor(name: string, args: PrivateWorkloadsArgs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "kubernetes-private-registry:index:PrivateWorkloads",
      name,
      withSecretLogins(componentInputs(args, "deployments")),
      withChangeHooks("PrivateWorkloads", opts),
    );
    const subject = `PrivateWorkloads "${name}"`;
    const { checkedArgs, outputsChecked } = readArguments(subject, args, privateWorkloadsShape, this);
    const namespaceKeys = Object.keys(namespacesByKey(checkedArgs));
    const deployments = readDeployments(
      checkedArgs.deployments as Record<string, DeploymentArgs>,
      namespaceKeys,
    );
    const logins = after(outputsChecked, secretLogins(checkedArgs));
    const plan = planPulls(this, subject, {
      ...checkedArgs,
      logins,
      deployments,
      namespaceKeys,
      otherProblems: ownSecretProblems({ ...checkedArgs }),
    });
    warnOfMovingTags(this, plan.entries);
    warnOfForeignNames(this, subject, checkedArgs.extraPullSecrets);
    explainGoneDeployments(this, Object.keys(checkedArgs.deployments));

    const isVersioned = (checkedArgs.rotation ?? Rotation.Versioned) === Rotation.Versioned;
    const placement = { ...checkedArgs, secretName: checkedArgs.secretName ?? name, isVersioned };
    const adopted = adoptedIds(this, subject, placement);
    const checks = pulumi.all([plan.entries, checkNamespaces(this, subject, placement)]);
    const checkedNames = namesAfter(checks, stateCanBeRead(), checkedArgs);
    const createdNamespaces = checkedArgs.createNamespace
      ? createNamespaces(this, name, checkedArgs, checkedNames)
      : {};
    const namespaceNames = { ...checkedNames, ...namesOf(createdNamespaces) };

    handDown(this, { adoptedIds: adopted, createdNamespaces, generations: plan.generations });
    const checkedLogins = after(plan.entries, logins);
    const pullSecret = givesLogins(checkedArgs)
      ? new ImagePullSecret(name, pullSecretArgs(checkedArgs, checkedLogins, checkedNames), { parent: this })
      : undefined;
    const { extraPullSecrets } = checkedArgs;
    const pullSecretsByKey = listedPullSecrets(pullSecret, plan.entries, extraPullSecrets, namespaceKeys);
    const ids = deployments.map(({ key, workload, namespaceKey, podSpec }) => {
      const pullSecrets = ownMember(pullSecretsByKey, namespaceKey) ?? after(plan.entries, pulumi.output([]));
      const path = `${joinPath("deployments", key)}.podSpec.imagePullSecrets`;
      const pinned = workload.pinDigest ? pinImages(podSpec, key, plan.pins) : podSpec;
      const deployment = createDeployment(this, {
        resourceName: `${name}-${key}`,
        name: key,
        namespace: ownMember(namespaceNames, namespaceKey),
        workload,
        podSpec: listPullSecrets(pinned, pullSecrets, listReader(this, subject, path)),
        options: opts,
      });
      return [key, deployment.id] as const;
    });

    const outputs = pullSecret ?? outputsWithoutSecret(checkedNames);
    this.secretName = outputs.secretName;
    this.reference = outputs.reference;
    this.references = outputs.references;
    this.namespaces = checkedArgs.createNamespace ? pulumi.output(namespaceNames) : outputs.namespaces;
    this.servers = outputs.servers;
    this.deployments = pulumi.output(Object.fromEntries(ids));
    this.pullPlan = plan.entries;
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
