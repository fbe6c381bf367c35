import { factsOf } from "../components/internal/planDeployments";
import { podSpecOf } from "../components/internal/podSpec";
import { namespacesByKey } from "../components/lib/namespaces";
import { printableLine } from "../components/lib/problems";
import { type PlacedWorkload, planWorkloads } from "../components/lib/pullPlan";
import { isObject } from "../components/lib/records";
import { checkLogins } from "../components/lib/secretContents";
import { planEntry, type PullPlanEntry } from "../components/lib/workload";
import { parseSettings } from "../program/settings";

const project = "kubernetes-private-registry";

/** Placeholder for a password that is encrypted or not set yet; the plan does not need it. */
const hidden = "hidden";

/**
 * What kubelet will do to pull each image of a stack, from the parsed YAML of its file alone.
 *
 * @throws SettingsError with all problems of the config, apart from the passwords
 */
export function plannedPulls(stackFile: unknown): PullPlanEntry[] {
  const config = isObject(stackFile) && isObject(stackFile["config"]) ? stackFile["config"] : {};
  const texts = Object.entries(config)
    .filter(([key]) => !key.includes(":") || key.startsWith(`${project}:`))
    .map(([key, value]) => [key.replace(/^.*:/, ""), value] as const)
    .map(([key, value]) => [key, withoutSecrets(value)] as const)
    .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
  const settings = parseSettings(Object.fromEntries(texts) as Record<string, string>, project, new Date(0));
  const facts = Object.entries(settings.deployments).map(([key, workload]) =>
    factsOf({ key, workload, podSpec: podSpecOf(key, workload) }),
  );
  const namespaceKeys = Object.keys(namespacesByKey(settings));
  const { result } = planWorkloads({
    generations: checkLogins(settings, namespaceKeys).result,
    extraPullSecrets: settings.extraPullSecrets,
    serversWithoutSecret: settings.serversWithoutSecret,
    workloads: facts as PlacedWorkload[],
    namespaceKeys,
  });
  return result.pulls.map(planEntry);
}

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown) =>
      isObject(item) && "username" in item && !("password" in item)
        ? { ...item, password: hidden }
        : withoutSecrets(item),
    );
  }
  if (!isObject(value)) {
    return value;
  }
  return typeof value["secure"] === "string"
    ? hidden
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}

const columns = ["DEPLOYMENT", "CONTAINER", "IMAGE", "SERVERS IN KUBELET'S ORDER", "PULL SECRET"];

/** The plan as a table, with a line for each login that kubelet tries. */
export function pullTable(entries: PullPlanEntry[]): string {
  const rows = entries.flatMap(({ deployment, container, image, ...pull }, index) => {
    const [first = noLogin(pull), ...others] = pull.attempts;
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
  const table = [columns, ...rows].map((row) => row.map(printableLine));
  const widths = columns.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** What the table says in place of a login. */
function noLogin({ serverWithoutSecret }: Pick<PullPlanEntry, "serverWithoutSecret">) {
  return serverWithoutSecret === undefined
    ? { server: "none: anonymous", pullSecret: "" }
    : { server: serverWithoutSecret, pullSecret: "none needed" };
}
