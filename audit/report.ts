import { printable, printableLine } from "../components/lib/problems";
import { alignedTable } from "../commands/alignedTable";
import type { AuditReport } from "./auditCluster";
import { nameOf } from "./cluster";
import type { Counts } from "./counts";
import type { Finding } from "./findings";

/** The report as one JSON object. Control and invisible characters of names are escaped, as JSON allows. */
export function jsonReport(report: AuditReport): string {
  return printable(JSON.stringify(report, undefined, 2));
}

/** The report for people. */
export function tableReport({ findings, notes, unread, counts }: AuditReport): string {
  return [
    ...(findings.length > 0 ? [table(findings), ""] : []),
    ...(notes.length > 0 ? ["Worth knowing, but not counted as findings:", "", table(notes), ""] : []),
    ...(unread.length > 0
      ? [
          "Could not be read, so all of this may be incomplete:",
          ...unread.map(({ resource, what, fix }) =>
            printableLine(`  ${resource}: ${what} ${fix}`.trimEnd()),
          ),
          "",
        ]
      : []),
    summary(findings.length, counts),
  ].join("\n");
}

const columns = ["PROBLEM", "NAMESPACE", "OBJECT", "IMAGE"];

/** A row for each finding, and below it what is wrong and what to do. */
function table(findings: readonly Finding[]): string {
  const rows = findings.map(({ problem, namespace, kind, name, image = "" }) => [
    problem,
    namespace,
    nameOf({ kind, name }),
    image,
  ]);
  const [header = "", ...lines] = alignedTable([columns, ...rows]).split("\n");
  return [
    header,
    ...findings.flatMap(({ what, fix }, index) => [
      lines[index] ?? "",
      printableLine(`  ${what}`),
      printableLine(`  ${fix}`),
    ]),
  ].join("\n");
}

function summary(findings: number, { workloads, pods, pullSecrets, images, anonymous }: Counts): string {
  const registries = Object.entries(anonymous)
    .map(([registry, count]) => `${registry} ${count}`)
    .join(", ");
  const parts = [
    `${images.served} with a login of a Secret`,
    `${images.byNode} by the nodes or from a server that needs no Secret`,
    `${images.anonymous} without a login`,
    ...(images.broken > 0 ? [`${images.broken} not at all`] : []),
    ...(images.unknown > 0 ? [`${images.unknown} unknown`] : []),
  ];
  return [
    `${counted(findings, "finding")} in ${counted(workloads, "workload")}, ${counted(pods, "pod")}${pullSecrets === undefined ? "" : ` and ${counted(pullSecrets, "pull Secret")}`}.`,
    `Images are pulled: ${parts.join(", ")}.`,
    ...(registries === "" ? [] : [`Without a login, and with no sign that they need one: ${registries}.`]),
  ]
    .map(printableLine)
    .join("\n");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
