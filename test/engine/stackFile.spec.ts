import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { leaksIn } from "../support/secrets/leaks";
import { copyProject, type ProjectCopy } from "../support/engine/projectCopy";

const canary = "clear-text-canary";

describe("a stack file with a password in clear text, by the CLI", () => {
  let project: ProjectCopy;

  before(() => {
    project = copyProject();
  });

  beforeEach(() => {
    project.restoreStacks();
  });

  after(() => {
    project.remove();
  });

  const stackPath = (): string => join(project.folder, "stacks/Pulumi.local.yaml");

  async function assertRefused(path: string, ...flags: string[]): Promise<void> {
    const { code, output } = await project.pulumi("preview", ...flags);
    assert.notEqual(code, 0, output);
    assert.ok(output.includes(`${path}: is in clear text: `), output);
    assert.deepEqual(leaksIn(output, { canary }), []);
  }

  const edits: Record<string, (text: string) => string> = {
    "a merge key": (text) =>
      `x: &clear { password: ${canary} }\n${text.replace(/password:\n\s+secure:.*/, "<<: *clear")}`,
    "an alias": (text) =>
      `x: &clear ${canary}\n${text.replace(/password:\n\s+secure:.*/, "password: *clear")}`,
    "the long form of the key": (text) =>
      text
        .replace("kubernetes-private-registry:registries", "kubernetes-private-registry:config:registries")
        .replace(/password:\n\s+secure:.*/, `password: ${canary}`),
    "a key without the project": (text) =>
      text
        .replace("kubernetes-private-registry:registries", "registries")
        .replace(/password:\n\s+secure:.*/, `password: ${canary}`),
  };
  for (const [title, edit] of Object.entries(edits)) {
    it(`is refused for ${title}`, async () => {
      writeFileSync(stackPath(), edit(readFileSync(stackPath(), "utf8")));
      await assertRefused("registries[0].password");
    });
  }

  it("is refused where --config-file names it", async () => {
    const other = join(project.folder, "other.yaml");
    cpSync(stackPath(), other);
    const document = parseDocument(readFileSync(other, "utf8"));
    document.setIn(["config", "kubernetes-private-registry:registries", 1, "password"], canary);
    writeFileSync(other, String(document));
    await assertRefused("registries[1].password", "--config-file", other);
    await assertRefused("registries[1].password", "--config-file=other.yaml");
  });

  it("that is not YAML: make plan shows the line, but not its content", async () => {
    const text = readFileSync(stackPath(), "utf8").replace(
      /password:\n\s+secure:.*/,
      `password: ${canary}: x`,
    );
    writeFileSync(stackPath(), text);
    const line = text.split("\n").findIndex((content) => content.includes(canary)) + 1;
    const { code, output } = await project.make(["plan"]);
    assert.equal(code, 2);
    assert.match(
      output,
      new RegExp(
        `^error: stacks/Pulumi\\.local\\.yaml is not valid YAML: see line ${line}, column \\d+\\.$`,
        "m",
      ),
    );
    assert.doesNotMatch(output, /^\s+at /m);
    assert.deepEqual(leaksIn(output, { canary }), []);
  });
});
