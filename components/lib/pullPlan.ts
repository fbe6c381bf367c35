import type { PullAttempt } from "./kubelet/pullAttempts";
import { ownMember } from "./ownMember";
import { hidePasswords } from "./hidePasswords";
import { joinPath, listed, type Problem, quote, suggestion } from "./problems";
import { planPullSecrets } from "./secretContents";
import { planWorkload, type PullPlanEntry, type Workload } from "./workload";

/** A workload and the key of the namespace that was asked for. */
export interface PlacedWorkload extends Workload {
  namespace: string | undefined;
}

/** All logins and references of a set of workloads. */
export interface WorkloadsLogins {
  registries: unknown;
  previousRegistries?: unknown;
  extraPullSecrets?: { secretNames: string[]; servers: string[] }[];
}

/**
 * The pull plan of all workloads, and everything that is wrong with them and with their logins.
 *
 * @param namespaceKeys undefined for keys that are not known: then what depends on them is not checked
 */
export function planWorkloads(
  logins: WorkloadsLogins,
  workloads: PlacedWorkload[],
  namespaceKeys: readonly string[] | undefined,
  path = "deployments",
): { result: PullPlanEntry[]; problems: Problem[] } {
  const { result: secrets, problems } = planPullSecrets(logins, namespaceKeys);
  const extra = (logins.extraPullSecrets ?? []).flatMap(({ secretNames, servers }) =>
    secretNames.flatMap((pullSecret) => servers.map((server) => ({ server, pullSecret }))),
  );
  const heldBy = (pullSecret: string, servers: string[] = []): PullAttempt[] =>
    servers.map((server) => ({ server, pullSecret }));
  const serversIn = new Map(
    namespaceKeys?.map((key) => [
      key,
      [
        ...heldBy("current", ownMember(secrets.registries.servers, key)),
        ...heldBy("previous", ownMember(secrets.previousRegistries?.servers ?? {}, key)),
        ...extra,
      ],
    ]),
  );
  const isComplete =
    namespaceKeys !== undefined &&
    secrets.registries.isComplete &&
    secrets.previousRegistries?.isComplete !== false;
  const plans = workloads.map((workload) => {
    const own = joinPath(path, workload.name);
    const { key, reason } = namespaceKey(workload.namespace, namespaceKeys);
    const areServersKnown = isComplete && reason === undefined;
    const allowAnonymous = workload.allowAnonymous || !areServersKnown;
    const { result, problems } = planWorkload(
      { ...workload, allowAnonymous },
      serversIn.get(key) ?? extra,
      own,
    );
    return {
      result,
      problems: reason === undefined ? problems : [{ path: `${own}.namespace`, reason }, ...problems],
    };
  });
  return {
    result: plans.flatMap(({ result }) => result),
    problems: [
      ...problems,
      ...hidePasswords(
        plans.flatMap((plan) => plan.problems),
        [logins.registries, logins.previousRegistries],
      ),
    ],
  };
}

/** The key of the namespace that a workload goes to: the one that it names, or the only one. */
export function namespaceKey(
  wanted: string | undefined,
  keys: readonly string[] | undefined,
): { key: string; reason?: string } {
  if (keys === undefined) {
    return { key: wanted ?? "" };
  }
  const key = wanted ?? (keys.length === 1 ? keys[0] : undefined);
  if (key === undefined) {
    return { key: "", reason: `is missing: give one of the keys of \`namespaces\`: ${listed(keys)}.` };
  }
  return keys.includes(key)
    ? { key }
    : {
        key,
        reason: `${quote(key)} is not a key of \`namespaces\`${suggestion(key, keys)}. Known are: ${listed(keys)}.`,
      };
}
