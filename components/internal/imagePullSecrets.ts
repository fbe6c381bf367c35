import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "../args";
import type { PullAttempt } from "../lib/kubelet/pullAttempts";
import { pullSecretProblems } from "../lib/podSpecLists";
import { after, checked, mapInput } from "./inputs";
import { knownNow } from "./podSpecLists";
import { secretNamesOf } from "./secrets";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type References = pulumi.Input<pulumi.Input<PullSecretReference>[]>;

/** Pull Secrets as a pod lists them. */
type PullSecrets = { name: string }[];

/** The names of the Secrets, in the order in which a pod lists them. */
export function referencedNames(
  references: pulumi.Input<pulumi.Input<PullSecretReference>[] | undefined>,
): pulumi.Output<string[]> {
  return pulumi.output(references).apply((known) => (known ?? []).flatMap(({ secretNames }) => secretNames));
}

/**
 * The pull Secrets that the Deployments of each namespace list, by namespace key: those of the component, then those that
 * somebody else makes. This is the barrier of a rotation: no Deployment rolls before the new Secrets of all namespaces are
 * there.
 */
export function listedPullSecrets(
  pullSecret: pulumi.Resource & { references: pulumi.Output<unknown> },
  extraPullSecrets: pulumi.Input<pulumi.Input<PullSecretReference>[]> | undefined,
): Record<string, pulumi.Output<PullSecrets>> {
  const extraSecretNames = after(pullSecret.references, referencedNames(extraPullSecrets));
  return Object.fromEntries(
    Object.entries(secretNamesOf(pullSecret)).map(([key, secretNames]) => {
      const lists = pulumi.output([secretNames, extraSecretNames]);
      return [key, lists.apply((names) => distinct(names.flat()))];
    }),
  );
}

/** The servers of the Secrets: known also where their names are not yet. */
export function serversOf(references: References): pulumi.Output<PullAttempt[]> {
  const lists = Array.isArray(references)
    ? pulumi.all(references.map((reference) => pulumi.output(reference).servers))
    : pulumi.output(references).apply((known) => known.map(({ servers }) => servers));
  return lists.apply((known) => attemptsAt(known.flat()));
}

/** The servers that images are checked against: those that are given apart from the Secrets, else those of the Secrets. */
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

/** The pull Secrets of these names, each once. */
export function pullSecretsOf(names: pulumi.Output<string[]>): pulumi.Output<PullSecrets> {
  return names.apply(distinct);
}

/** Reads pull Secrets of any shape, of which Outputs may be known late. */
export type ListReader = (listed: pulumi.Input<unknown>) => pulumi.Output<PullSecrets>;

/** Reads them in the name of a component. */
export function listReader(component: pulumi.Resource, subject: string, path: string): ListReader {
  return (listed) =>
    checked(component, subject, listed, (known) => ({
      result: known as PullSecrets,
      problems: pullSecretProblems(known, path),
    }));
}

/**
 * A pod spec that lists `added` behind the pull Secrets that it lists already, each once. What is known to be wrong with
 * these at once is an error of `added`.
 */
export function listPullSecrets(
  podSpec: pulumi.Input<PodSpec>,
  added: pulumi.Output<PullSecrets>,
  read: ListReader,
): pulumi.Input<PodSpec> {
  return mapInput(podSpec, (spec) => {
    const listed = (spec as PodSpec | null)?.imagePullSecrets ?? undefined;
    const isWrong = pullSecretProblems(knownNow(listed), "").length > 0;
    const own = listed === undefined || isWrong ? undefined : read(listed);
    const imagePullSecrets =
      own === undefined
        ? added
        : pulumi
            .all([own, added])
            .apply((lists) =>
              distinct(lists.flatMap((list) => (list as PullSecrets | null) ?? []).map(({ name }) => name)),
            );
    return { ...spec, imagePullSecrets };
  });
}

function distinct(names: string[]): PullSecrets {
  return [...new Set(names)].map((name) => ({ name }));
}
