import { RunError } from "@pulumi/pulumi";

/** The oldest supported Node.js, the same as `engines` in package.json. */
export const oldestNode = "22.19.0";

/**
 * Why this package can't run on a version of Node.js, and what to do; undefined if it can.
 *
 * @param version as in `process.versions.node`, such as `22.19.0`
 */
export function nodeProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
    ? undefined
    : `kubernetes-private-registry needs Node.js ${oldestNode} or newer, and this is ${version}: install a newer one (https://nodejs.org/en/download).`;
}

const problem = nodeProblem(process.versions.node);
if (problem !== undefined) {
  throw Object.assign(new RunError(problem), { stack: "" });
}
