import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { givenConfigFile } from "../../program/configFile";
import { stopAtEnd } from "../support/runner/stopAtEnd";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";

describe("givenConfigFile", () => {
  const stopping = stopAtEnd();

  /** A folder like /proc, where the process 3 is a child of 2, and that one of the CLI, 1. */
  function procOf(cli: string[]): string {
    const { path } = stopping(temporaryDirectory());
    const processes: [id: number, parent: number, words: string[]][] = [
      [1, 0, cli],
      [2, 1, ["/opt/pulumi-language-nodejs", "--config-file", "no.yaml"]],
      [3, 2, ["node", "run"]],
    ];
    for (const [id, parent, words] of processes) {
      const folder = join(path, String(id));
      mkdirSync(folder);
      writeFileSync(join(folder, "cmdline"), [...words, ""].join("\0"));
      writeFileSync(join(folder, "stat"), `${id} (a) b) S ${parent} 1 1\n`);
      symlinkSync("/project", join(folder, "cwd"));
    }
    return path;
  }

  const cases: [cli: string[], file: string | undefined][] = [
    [["/usr/bin/pulumi", "up", "--config-file", "other.yaml", "--yes"], "/project/other.yaml"],
    [["pulumi", "up", "--config-file=/etc/a=b.yaml"], "/etc/a=b.yaml"],
    [["pulumi", "--config-file", "a.yaml", "up", "--config-file=b.yaml"], "/project/b.yaml"],
    [["pulumi", "up", "--yes"], undefined],
    [["bash", "--config-file", "other.yaml"], undefined],
  ];
  for (const [cli, file] of cases) {
    it(`of ${cli.join(" ")} is ${String(file)}`, () => {
      assert.equal(givenConfigFile(3, procOf(cli)), file);
    });
  }

  it("is undefined if there is no such folder", () => {
    assert.equal(givenConfigFile(3, "/nowhere"), undefined);
  });
});
