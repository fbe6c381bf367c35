"use strict";
const { reporters, Runner } = require("mocha");

/**
 * Mocha's spec reporter, with a last line that any CI can count: `N passed, N failed`. Before it, as logs are often cut
 * off above, stand the tests that have failed and why; with the reporter option `table` also how long each test took and
 * what it has noted.
 */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const rows = [];
    const failed = [];
    const { EVENT_RUN_END, EVENT_TEST_END, EVENT_TEST_FAIL } = Runner.constants;
    runner.on(EVENT_TEST_FAIL, (testOrHook, { message }) => failed.push(rowOf(testOrHook, linesOf(message))));
    runner.on(EVENT_TEST_END, (test) => test.state !== "failed" && rows.push(rowOf(test)));
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures, pending, duration } = this.stats;
      if (options.reporterOptions?.table) {
        rows.push(
          `${seconds(duration)}         all, with what is made before the tests and taken away after them`,
        );
        console.log(`${rows.join("\n")}\n`);
      }
      if (failed.length > 0) {
        console.log(`${failed.join("\n")}\n`);
      }
      console.log(`${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ""}`);
    });
  }
};

function rowOf(runnable, error = []) {
  const state = (runnable.state ?? "skipped").padEnd(7);
  const titles = `${seconds(runnable.duration ?? 0)}  ${state}${runnable.fullTitle()}`;
  return [titles, ...(runnable.notes ?? []), ...error].join(`\n${" ".repeat(19)}`);
}

/** The beginning of a message, which can hold all that a command has printed. */
function linesOf(message = "") {
  return message.slice(0, 2000).split("\n").slice(0, 20);
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}
