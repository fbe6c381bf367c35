import { Verification } from "../components";
import { auditedPods, auditedSecrets, withCluster } from "./auditCluster";
import { compareEngine } from "./engine";
import { compareFailures } from "./failures";
import { compare, measure, median, progress, type Ratios } from "./measure";
import { type Options, parseOptions, usage } from "./options";
import { comparePlugin } from "./plugin";
import type { Usage } from "./reportUsage";
import { withRegistry } from "./registry";

/** The results of the requested parts; ratios by number of Deployments. */
interface Report {
  mocks?: Record<string, Ratios>;
  engine?: Record<string, Record<string, Ratios>>;
  import?: Ratios;
  /** Of the whole program, and more than without the check. */
  preflight?: { seconds: number; check: number };
  /** Seconds more than a successful run, by what fails. */
  failures?: Record<string, { seconds: number }>;
  /** In addition to a TypeScript program of plain resources. */
  plugin?: Usage;
  audit?: Usage;
}

const preflightImages = 200;

async function run({ parts, counts, pairs }: Options): Promise<Report> {
  const report: Report = {};
  if (parts.includes("import")) {
    report.import = await compare("import", pairs ?? 31, (side) => measure("./importRun", [side]));
  }
  if (parts.includes("mocks")) {
    report.mocks = {};
    for (const count of counts) {
      report.mocks[count] = await compare(
        `mocks, ${count} Deployments`,
        pairs ?? (count > 1000 ? 3 : 7),
        (side) => measure("./mocksRun", [side, String(count)]),
      );
    }
  }
  if (parts.includes("preflight")) {
    report.preflight = await preflight(pairs ?? 5);
  }
  if (parts.includes("failures")) {
    report.failures = compareFailures(pairs ?? 3);
  }
  if (parts.includes("plugin")) {
    report.plugin = comparePlugin(pairs ?? 5);
  }
  if (parts.includes("audit")) {
    report.audit = await audit(pairs ?? 3);
  }
  if (parts.includes("engine")) {
    report.engine = {};
    for (const count of counts) {
      report.engine[count] = await compareEngine(count, pairs ?? (count > 1000 ? 3 : 5));
    }
  }
  return report;
}

async function preflight(pairs: number): Promise<{ seconds: number; check: number }> {
  return withRegistry(async (server, caPath) => {
    const measured: { seconds: number; check: number }[] = [];
    const secondsOf = async (verify: Verification): Promise<number> => {
      const args = [server, caPath, String(preflightImages), verify];
      return (await measure("./preflightRun", args)).seconds;
    };
    for (let pair = 0; pair < pairs; pair++) {
      const [unchecked, seconds] = [await secondsOf(Verification.Off), await secondsOf(Verification.Enforce)];
      const check = seconds - unchecked;
      progress(
        `preflight of ${preflightImages} images, pair ${pair + 1}: ${seconds.toFixed(2)} s, the check ${check.toFixed(2)} s`,
      );
      measured.push({ seconds, check });
    }
    return {
      seconds: median(measured.map(({ seconds }) => seconds)),
      check: median(measured.map(({ check }) => check)),
    };
  });
}

async function audit(runs: number): Promise<Usage> {
  return withCluster(async (socketPath) => {
    const measured: Usage[] = [];
    for (let run = 0; run < runs; run++) {
      const { seconds, megabytes } = await measure("./auditRun", [socketPath]);
      progress(`audit, run ${run + 1}: ${seconds.toFixed(2)} s ${megabytes.toFixed(0)} MB`);
      measured.push({ seconds, megabytes });
    }
    return {
      seconds: median(measured.map(({ seconds }) => seconds)),
      megabytes: median(measured.map(({ megabytes }) => megabytes)),
    };
  });
}

function table({
  mocks = {},
  engine = {},
  import: imported,
  preflight,
  failures = {},
  plugin,
  audit: audited,
}: Report): string {
  const rows: [string, Ratios][] = [
    ...Object.entries(mocks).map(([count, ratios]): [string, Ratios] => [`mocks, ${count}`, ratios]),
    ...Object.entries(engine).flatMap(([count, steps]) =>
      Object.entries(steps).map(([step, ratios]): [string, Ratios] => [`engine, ${count}, ${step}`, ratios]),
    ),
    ...(imported ? [["import", imported] as [string, Ratios]] : []),
  ];
  const lines = rows.map(([what, { time, memory }]) => row(what, time.toFixed(2), memory.toFixed(2)));
  return [
    ...(lines.length > 0 ? [row("", "time", "memory"), ...lines] : []),
    ...(preflight
      ? [
          `preflight of ${preflightImages} images: ${preflight.seconds.toFixed(2)} s, the check alone ${preflight.check.toFixed(2)} s`,
        ]
      : []),
    ...Object.entries(failures).map(([failure, { seconds }]) => `${failure}: ${signed(seconds, 2)} s`),
    ...(plugin
      ? [`plugin, from YAML: ${signed(plugin.seconds, 2)} s, ${signed(plugin.megabytes, 0)} MB`]
      : []),
    ...(audited
      ? [
          `audit of ${auditedPods} pods, ${auditedSecrets} Secrets: ${audited.seconds.toFixed(2)} s, ${audited.megabytes.toFixed(0)} MB`,
        ]
      : []),
  ].join("\n");
}

function row(what: string, ...cells: string[]): string {
  return what.padEnd(26) + cells.map((cell) => cell.padStart(8)).join("");
}

function signed(figure: number, digits: number): string {
  return (figure > 0 ? "+" : "") + figure.toFixed(digits);
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(usage);
    return;
  }
  const report = await run(options);
  console.log(options.json ? JSON.stringify(report) : table(report));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
