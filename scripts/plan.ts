import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { SettingsError } from "../components/lib/settings";
import { CommandError } from "./commandError";
import { plannedPulls, pullTable } from "./pullTable";
import { stackFileOf } from "./stackName";

try {
  const stackFile = stackFileOf(process.env["STACK"] ?? "local", "kubernetes-private-registry");
  console.log(pullTable(plannedPulls(parse(readStackFile(stackFile)))));
} catch (error) {
  if (!(error instanceof SettingsError) && !(error instanceof CommandError)) {
    throw error;
  }
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}

function readStackFile(stackFile: string): string {
  try {
    return readFileSync(resolve(__dirname, "..", stackFile), "utf8");
  } catch {
    throw new SettingsError(`there is no ${stackFile}: name a stack with STACK=.`);
  }
}
