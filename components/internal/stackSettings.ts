import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { parseSettings, type Settings, SettingsError } from "../lib/settings";
import { clearTextPasswords } from "../lib/stackFile";
import { argumentsError, messageError } from "./argumentsError";
import { warnOfRenderedSecrets } from "./renderFolder";

/**
 * The config of the running stack, checked as a whole before anything is made.
 *
 * @param defaultName the base of the Secrets' names where the config has none
 * @throws RunError with all problems at once, without secrets
 */
export function readStackSettings(defaultName: string): Settings {
  const project = pulumi.getProject();
  refuseClearText(pulumi.getRootDirectory(), `stacks/Pulumi.${pulumi.getStack()}.yaml`, project);
  const prefix = `${project}:`;
  const config = Object.entries(pulumi.runtime.allConfig() as Record<string, string>)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value]);
  try {
    const settings = parseSettings(Object.fromEntries(config) as Record<string, string>, defaultName);
    if (settings.renderTo !== undefined) {
      warnOfRenderedSecrets(pulumi.getRootDirectory(), settings.renderTo);
    }
    return settings;
  } catch (error) {
    throw error instanceof SettingsError ? messageError(error.message) : error;
  }
}

function refuseClearText(root: string, stackFile: string, project: string): void {
  const path = join(root, stackFile);
  if (!existsSync(path)) {
    return;
  }
  const problems = clearTextPasswords(parse(readFileSync(path, "utf8")), project).map((path) => ({
    path,
    reason: `stands in clear text: change it at the registry, then \`pulumi config set --secret --path '${path}'\`.`,
  }));
  if (problems.length > 0) {
    throw argumentsError(stackFile, problems);
  }
}
