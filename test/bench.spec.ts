import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { parseOptions } from "../bench/options";
import { programs, type Side } from "../bench/programs";
import { runWithMocks } from "./support/mocks";

const deployments = 60;

async function manifests(side: Side): Promise<Record<string, unknown>[]> {
  const { resources, errors } = await runWithMocks(() => programs[side]({ deployments, password: "c4n4ry" }));
  assert.deepEqual(errors, []);
  const key = ({ kind, metadata }: Record<string, unknown>) => JSON.stringify([kind, metadata]);
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => inputs)
    .toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}

describe("bench", () => {
  it("compares two programs that make the same manifests", async () => {
    const ours = await manifests("package");
    assert.equal(ours.length, 50 + 50 + deployments);
    assert.deepEqual(ours, await manifests("byHand"));
  });

  it("prints one object with --json, and its progress elsewhere", function () {
    this.timeout(120_000);
    const main = resolve(__dirname, "../bench/main.ts");
    const parts = ["--only", "mocks", "--only", "import", "--count", "2", "--pairs", "1"];
    const printed = execFileSync(process.execPath, ["--import", "tsx", main, "--json", ...parts], {
      encoding: "utf8",
      stdio: "pipe",
    });
    const {
      mocks,
      import: imported,
      ...others
    } = JSON.parse(printed) as { mocks: Record<string, object>; import: object };
    assert.deepEqual(Object.keys(mocks), ["2"]);
    for (const ratios of [...Object.values(mocks), imported]) {
      assert.deepEqual(Object.keys(ratios), ["time", "memory"]);
      assert.ok(Object.values(ratios).every((ratio) => typeof ratio === "number" && ratio > 0));
    }
    assert.deepEqual(others, {});
  });

  it("measures everything by default", () => {
    assert.deepEqual(parseOptions([]), {
      parts: ["mocks", "engine", "import", "preflight", "failures", "plugin", "audit"],
      counts: [100, 1000, 3000],
      pairs: undefined,
      json: false,
    });
  });

  it("refuses what it can't measure", () => {
    assert.throws(() => parseOptions(["--only", "mock"]), {
      message: "--only mock: give one of mocks, engine, import, preflight, failures, plugin, audit.",
    });
    assert.throws(() => parseOptions(["--count", "0"]), {
      message: "--count 0: give a whole number from 1.",
    });
  });
});
