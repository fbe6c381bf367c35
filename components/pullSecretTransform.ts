import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "./args";
import { argumentsError } from "./internal/argumentsError";
import { memberOf } from "./internal/memberOf";
import { knownPullSecrets, readPodSpec } from "./internal/podSpecLists";
import { readArguments } from "./internal/readArguments";
import { silently } from "./internal/silentOutputs";
import { inEngineForm, mapAt, mapKnown, readAt } from "./internal/transformedProps";
import { pullSecretsByNamespaceShape } from "./lib/argumentShapes";
import { pullSecretProblems } from "./lib/podSpecLists";
import { addedPullSecrets, neededPullSecret, podSpecPath } from "./lib/podTemplates";
import { MessageError, type Problem } from "./lib/problems";

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Pull Secrets in several namespaces: an ImagePullSecret, a PrivateWorkloads, or these two outputs of another stack. */
export interface PullSecretsByNamespace {
  /** What workloads list, by namespace key. */
  references: pulumi.Input<Record<string, PullSecretReference>>;
  /** The namespaces by the same keys; empty for the provider's. */
  namespaces: pulumi.Input<Record<string, string>>;
}

/**
 * A resource transform for workloads that you don't write yourself: Helm charts, YAML, Kustomize, other components. As the
 * option `transforms` of their parent, it makes every pod template below list the pull Secrets of its namespace, if one of
 * their servers matches an image of its containers (including init and ephemeral ones) or image volumes. They come after the
 * Secrets that it already lists, without duplicates; all other resources stay as they are.
 *
 * Fails for a workload whose image a pull Secret serves, but not in the workload's namespace. If part of a workload's spec is
 * secret, the engine makes the whole spec secret, as with any transform.
 *
 * @param pullSecret the component, or `references` and `namespaces` of another stack
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
export function pullSecretTransform(pullSecret: PullSecretsByNamespace): pulumi.ResourceTransform {
  const { checkedArgs } = readArguments(
    "pullSecretTransform",
    {
      get references() {
        return pullSecret.references;
      },
      get namespaces() {
        return pullSecret.namespaces;
      },
    },
    pullSecretsByNamespaceShape,
  );
  const references = pulumi.output(checkedArgs.references);
  const referenceOf = (key: string) => memberOf(references, key);
  const placed = pulumi.output(checkedArgs.namespaces).apply((namespaces) => {
    const servers = Object.keys(namespaces).map((key) => [key, referenceOf(key).servers] as const);
    return { namespaces, servers: pulumi.output(Object.fromEntries(servers)) };
  });
  return ({ type, name, props, opts }) => {
    const path = podSpecPath(type);
    return path && list({ type, name, props, opts }, path);
  };

  async function list(
    { type, name, props, opts }: Pick<pulumi.ResourceTransformArgs, "type" | "name" | "props" | "opts">,
    path: readonly string[],
  ): Promise<pulumi.ResourceTransformResult> {
    await silently(pulumi.output(placed)).catch(() => {
      throw new MessageError("its pull Secrets failed, which another error reports.");
    });
    const subject = `${type.replace(/.*:/, "")} "${name}"`;
    const namespace = readAt(props, ["metadata", "namespace"]);
    const refuse = (problems: Problem[]): void => {
      if (problems.length > 0) {
        throw argumentsError(subject, problems);
      }
    };
    const withNames = (podSpec: PodSpec): PodSpec => {
      const names = pulumi
        .all([readPodSpec(podSpec, path.join(".")), namespace, placed])
        .apply(([{ images, problems }, own, known]): pulumi.Input<string[] | undefined> => {
          const workload = { namespace: own ?? "", images: images.map(({ image }) => image) };
          const { key, reason } = neededPullSecret(workload, known);
          if (reason !== undefined) {
            refuse([{ path: "metadata.namespace", reason }]);
          }
          if (key === undefined) {
            return undefined;
          }
          refuse(problems);
          return referenceOf(key).secretNames;
        });
      const imagePullSecrets = mapKnown(podSpec.imagePullSecrets, (listed) =>
        pulumi.all([listed as object | undefined, names]).apply(([own, added]) => {
          if (added === undefined) {
            return own;
          }
          refuse(pullSecretProblems(knownPullSecrets(own), [...path, "imagePullSecrets"].join(".")));
          return addedPullSecrets((own ?? []) as { name: string }[], added);
        }),
      );
      return { ...podSpec, imagePullSecrets } as PodSpec;
    };
    const listing = inEngineForm(mapAt(props, path, withNames)) as pulumi.Inputs;
    // Fail here rather than in an Output: the SDK reports a failed transform, and would report the Output a second time.
    await silently(pulumi.output(listing));
    return { props: listing, opts };
  }
}
