import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { stopAtEnd } from "../support/runner/stopAtEnd";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";

const withNode = resolve(__dirname, "../../offline/with-node");

describe("offline/with-node --other", () => {
  const { path: folder } = stopAtEnd()(temporaryDirectory());
  const cache = join(folder, "kubernetes-private-registry");

  /** A `node` that is new enough and says its version. */
  function writeNode(bin: string, version: string): void {
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "node"), `#!/bin/sh\n[ "$1" != --version ] || echo v${version}\n`, {
      mode: 0o755,
    });
  }

  before(() => {
    for (const version of ["22.23.3", "24.21.0"]) {
      writeNode(join(cache, `node-${version}`, "bin"), version);
    }
  });

  for (const [here, other] of [
    ["22.19.0", "24.21.0"],
    ["24.21.0", "22.23.3"],
    ["26.0.0", "22.23.3"],
  ] as const) {
    it(`is ${other} where the machine has ${here}`, () => {
      const bin = join(folder, here);
      writeNode(bin, here);
      const env = { XDG_CACHE_HOME: folder, PATH: [bin, process.env["PATH"]].join(delimiter) };
      const run = (...args: string[]): string =>
        execFileSync(withNode, [...args, "node", "--version"], { env, stdio: "pipe", encoding: "utf8" });
      assert.deepEqual([run(), run("--other")], [`v${here}\n`, `v${other}\n`]);
    });
  }
});
