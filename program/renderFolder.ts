import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { printableLine, quote } from "../components/lib/problems";

/** Warns if rendered Secrets, which are in clear text, might be committed by mistake. */
export function warnOfRenderedSecrets(root: string, renderTo: string): void {
  if (wouldBeCommitted(resolve(root, renderTo))) {
    void pulumi.log.warn(
      printableLine(
        `renderTo: Secrets are rendered in clear text to ${quote(renderTo)}, which is in a git repository and not ignored there: add it to .gitignore, or encrypt the Secrets before you commit them (docs/gitops.md).`,
      ),
    );
  }
}

/**
 * Whether git would add a Secret rendered to a folder, which need not exist yet. False if there is no git, or git can't
 * tell.
 */
export function wouldBeCommitted(folder: string): boolean {
  let there = folder;
  while (!existsSync(there) && dirname(there) !== there) {
    there = dirname(there);
  }
  const secret = join(relative(there, folder), "1-manifest", "v1-secret-default-name.yaml");
  // Run nothing that the repository's config names for fsmonitor, and fetch nothing that a partial clone lacks.
  const git = spawnSync("git", ["-c", "core.fsmonitor=false", "check-ignore", "--quiet", "--", secret], {
    cwd: realpathSync(there),
    env: { ...withoutGitVariables(process.env), GIT_OPTIONAL_LOCKS: "0", GIT_NO_LAZY_FETCH: "1" },
    stdio: "ignore",
    timeout: 5000,
  });
  return git.status === 1;
}

/** Inside a git hook, variables point to another repository. */
function withoutGitVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("GIT_")));
}
