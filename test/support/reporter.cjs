"use strict";
const { reporters, Runner } = require("mocha");

/**
 * Mocha's spec reporter, with a last line that any CI can count: `N passed, N failed`. With the reporter option `table`
 * a table before it shows how long each test took, and what it has noted.
 */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const rows = [];
    runner.on(Runner.constants.EVENT_TEST_END, (test) => rows.push(rowOf(test)));
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending, duration } = this.stats;
      if (options.reporterOptions?.table) {
        rows.push(
          `${seconds(duration)}         all, with what is made before the tests and taken away after them`,
        );
        console.log(`${rows.join("\n")}\n`);
      }
      console.log(`${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ""}`);
    });
  }
};

function rowOf(test) {
  const titles = `${seconds(test.duration ?? 0)}  ${(test.state ?? "skipped").padEnd(7)}${test.fullTitle()}`;
  return [titles, ...(test.notes ?? [])].join(`\n${" ".repeat(19)}`);
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}
