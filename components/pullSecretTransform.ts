import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "./internal/args";
import { containerImages } from "./internal/podSpec";
import { inEngineForm, mapAt, readAt } from "./internal/transformedProps";
import { addedPullSecrets, neededPullSecret, podSpecPath } from "./lib/podTemplates";
import { printableLine } from "./lib/problems";

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Pull Secrets of several namespaces: an ImagePullSecret, a PrivateWorkloads, or these two outputs of another stack. */
export interface PullSecretsByNamespace {
  /** What workloads list, by namespace key. */
  references: pulumi.Input<Record<string, PullSecretReference>>;
  /** The namespaces by the same keys; empty for the provider's. */
  namespaces: pulumi.Input<Record<string, string>>;
}

/**
 * A resource transform for workloads that you don't write: Helm charts, YAML, Kustomize, components of others. Given as
 * the option `transforms` of their parent, it makes every pod template under it list the pull Secrets of the workload's own
 * namespace, if one of their servers matches an image of its containers, init containers or ephemeral containers. Secrets
 * that it lists already stay before them, each once; all other resources stay as they are.
 *
 * It fails for a workload whose image is served where there is no pull Secret in the workload's namespace. Where a part of
 * a workload's spec is secret, the engine makes all of the spec secret, as with any transform.
 *
 * @param pullSecret the component, or `references` and `namespaces` of another stack
 */
export function pullSecretTransform(pullSecret: PullSecretsByNamespace): pulumi.ResourceTransform {
  const references = pulumi.output(pullSecret.references);
  const referenceOf = (key: string) => references[key] as pulumi.Output<PullSecretReference>;
  const placed = pulumi.output(pullSecret.namespaces).apply((namespaces) => {
    const servers = Object.keys(namespaces).map((key) => [key, referenceOf(key).servers] as const);
    return { namespaces, servers: pulumi.output(Object.fromEntries(servers)) };
  });
  return ({ type, name, props, opts }) => {
    const path = podSpecPath(type);
    if (path === undefined) {
      return undefined;
    }
    const subject = `${type.replace(/.*:/, "")} "${name}"`;
    const namespace = readAt(props, ["metadata", "namespace"]);
    const withNames = (podSpec: PodSpec): PodSpec => {
      const names = pulumi
        .all([containerImages(podSpec), namespace, placed])
        .apply(([images, own, known]): pulumi.Input<string[]> => {
          const workload = { subject, namespace: own ?? "", images: images.map(({ image }) => image) };
          const { key, reason } = neededPullSecret(workload, known);
          if (reason !== undefined) {
            throw new pulumi.RunError(printableLine(reason));
          }
          return key === undefined ? [] : referenceOf(key).secretNames;
        });
      const imagePullSecrets = pulumi
        .all([podSpec.imagePullSecrets, names])
        .apply(([listed = [], added]) => addedPullSecrets(listed, added));
      return { ...podSpec, imagePullSecrets: imagePullSecrets };
    };
    return { props: inEngineForm(mapAt(props, path, withNames)) as pulumi.Inputs, opts };
  };
}
