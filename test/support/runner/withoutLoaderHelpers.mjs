// Drops from V8's raw coverage what the TypeScript loader puts into each module, which nobody wrote: helpers before it, and
// `0 && (module.exports = ...)` at its end, which is there for readers and never runs.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const helpers = /^__(name|export|copyProps|toESM|toCommonJS)$/;
const folder = process.argv[2];

for (const file of readdirSync(folder)) {
  const path = join(folder, file);
  const coverage = JSON.parse(readFileSync(path, "utf8"));
  for (const script of coverage.result) {
    script.functions = script.functions.filter(({ functionName }) => !helpers.test(functionName));
    const wrapper = script.functions[1];
    if (wrapper !== undefined) {
      wrapper.ranges = wrapper.ranges.filter(
        ({ endOffset }) => wrapper.ranges[0].endOffset - endOffset !== 3,
      );
    }
  }
  writeFileSync(path, JSON.stringify(coverage));
}
