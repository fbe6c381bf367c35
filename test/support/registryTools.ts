import { execFileSync, spawnSync } from "node:child_process";
import type { Context } from "mocha";

const packages = { "docker-registry": "docker-registry", htpasswd: "apache2-utils", openssl: "openssl" };

/**
 * Makes sure that Debian's docker-registry, htpasswd and openssl are there: installs them as root, else skips the tests
 * of the hook's suite with one line that says why. In CI a missing tool is a failure.
 */
export function requireRegistryTools(hook: Context): void {
  hook.timeout(180_000);
  if (missingTools().length > 0 && process.getuid?.() === 0 && isInstalled("apt-get")) {
    execFileSync("apt-get", ["update"], { stdio: "pipe" });
    execFileSync("apt-get", ["install", "-y", ...Object.values(packages)], { stdio: "pipe" });
  }
  const missing = missingTools();
  if (missing.length === 0) {
    return;
  }
  const message = `registry tests need ${missing.join(", ")}: apt-get install ${Object.values(packages).join(" ")}`;
  if (process.env["CI"] === "true") {
    throw new Error(message);
  }
  console.log(`skipped: ${message}`);
  hook.skip();
}

function missingTools(): string[] {
  return Object.keys(packages).filter((tool) => !isInstalled(tool));
}

function isInstalled(tool: string): boolean {
  return spawnSync("sh", ["-c", 'command -v "$0"', tool]).status === 0;
}
