import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { argumentsError, messageError } from "../components/internal/argumentsError";
import type { Problem } from "../components/lib/problems";
import { givenConfigFile } from "./configFile";
import { warnOfRenderedSecrets } from "./renderFolder";
import { parseSettings, SettingsError } from "./settings";
import type { Settings } from "./settingsShape";
import { clearTextSecrets } from "./stackFile";
import { readStackYaml, StackYamlError } from "./stackYaml";

/**
 * The config of the running stack, checked as a whole before anything is created.
 *
 * @param defaultName the base name of the Secrets if the config has none
 * @throws RunError with all problems at once, without secrets
 */
export function readStackSettings(defaultName: string): Settings {
  const project = pulumi.getProject();
  const stackFile = givenConfigFile() ?? `stacks/Pulumi.${pulumi.getStack()}.yaml`;
  refuseClearText(pulumi.getRootDirectory(), stackFile, project);
  const prefix = `${project}:`;
  const config = Object.entries(pulumi.runtime.allConfig() as Record<string, string>)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value]);
  try {
    const settings = parseSettings(Object.fromEntries(config) as Record<string, string>, defaultName);
    if (settings.renderTo !== undefined && settings.renderSecrets !== false) {
      warnOfRenderedSecrets(pulumi.getRootDirectory(), settings.renderTo);
    }
    return settings;
  } catch (error) {
    throw error instanceof SettingsError ? messageError(error.message) : error;
  }
}

function refuseClearText(root: string, stackFile: string, project: string): void {
  const path = resolve(root, stackFile);
  const problems = existsSync(path) ? clearTextProblems(readFileSync(path), project) : [];
  if (problems.length > 0) {
    throw argumentsError(stackFile, problems);
  }
}

function clearTextProblems(file: Buffer, project: string): Problem[] {
  try {
    const paths = readStackYaml(file).flatMap((document) => clearTextSecrets(document, project));
    return [...new Set(paths)].map((path) => ({ path, reason: adviceFor(path) }));
  } catch (error) {
    if (error instanceof StackYamlError) {
      return [{ path: "config", reason: error.message }];
    }
    throw error;
  }
}

function adviceFor(path: string): string {
  return path.startsWith("environment.")
    ? "is in clear text: change it at the registry, remove it from the file, and set it with `pulumi config set --secret --path`."
    : `is in clear text: change it at the registry, then \`pulumi config set --secret --path '${path}'\`.`;
}
