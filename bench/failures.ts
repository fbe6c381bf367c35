import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { engineEnvironment } from "./engine";
import { median, progress } from "./measure";

/** Programs of test/support/engine/failingProgram.cjs, one for each way to fail. */
const failures = [
  "a wrong password",
  "a password that rejects",
  "an image that is not served",
  "a preset that is given a wrong key",
  "pull secrets that reject",
  "withPullSecrets, a pod spec that rejects",
];

/** How many more seconds the preview of a program with 20 Deployments takes when it fails. */
export function compareFailures(pairs: number): Record<string, { seconds: number }> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  try {
    const seconds = previewsIn(folder);
    return Object.fromEntries(
      failures.map((failure) => {
        const longer = Array.from({ length: pairs }, (_, pair) => {
          const [sound, failed] = [seconds("sound", true), seconds(failure, false)];
          progress(`${failure}, pair ${pair + 1}: ${failed.toFixed(2)} s, sound ${sound.toFixed(2)} s`);
          return failed - sound;
        });
        return [failure, { seconds: median(longer) }];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A function that previews a program file with the CLI, as users do, and returns the seconds it took. */
function previewsIn(folder: string): (failure: string, succeeds: boolean) => number {
  mkdirSync(join(folder, "state"));
  cpSync("test/support/engine/failingProgram.cjs", join(folder, "index.js"));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: bench\nmain: index.js\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
  );
  writeFileSync(join(folder, "package.json"), '{ "name": "bench", "private": true }');
  const pulumi = (args: string[], FAILURE: string): { status: number | null; output: string } => {
    const { status, stdout, stderr } = spawnSync("pulumi", ["--non-interactive", ...args], {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...engineEnvironment(join(folder, "state")),
        FAILURE,
        COUNT: "20",
        PACKAGE: require.resolve("../components"),
        OUT: join(folder, "manifests"),
      },
    });
    return { status, output: stdout + stderr };
  };
  pulumi(["stack", "init", "bench"], "sound");
  return (failure, succeeds) => {
    const started = performance.now();
    const { status, output } = pulumi(["preview", "--stack", "bench"], failure);
    const seconds = (performance.now() - started) / 1000;
    if ((status === 0) !== succeeds) {
      throw new Error(`${failure}: the preview ended with ${String(status)}:\n${output}`);
    }
    return seconds;
  };
}
