import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PullAttempt } from "../lib/coverage";
import type { PullSecretReference } from "./args";
import { mapInput } from "./inputs";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Reference = k8s.types.input.core.v1.LocalObjectReference;
type References = pulumi.Input<pulumi.Input<PullSecretReference>[]>;

/** The names of the Secrets, in the order in which a pod lists them. */
export function secretNamesOf(references: References): pulumi.Output<string[]> {
  return pulumi.output(references).apply((known) => known.flatMap(({ secretNames }) => secretNames));
}

/** The servers of the Secrets: known also where their names are not yet. */
export function serversOf(references: References): pulumi.Output<PullAttempt[]> {
  const lists = Array.isArray(references)
    ? pulumi.all(references.map((reference) => pulumi.output(reference).servers))
    : pulumi.output(references).apply((known) => known.map(({ servers }) => servers));
  return lists.apply((known) => known.flat().map((server) => ({ server, pullSecret: "current" })));
}

/** A pod spec that lists `names` behind the pull Secrets that it lists already, each name once. */
export function listPullSecrets(
  podSpec: pulumi.Input<PodSpec>,
  names: pulumi.Output<string[]>,
): pulumi.Input<PodSpec> {
  return mapInput(podSpec, (spec) => ({
    ...spec,
    imagePullSecrets: pulumi
      .all([spec.imagePullSecrets, names])
      .apply(([listed, added]) => toReferences([...(listed ?? []).map(({ name }) => name ?? ""), ...added])),
  }));
}

function toReferences(names: string[]): Reference[] {
  return [...new Set(names)].map((name) => ({ name }));
}
