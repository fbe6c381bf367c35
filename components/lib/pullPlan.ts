import type { PullAttempt } from "./kubelet/pullAttempts";
import type { CheckedLogin, Credential } from "./logins/credentials";
import type { LoginSources } from "./logins/loginSources";
import { joinPath, type Problem, quote } from "./problems";
import { type Generations, goesTo } from "./secretContents";
import { joinWords, suggestion } from "./suggestions";
import { type PlannedPull, planWorkload, type Workload } from "./workload";

/** A workload and the namespace key that it names. */
export interface PlacedWorkload extends Workload {
  namespace: string | undefined;
}

/** All logins and references of a set of workloads. */
export interface Logins extends LoginSources {
  extraPullSecrets?: { secretNames: string[]; servers: string[] }[];
}

/** A login in one of a pod's Secrets. */
export interface HeldLogin extends PullAttempt {
  /** Property path of the login, such as `registries[0]`; undefined if its Secret is created elsewhere. */
  path?: string;
  /** Undefined if not known, or invalid. */
  credential?: Credential;
}

/** The pulls of the checked workloads, with the checked logins. Secret, because it contains the logins. */
export interface PullPlan {
  generations: Generations;
  pulls: PlannedPull<HeldLogin>[];
}

/** The arguments of planWorkloads. */
export interface PullArgs {
  /** The checked logins. */
  generations: Generations;
  extraPullSecrets?: Logins["extraPullSecrets"];
  /** Servers whose images need no pull Secret, as {@link serverProblem} accepts them. */
  serversWithoutSecret?: readonly string[];
  workloads: PlacedWorkload[];
  /** Undefined if not known: then nothing that depends on them is checked. */
  namespaceKeys: readonly string[] | undefined;
  /** Property path of the workloads. Default `deployments`. */
  path?: string;
}

/** Plans the pulls of all workloads, with all their problems. */
export function planWorkloads({
  generations,
  extraPullSecrets = [],
  serversWithoutSecret,
  workloads,
  namespaceKeys,
  path = "deployments",
}: PullArgs): { result: PullPlan; problems: Problem[] } {
  const { current, previous } = generations;
  const others: HeldLogin[] = extraPullSecrets.flatMap(({ secretNames, servers }) =>
    secretNames.flatMap((pullSecret) => servers.map((server) => ({ server, pullSecret }))),
  );
  const heldIn = new Map(
    namespaceKeys?.map((key): [string, HeldLogin[]] => {
      const heldBy = (pullSecret: string, logins: CheckedLogin[] = []): HeldLogin[] =>
        logins.filter((login) => goesTo(key, login)).map((login) => ({ ...login, pullSecret }));
      return [
        key,
        [...heldBy("current", current.logins), ...heldBy("previous", previous?.logins), ...others],
      ];
    }),
  );
  const isComplete = namespaceKeys !== undefined && current.isComplete && previous?.isComplete !== false;
  const plans = workloads.map((workload) => {
    const own = joinPath(path, workload.name);
    const { key, reason } = namespaceKey(workload.namespace, namespaceKeys);
    const areServersKnown = isComplete && reason === undefined;
    const allowAnonymous = workload.allowAnonymous || !areServersKnown;
    const { result, problems } = planWorkload(
      { ...workload, allowAnonymous, serversWithoutSecret },
      heldIn.get(key) ?? others,
      own,
    );
    return {
      result,
      problems: reason === undefined ? problems : [{ path: `${own}.namespace`, reason }, ...problems],
    };
  });
  return {
    result: { generations, pulls: plans.flatMap(({ result }) => result) },
    problems: plans.flatMap(({ problems }) => problems),
  };
}

/** The namespace key of a workload: the one that it names, or the only one. */
export function namespaceKey(
  wanted: string | undefined,
  keys: readonly string[] | undefined,
): { key: string; reason?: string } {
  if (keys === undefined) {
    return { key: wanted ?? "" };
  }
  const key = wanted ?? (keys.length === 1 ? keys[0] : undefined);
  if (key === undefined) {
    return { key: "", reason: `is missing: give one of the keys of \`namespaces\`: ${joinWords(keys)}.` };
  }
  return keys.includes(key)
    ? { key }
    : {
        key,
        reason: `${quote(key)} is not a key of \`namespaces\`${suggestion(key, keys)}. Expected one of: ${joinWords(keys)}.`,
      };
}
