// Drops from V8's raw coverage the helpers that the TypeScript loader puts before each module, which nobody wrote.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const helpers = /^__(name|export|copyProps|toESM|toCommonJS)$/;
const folder = process.argv[2];

for (const file of readdirSync(folder)) {
  const path = join(folder, file);
  const coverage = JSON.parse(readFileSync(path, "utf8"));
  for (const script of coverage.result) {
    script.functions = script.functions.filter(({ functionName }) => !helpers.test(functionName));
  }
  writeFileSync(path, JSON.stringify(coverage));
}
