import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { SettingsError } from "../program/settings";
import { readStackYaml, StackYamlError } from "../program/stackYaml";
import { CommandError } from "./commandError";
import { plannedPulls, pullTable } from "./pullTable";
import { stackFileOf } from "./stackName";

try {
  const stackFile = stackFileOf(process.env["STACK"] ?? "local", "kubernetes-private-registry");
  console.log(pullTable(plannedPulls(firstDocument(stackFile))));
} catch (error) {
  if (!(error instanceof SettingsError) && !(error instanceof CommandError)) {
    throw error;
  }
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}

function readStackFile(stackFile: string): Buffer {
  try {
    return readFileSync(resolve(__dirname, "..", stackFile));
  } catch {
    throw new SettingsError(`there is no ${stackFile}: name a stack with STACK=.`);
  }
}

/** Pulumi only reads the first of several documents. */
function firstDocument(stackFile: string): unknown {
  try {
    return readStackYaml(readStackFile(stackFile))[0];
  } catch (error) {
    throw error instanceof StackYamlError ? new SettingsError(`${stackFile} ${error.message}`) : error;
  }
}
