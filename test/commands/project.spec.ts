import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError } from "../../commands/commandError";
import { findProject, type Project } from "../../commands/project";
import { chosenStack, stackOf, stacksWithFile } from "../../commands/stack";
import { stopAtEnd } from "../support/runner/stopAtEnd";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";

describe("the project of a command", () => {
  const stopping = stopAtEnd();
  let folder: string;

  beforeEach(() => {
    folder = stopping(temporaryDirectory()).path;
  });

  function write(file: string, text: string): void {
    writeFileSync(join(folder, file), text);
  }

  function refusal(): string {
    try {
      findProject(folder);
    } catch (error) {
      assert.ok(error instanceof CommandError);
      return error.message;
    }
    throw new Error("nothing was refused");
  }

  it("is the nearest one above, with its stack files where Pulumi looks for them", () => {
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n");
    mkdirSync(join(folder, "stacks"));
    mkdirSync(join(folder, "src/deep"), { recursive: true });
    for (const name of ["prod", "dev", "a.b"]) {
      write(`stacks/Pulumi.${name}.yaml`, "");
    }
    for (const file of ["Pulumi.yaml", ".Pulumi.dev.yaml.new", "Pulumi.dev.yml", "Pulumi.a b.yaml"]) {
      write(join("stacks", file), "");
    }
    const project = findProject(join(folder, "src/deep"));
    assert.deepEqual(project, {
      name: "shop",
      folder,
      stackFolder: "stacks",
      extension: ".yaml",
      config: {},
    } satisfies Project);
    assert.deepEqual(
      stacksWithFile(project).map(({ name, shown, path }) => [name, shown, path]),
      ["a.b", "dev", "prod"].map((name) => [
        name,
        `stacks/Pulumi.${name}.yaml`,
        join(folder, `stacks/Pulumi.${name}.yaml`),
      ]),
    );
  });

  it("has stack files of its own extension, beside it or in a folder by the old name of the setting", () => {
    write("Pulumi.yml", "name: shop\nruntime: go\n");
    assert.equal(stackOf(findProject(folder), "dev").path, join(folder, "Pulumi.dev.yml"));
    write("Pulumi.yml", "name: shop\nruntime: go\nconfig: settings\n");
    assert.equal(stackOf(findProject(folder), "dev").path, join(folder, "settings/Pulumi.dev.yml"));
  });

  it("has the config that it sets for every stack, under full keys", () => {
    write(
      "Pulumi.yaml",
      `name: shop
runtime: nodejs
config:
  namespace: { type: string, default: web }
  registries: { type: array, items: { type: object }, secret: true }
  aws:region: { value: eu-west-1 }
  gcp:project: mine
`,
    );
    assert.deepEqual(findProject(folder).config, {
      "shop:namespace": "web",
      "aws:region": "eu-west-1",
      "gcp:project": "mine",
    });
  });

  it("is an error where there is none, or one that can't be read, without its content", () => {
    assert.equal(
      refusal(),
      "there is no Pulumi.yaml in this folder or one above it: run this in a Pulumi project.",
    );
    write("Pulumi.yaml", "name: shop\ncanary: [\n");
    assert.match(refusal(), /^(?!.*canary)Pulumi\.yaml is not valid YAML: see line 3, column 1\.$/);
    for (const text of ["", "runtime: go\n", "name: [a]\n", 'name: "a\\e[2J/b"\n']) {
      write("Pulumi.yaml", text);
      assert.match(refusal(), /^the `name` in Pulumi\.yaml is "[^\p{C}]*": give letters, digits/u);
    }
    write("Pulumi.json", "{}");
    assert.match(refusal(), /^the project's file is Pulumi\.json, and this command edits YAML alone/);
  });
});

describe("the name of a stack", () => {
  const project: Project = { name: "p", folder: "/x", stackFolder: "stacks", extension: ".yaml", config: {} };

  it("is taken as by Pulumi, with organization and project", async () => {
    for (const stack of ["dev", "acme/dev", "organization/p/dev"]) {
      const { name, shown, path } = await chosenStack(project, stack);
      assert.deepEqual([name, shown, path], [stack, "stacks/Pulumi.dev.yaml", "/x/stacks/Pulumi.dev.yaml"]);
    }
    assert.equal(stackOf(project, "a.b-C_9").shown, "stacks/Pulumi.a.b-C_9.yaml");
  });

  const wrong = [
    "",
    "..",
    ".",
    "../x",
    "a/../b",
    "/dev",
    "dev/",
    "a/p/b/c",
    "a;b",
    "$(touch x)",
    "a b",
    "a\nb",
    "ä",
    "x".repeat(101),
  ];
  for (const stack of wrong) {
    it(`is refused as ${JSON.stringify(stack).slice(0, 32)}`, () => {
      assert.throws(
        () => stackOf(project, stack),
        (error: Error) =>
          error.message.startsWith(JSON.stringify(stack)) &&
          error.message.includes(" does not name a stack: give a name such as dev, or <organization>/p/dev,"),
      );
    });
  }

  it("is refused with another project, and shows no escape sequence", () => {
    assert.throws(
      () => stackOf(project, "acme/other/dev"),
      new CommandError('"acme/other/dev" is a stack of another project: this one is "p".'),
    );
    assert.throws(
      () => stackOf(project, "\u001b[2J\u009b"),
      /^CommandError: "\\u001b\[2J\\u009b" does not name/,
    );
  });
});
