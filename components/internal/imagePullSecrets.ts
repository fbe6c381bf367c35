import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "../args";
import type { PullAttempt } from "../lib/kubelet/pullAttempts";
import { pullSecretProblems } from "../lib/podImages";
import { applyCheck, mapInput } from "./inputs";
import { knownPullSecrets } from "./readPodSpec";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type References = pulumi.Input<pulumi.Input<PullSecretReference>[]>;

/** A pod's `imagePullSecrets`. */
export type PullSecrets = { name: string }[];

/** The Secrets' names, in the order in which a pod lists them. */
export function referencedNames(
  references: pulumi.Input<pulumi.Input<PullSecretReference>[] | undefined>,
): pulumi.Output<string[]> {
  return pulumi.output(references).apply((known) => (known ?? []).flatMap(({ secretNames }) => secretNames));
}

/** The Secrets' servers, which may be known before their names. */
export function serversOf(references: References): pulumi.Output<PullAttempt[]> {
  const lists = Array.isArray(references)
    ? pulumi.all(references.map((reference) => pulumi.output(reference).servers))
    : pulumi.output(references).apply((known) => known.map(({ servers }) => servers));
  return lists.apply((known) => attemptsAt(known.flat()));
}

/** The servers to check images against: the given ones if any, else those of the Secrets. */
export function checkedServers(
  given: pulumi.Input<pulumi.Input<string>[]> | undefined,
  held: pulumi.Output<PullAttempt[]>,
): pulumi.Output<PullAttempt[]> {
  const servers: pulumi.Output<string[] | undefined> = pulumi.output(given);
  return servers.apply((known) => (known === undefined ? held : pulumi.output(attemptsAt(known))));
}

function attemptsAt(servers: string[]): PullAttempt[] {
  return servers.map((server) => ({ server, pullSecret: "current" }));
}

/** The pull Secrets with these names, without duplicates. */
export function pullSecretsOf(names: pulumi.Output<string[]>): pulumi.Output<PullSecrets> {
  return names.apply(distinctPullSecrets);
}

/** Reads a list of pull Secrets of any shape, possibly an Output. */
export type ListReader = (listed: pulumi.Input<unknown>) => pulumi.Output<PullSecrets>;

/** A reader that reports problems against a component. */
export function listReader(component: pulumi.Resource, subject: string, path: string): ListReader {
  return (listed) =>
    applyCheck(component, subject, listed, (known) => ({
      result: known as PullSecrets,
      problems: pullSecretProblems(known, path),
    }));
}

/**
 * Adds `added` to a pod spec's pull Secrets, after those that it already lists, without duplicates. If those are known to be
 * wrong now, `added` already fails for it, so they are dropped here.
 */
export function listPullSecrets(
  podSpec: pulumi.Input<PodSpec>,
  added: pulumi.Output<PullSecrets>,
  read: ListReader,
): pulumi.Input<PodSpec> {
  return mapInput(podSpec, (spec) => {
    const listed = (spec as PodSpec | null)?.imagePullSecrets ?? undefined;
    const isWrong = pullSecretProblems(knownPullSecrets(listed), "").length > 0;
    const own = listed === undefined || isWrong ? undefined : read(listed);
    const imagePullSecrets =
      own === undefined
        ? added
        : pulumi
            .all([own, added])
            .apply((lists) =>
              distinctPullSecrets(
                lists.flatMap((list) => (list as PullSecrets | null) ?? []).map(({ name }) => name),
              ),
            );
    return { ...spec, imagePullSecrets };
  });
}

export function distinctPullSecrets(names: string[]): PullSecrets {
  return [...new Set(names)].map((name) => ({ name }));
}
