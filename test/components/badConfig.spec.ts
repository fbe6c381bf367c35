import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { RunError } from "@pulumi/pulumi";
import fc from "fast-check";
import { type Breakage, breakages, broken, pathOf } from "../support/config/brokenConfigs";
import { assertFit, names } from "../support/config/configMessage";
import { type Outcome, runWithMocks } from "../support/mocks";
import { type ConfigValues, engineTexts, soundConfig } from "../support/config/soundConfig";

const load = createRequire(__filename);
const program = load.resolve("../../index.ts");

/** Runs the program, index.ts, with a config as the engine hands it over. */
function run(values: ConfigValues): Promise<Outcome<unknown>> {
  const config = Object.entries(engineTexts(values)).map(([key, text]) => [`unit:${key}`, text]);
  Reflect.deleteProperty(load.cache, program);
  return runWithMocks<unknown>(() => load(program), {
    config: Object.fromEntries(config) as Record<string, string>,
  });
}

/** What the program says of a config from which it makes nothing. */
async function messageFor(values: ConfigValues): Promise<string> {
  try {
    const { resources, errors } = await run(values);
    return assert.fail(`it makes ${resources.length} resources, with ${errors.length} errors`);
  } catch (error) {
    // Of a RunError the SDK shows the message, without a stack trace, but it formats the stack all the same.
    assert.ok(RunError.isInstance(error), error as Error);
    assert.equal(error.stack, "");
    return error.message;
  }
}

describe("the program with a broken config", function () {
  this.timeout(120_000); // hundreds of configs in each test
  const all = breakages();

  it("is tried with hundreds of kinds, each broken at another place or in another way", () => {
    const kinds = new Set(all.map(({ what, place }) => `${what} at ${pathOf(place)}`));
    assert.equal(kinds.size, all.length);
    assert.ok(kinds.size >= 300);
  });

  it("makes resources when the config is sound", async () => {
    const { resources, errors } = await run(soundConfig);
    assert.deepEqual(errors, []);
    assert.equal(resources.length, 13);
  });

  const byWhat = new Map<string, Breakage[]>();
  for (const breakage of all) {
    byWhat.set(breakage.what, [...(byWhat.get(breakage.what) ?? []), breakage]);
  }
  for (const [what, places] of byWhat) {
    it(`is refused for ${what}, at each of ${places.length} places`, async () => {
      for (const { place, value } of places) {
        await fc.assert(
          fc.asyncProperty(value, async (found) => {
            const message = await messageFor(broken(soundConfig, place, found));
            assertFit(message);
            assert.ok(names(message, place, found), message);
          }),
          { numRuns: 1 },
        );
      }
    });
  }

  it("is refused for many breakages at once", async () => {
    // Which passwords there are can't be told when their list is broken too.
    const others = all.filter(({ what }) => !what.startsWith("a password"));
    const many = fc
      .subarray(others, { minLength: 2, maxLength: 20 })
      .chain((some) => fc.tuple(...some.map(({ place, value }) => value.map((found) => ({ place, found })))));
    await fc.assert(
      fc.asyncProperty(many, async (some) => {
        const atOnce = some.reduce((config, { place, found }) => broken(config, place, found), soundConfig);
        assertFit(await messageFor(atOnce));
      }),
      { numRuns: 50 },
    );
  });
});
