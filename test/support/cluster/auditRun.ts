import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

const root = resolve(__dirname, "..", "..", "..");

/** The environment in which `kubectl` leads to an API server of a test's own. */
export function fakeKubectl(folder: string, socketPath: string): Record<string, string> {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const script = join(__dirname, "fakeKubectl.mjs");
  writeFileSync(join(bin, "kubectl"), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`, {
    mode: 0o755,
  });
  return { PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`, API_SOCKET: socketPath };
}

/**
 * Runs the command `audit` in a process of its own.
 *
 * @param untilSignal when it is ended by a SIGTERM
 */
export async function runAudit(
  args: string[],
  environment: Record<string, string>,
  untilSignal?: Promise<unknown>,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["--import=tsx", "commands/main.ts", "audit", ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  void untilSignal?.then(() => child.kill("SIGTERM"));
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  const code = await new Promise<number>((done, failed) => {
    child.on("error", failed).on("close", (status) => {
      done(status ?? -1);
    });
  });
  return { code, ...output };
}
