import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "./args";
import { memberOf } from "./internal/memberOf";
import { readArguments } from "./internal/readArguments";
import { silently } from "./internal/silentOutputs";
import { seeAccounts, tellerOf, transformRun } from "./internal/transformRun";
import type { TransformedResource, TransformSource } from "./internal/transformSource";
import { warnOfRelease, warnOfUnknownKind } from "./internal/transformWarnings";
import { listInWorkload } from "./internal/transformedWorkload";
import { pullSecretTransformShape } from "./lib/argumentShapes";
import { MessageError } from "./lib/problems";
import { isServiceAccount, type TransformedKind, transformedKind } from "./lib/workloadKinds";

/** Pull Secrets in several namespaces: an ImagePullSecret, a PrivateWorkloads, or these two outputs of another stack. */
export interface PullSecretsByNamespace {
  /** What workloads list, by namespace key. */
  references: pulumi.Input<Record<string, PullSecretReference>>;
  /** The namespaces by the same keys; empty for the provider's. */
  namespaces: pulumi.Input<Record<string, string>>;
}

/** What a transform can't know by itself. */
export interface PullSecretTransformOptions {
  /**
   * Where resources of other kinds take pull Secrets, by API group and kind, such as `"acme.io/Widget"`: paths of pod specs, such
   * as `spec.podTemplate.spec`, or of plain lists that end in `imagePullSecrets`, such as `spec.imagePullSecrets`, which list the
   * Secrets of the namespace whatever the images are. `[]` stands for each item of a list. Default none: a schema without the
   * field would refuse it.
   */
  podTemplates?: Record<string, string[]>;
  /**
   * Pull Secrets of ServiceAccounts that the transform does not see, by `account` or `namespace/account`, for pods that list
   * none: Kubernetes gives a pod its account's Secrets only then. Of an account that is named here, no others are kept. Default
   * none.
   */
  serviceAccountSecrets?: Record<string, pulumi.Input<pulumi.Input<string>[]>>;
}

/**
 * A resource transform for workloads that you don't write yourself: Helm charts, YAML, Kustomize, other components. As the
 * option `transforms` of their parent, it makes every pod template below list the pull Secrets of its namespace, if one of
 * their servers matches an image of its containers (including init and ephemeral ones) or image volumes. They come after the
 * Secrets that it already lists, or, if it lists none, after those of its ServiceAccount, without duplicates; all other
 * resources stay as they are.
 *
 * Fails for a workload whose image a pull Secret serves, but not in the workload's namespace. If part of a workload's spec is
 * secret, the engine makes the whole spec secret, as with any transform.
 *
 * Warns of workloads that a rotation would harm by a new Secret name: Jobs, Pods, and pods that keep the old name; of other kinds
 * with a pod spec whose image a pull Secret serves; and of a helm.v3.Release, whose workloads it can't reach.
 *
 * @param pullSecret the component, or `references` and `namespaces` of another stack
 * @param options what the transform can't know by itself
 *
 * @example
 * ```ts
 * import { helm } from "@pulumi/kubernetes";
 * import { type ImagePullSecret, pullSecretTransform } from "kubernetes-private-registry";
 *
 * export function monitoring(pullSecret: ImagePullSecret): helm.v4.Chart {
 *   return new helm.v4.Chart(
 *     "monitoring",
 *     { chart: "./charts/monitoring", namespace: "monitoring" },
 *     { transforms: [pullSecretTransform(pullSecret)] },
 *   );
 * }
 * ```
 */
export function pullSecretTransform(
  pullSecret: PullSecretsByNamespace,
  options: PullSecretTransformOptions = {},
): pulumi.ResourceTransform {
  const { checkedArgs } = readArguments(
    "pullSecretTransform",
    {
      ...options,
      get references() {
        return pullSecret.references;
      },
      get namespaces() {
        return pullSecret.namespaces;
      },
    },
    pullSecretTransformShape,
  );
  const references = pulumi.output(checkedArgs.references);
  const referenceOf = (key: string) => memberOf(references, key);
  const placed = pulumi.output(checkedArgs.namespaces).apply((namespaces) => {
    const servers = Object.keys(namespaces).map((key) => [key, referenceOf(key).servers] as const);
    return pulumi.output({ namespaces, servers: pulumi.output(Object.fromEntries(servers)) });
  }) as TransformSource["placed"];
  const run = transformRun();
  const source: TransformSource = {
    placed,
    referenceOf,
    serviceAccountSecrets: checkedArgs.serviceAccountSecrets ?? {},
    run,
    teller: tellerOf(run),
  };
  return ({ custom, type, name, props, opts }) => {
    const resource = { type, name, props, opts };
    run.lastSeen = Date.now();
    const kind = transformedKind(type, checkedArgs.podTemplates);
    if (kind !== undefined) {
      return list(resource, kind);
    }
    if (custom && type.startsWith("kubernetes:")) {
      // The resource does not wait: the pull Secrets may themselves wait for it.
      notice(resource).catch(() => undefined);
    }
    return undefined;
  };

  async function list(
    resource: TransformedResource,
    kind: TransformedKind,
  ): Promise<pulumi.ResourceTransformResult> {
    await silently(pulumi.output(placed)).catch(() => {
      throw new MessageError("its pull Secrets failed, which another error reports.");
    });
    return { props: await listInWorkload(resource, kind, source), opts: resource.opts };
  }

  function notice(resource: TransformedResource): Promise<void> {
    if (isServiceAccount(resource.type)) {
      return seeAccounts(resource.props, run, source.teller);
    }
    return resource.type === "kubernetes:helm.sh/v3:Release"
      ? warnOfRelease(resource, source)
      : warnOfUnknownKind(resource, source);
  }
}
