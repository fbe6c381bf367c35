import { factsOf } from "../components/internal/planDeployments";
import { podSpecOf } from "../components/internal/podSpec";
import { namespacesByKey } from "../components/lib/namespaces";
import { type PlacedWorkload, planWorkloads } from "../components/lib/pullPlan";
import { isObject } from "../components/lib/records";
import { checkLogins } from "../components/lib/secretContents";
import { planEntry, type PullPlanEntry } from "../components/lib/workload";
import { parseSettings } from "../program/settings";
import { alignedTable } from "./alignedTable";
import { loginsWithoutSecrets, withoutSecrets } from "./loginTable";

/** In the place of logins that are not in the stack file. No image is at such a server (RFC 2606). */
const elsewhere = [{ server: "logins-elsewhere.invalid", username: "hidden", password: "hidden" }];

/**
 * What kubelet will do to pull each image of a stack, from nothing but the settings in its file.
 *
 * @param settings by name, without the namespace of the keys
 * @param isPartial whether there are logins that the settings don't show: then every image may go without one
 * @throws SettingsError with all problems of the config, apart from the secrets
 */
export function plannedPulls(settings: Record<string, unknown>, isPartial = false): PullPlanEntry[] {
  const {
    registries = isPartial ? elsewhere : undefined,
    previousRegistries,
    workloads,
    ...others
  } = settings;
  const shown = {
    ...(withoutSecrets(others) as object),
    ...(registries !== undefined && { registries: loginsWithoutSecrets(registries) }),
    ...(previousRegistries !== undefined && { previousRegistries: loginsWithoutSecrets(previousRegistries) }),
    ...(workloads !== undefined && {
      workloads: withoutSecrets(isPartial ? withoutLogins(workloads) : workloads),
    }),
  };
  const texts = Object.entries(shown).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const parsed = parseSettings(
    Object.fromEntries(texts) as Record<string, string>,
    "pull-secret",
    new Date(0),
  );
  const facts = Object.entries(parsed.deployments).map(([key, workload]) =>
    factsOf({ key, workload, podSpec: podSpecOf(key, workload) }),
  );
  const namespaceKeys = Object.keys(namespacesByKey(parsed));
  const { result } = planWorkloads({
    generations: checkLogins(parsed, namespaceKeys).result,
    extraPullSecrets: parsed.extraPullSecrets,
    serversWithoutSecret: parsed.serversWithoutSecret,
    workloads: facts as PlacedWorkload[],
    namespaceKeys,
  });
  return result.pulls.map(planEntry);
}

/** Workloads that need no login. */
function withoutLogins(workloads: unknown): unknown {
  return isObject(workloads)
    ? Object.fromEntries(
        Object.entries(workloads).map(([name, workload]) => [
          name,
          isObject(workload) ? { ...workload, allowAnonymous: true } : workload,
        ]),
      )
    : workloads;
}

const columns = ["DEPLOYMENT", "CONTAINER", "IMAGE", "SERVERS IN KUBELET'S ORDER", "PULL SECRET"];

/** The plan as a table, with a line for each login that kubelet tries. */
export function pullTable(entries: PullPlanEntry[], isPartial = false): string {
  const rows = entries.flatMap(({ deployment, container, image, ...pull }, index) => {
    const [first = noLogin(pull, isPartial), ...others] = pull.attempts;
    return [
      [
        deployment === entries[index - 1]?.deployment ? "" : deployment,
        container,
        image,
        first.server,
        first.pullSecret,
      ],
      ...others.map(({ server, pullSecret }) => ["", "", "", server, pullSecret]),
    ];
  });
  return alignedTable([columns, ...rows]);
}

/** What the table says in place of a login. */
function noLogin({ serverWithoutSecret }: Pick<PullPlanEntry, "serverWithoutSecret">, isPartial: boolean) {
  if (serverWithoutSecret !== undefined) {
    return { server: serverWithoutSecret, pullSecret: "none needed" };
  }
  return { server: isPartial ? "none in this list" : "none: anonymous", pullSecret: "" };
}
