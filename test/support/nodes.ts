import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

/** The oldest line of Node.js that is supported, and the newest one with long-term support. */
export const nodeVersions = ["22.23.3", "24.21.0"];

/** The folder of a version's `node`, which npm has brought. */
export function nodeFolder(version: string): string {
  const install = resolve(__dirname, "../../offline/node/install.sh");
  return execFileSync(install, [version], { encoding: "utf8" }).trim();
}
