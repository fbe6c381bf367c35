import { execFileSync, spawnSync } from "node:child_process";
import type { Context } from "mocha";

/** Commands, each with its Debian package; no package if Debian's is too old. */
type Tools = Record<string, string | undefined>;

/**
 * Makes sure that tools are there: installs them as root, else skips the tests of the hook's suite with one line that says
 * why. In CI a missing tool is a failure.
 */
export function requireTools(hook: Context, tests: string, tools: Tools): void {
  hook.timeout(180_000);
  const packages = Object.values(tools).filter((name) => name !== undefined);
  if (missingOf(tools).length > 0 && process.getuid?.() === 0 && isInstalled("apt-get")) {
    execFileSync("apt-get", ["update"], { stdio: "pipe" });
    execFileSync("apt-get", ["install", "-y", ...packages], { stdio: "pipe" });
  }
  const missing = missingOf(tools);
  if (missing.length === 0) {
    return;
  }
  const installable = missing.flatMap((tool) => tools[tool] ?? []);
  const remedy = installable.length > 0 ? `: apt-get install ${installable.join(" ")}` : "";
  const message = `${tests} need ${missing.join(", ")}${remedy}`;
  if (process.env["CI"] === "true") {
    throw new Error(message);
  }
  console.log(`skipped: ${message}`);
  hook.skip();
}

function missingOf(tools: Tools): string[] {
  return Object.keys(tools).filter((tool) => !isInstalled(tool));
}

function isInstalled(tool: string): boolean {
  return spawnSync("sh", ["-c", 'command -v "$0"', tool]).status === 0;
}
