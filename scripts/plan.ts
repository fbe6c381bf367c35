import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { SettingsError } from "../components/lib/settings";
import { readStackYaml, StackYamlError } from "../components/lib/stackYaml";
import { plannedPulls, pullTable } from "./pullTable";

const stackFile = `stacks/Pulumi.${process.env["STACK"] ?? "local"}.yaml`;

try {
  console.log(pullTable(plannedPulls(firstDocument(readStackFile()))));
} catch (error) {
  if (!(error instanceof SettingsError)) {
    throw error;
  }
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}

function readStackFile(): Buffer {
  try {
    return readFileSync(resolve(__dirname, "..", stackFile));
  } catch {
    throw new SettingsError(`there is no ${stackFile}: name a stack with STACK=.`);
  }
}

/** Of several documents Pulumi reads the first. */
function firstDocument(file: Buffer): unknown {
  try {
    return readStackYaml(file)[0];
  } catch (error) {
    throw error instanceof StackYamlError ? new SettingsError(`${stackFile} ${error.message}`) : error;
  }
}
