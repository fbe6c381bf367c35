import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PullAttempt } from "../lib/coverage";
import type { PullSecretReference } from "./args";
import { mapInput } from "./inputs";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type References = pulumi.Input<pulumi.Input<PullSecretReference>[]>;

/** Pull Secrets as a pod lists them. */
type PullSecrets = { name: string }[];

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

/** The pull Secrets of these names, each once. */
export function pullSecretsOf(names: pulumi.Output<string[]>): pulumi.Output<PullSecrets> {
  return names.apply(distinct);
}

/** A pod spec that lists `added` behind the pull Secrets that it lists already, each once. */
export function listPullSecrets(
  podSpec: pulumi.Input<PodSpec>,
  added: pulumi.Output<PullSecrets>,
): pulumi.Input<PodSpec> {
  return mapInput(podSpec, (spec) => ({
    ...spec,
    imagePullSecrets:
      spec.imagePullSecrets === undefined
        ? added
        : pulumi
            .all([spec.imagePullSecrets, added])
            .apply((lists) => distinct(lists.flatMap((list) => (list ?? []).map(({ name }) => name ?? "")))),
  }));
}

function distinct(names: string[]): PullSecrets {
  return [...new Set(names)].map((name) => ({ name }));
}
