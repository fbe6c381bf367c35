import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { warnOfRenderedSecrets, wouldBeCommitted } from "../../program/renderFolder";
import { runWithMocks } from "../support/mocks";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";

describe("the folder that manifests are rendered to", () => {
  const directory = temporaryDirectory();
  const repository = join(directory.path, "repository");
  const git = (...args: string[]) => execFileSync("git", args, { cwd: repository, stdio: "ignore" });

  before(() => {
    mkdirSync(join(repository, "there"), { recursive: true });
    git("init");
    writeFileSync(join(repository, ".gitignore"), "/manifests/\n/ignored/deep\n!/manifests/kept\n");
    mkdirSync(join(repository, "yaml"));
    writeFileSync(join(repository, "yaml", ".gitignore"), "*.yaml\n");
  });

  after(() => directory.stop());

  const table: [folder: string, expected: boolean][] = [
    ["there", true],
    ["not/there/yet", true],
    [".", true],
    ["manifests", false],
    ["manifests/prod", false],
    ["ignored", true],
    ["ignored/deep", false],
    ["ignored/deep/er", false],
    ["yaml", false],
    ["yaml/more", false],
    [".git/x", false],
    ["../elsewhere", false],
  ];
  for (const [folder, expected] of table) {
    it(`${folder} is ${expected ? "one that git would add" : "ignored, or no part of the repository"}`, () => {
      assert.equal(wouldBeCommitted(join(repository, folder)), expected);
    });
  }

  it("is looked at where a link leads", () => {
    symlinkSync(join(repository, "there"), join(directory.path, "link"));
    assert.equal(wouldBeCommitted(join(directory.path, "link", "new")), true);
  });

  it("is not confused by the variables of a git hook", () => {
    process.env["GIT_DIR"] = join(directory.path, "none");
    try {
      assert.equal(wouldBeCommitted(join(repository, "there")), true);
    } finally {
      delete process.env["GIT_DIR"];
    }
  });

  it("gives no warning where there is no git", () => {
    const { PATH } = process.env;
    process.env["PATH"] = directory.path;
    try {
      assert.equal(wouldBeCommitted(join(repository, "there")), false);
    } finally {
      process.env["PATH"] = PATH;
    }
  });

  it("has git run nothing that the repository's config names", () => {
    const marker = join(directory.path, "was-run");
    const program = join(directory.path, "program.sh");
    writeFileSync(program, `#!/bin/sh\ntouch "${marker}"\n`);
    chmodSync(program, 0o755);
    for (const key of [
      "core.fsmonitor",
      "core.pager",
      "core.editor",
      "core.sshCommand",
      "alias.check-ignore",
    ]) {
      git("config", key, key.startsWith("alias") ? `!${program}` : program);
    }
    assert.equal(wouldBeCommitted(join(repository, "there")), true);
    assert.equal(existsSync(marker), false);
  });

  it("is warned of once, by its name in the config", async () => {
    const { warnings } = await runWithMocks(() => {
      warnOfRenderedSecrets(repository, "there");
      warnOfRenderedSecrets(repository, "manifests");
    });
    assert.deepEqual(warnings, [
      'renderTo: Secrets are rendered in clear text to "there", which is in a git repository and not ignored there: add it to .gitignore, or encrypt the Secrets before you commit them (docs/gitops.md).',
    ]);
  });
});
