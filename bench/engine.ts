import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measure, measurePair, medianRatios, type Ratios } from "./measure";

const steps = {
  up: { command: "up", password: "c4n4ry-one" },
  preview: { command: "preview", password: "c4n4ry-one" },
  rotation: { command: "up", password: "c4n4ry-two" },
} as const;

type Step = keyof typeof steps;

/** Compares the first `up`, a preview without changes, and the `up` with another password. */
export async function compareEngine(deployments: number, pairs: number): Promise<Record<Step, Ratios>> {
  const all: Record<Step, Ratios[]> = { up: [], preview: [], rotation: [] };
  for (let pair = 0; pair < pairs; pair++) {
    const root = mkdtempSync(join(tmpdir(), "bench-"));
    try {
      for (const step of Object.keys(steps) as Step[]) {
        const { command, password } = steps[step];
        all[step].push(
          await measurePair(`engine, ${deployments} Deployments, ${step}`, pair, (side) => {
            const directory = join(root, side);
            const backend = join(directory, "state");
            mkdirSync(backend, { recursive: true });
            const args = [side, String(deployments), directory, command, password];
            return measure("./engineRun", args, engineEnvironment(backend));
          }),
        );
      }
    } finally {
      rmSync(root, { recursive: true });
    }
  }
  return {
    up: medianRatios(all.up),
    preview: medianRatios(all.preview),
    rotation: medianRatios(all.rotation),
  };
}

let withPulumi: NodeJS.ProcessEnv | undefined;

/** The environment for a CLI that keeps its state in `backend`. */
export function engineEnvironment(backend: string): NodeJS.ProcessEnv {
  withPulumi ??= JSON.parse(
    execFileSync("offline/with-pulumi", [process.execPath, "-p", "JSON.stringify(process.env)"], {
      encoding: "utf8",
    }),
  ) as NodeJS.ProcessEnv;
  return {
    ...withPulumi,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: "bench",
    // The file backend writes the whole state twice per resource, so the time would grow with the square of their number.
    PULUMI_EXPERIMENTAL: "true",
    PULUMI_SKIP_CHECKPOINTS: "true",
  };
}
