import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { SettingsError } from "../components/lib/settings";
import { plannedPulls, pullTable } from "./pullTable";

const stackFile = `stacks/Pulumi.${process.env["STACK"] ?? "local"}.yaml`;

try {
  console.log(pullTable(plannedPulls(parse(readStackFile()))));
} catch (error) {
  if (!(error instanceof SettingsError)) {
    throw error;
  }
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}

function readStackFile(): string {
  try {
    return readFileSync(resolve(__dirname, "..", stackFile), "utf8");
  } catch {
    throw new SettingsError(`there is no ${stackFile}: name a stack with STACK=.`);
  }
}
