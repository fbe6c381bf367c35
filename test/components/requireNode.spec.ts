import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { nodeProblem, oldestNode } from "../../components/internal/requireNode";

describe("nodeProblem", () => {
  it("takes the oldest supported Node.js and newer ones", () => {
    for (const version of [oldestNode, "22.19.1", "22.20.0", "24.0.0", "26.12.1", "100.0.0"]) {
      assert.equal(nodeProblem(version), undefined, version);
    }
  });

  it("refuses older ones in one sentence", () => {
    for (const version of ["22.18.0", "22.9.9", "21.99.0", "20.20.2", "18.0.0"]) {
      assert.equal(
        nodeProblem(version),
        `kubernetes-private-registry needs Node.js 22.19.0 or newer, and this is ${version}: install a newer one (https://nodejs.org/en/download).`,
      );
    }
  });

  it("agrees with package.json", () => {
    const { engines } = JSON.parse(readFileSync(resolve(__dirname, "../../package.json"), "utf8")) as {
      engines: { node: string };
    };
    assert.equal(engines.node, `>=${oldestNode}`);
  });
});
