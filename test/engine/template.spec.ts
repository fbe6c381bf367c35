import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { parse } from "yaml";
import { root } from "../support/docs/documents";
import { pluginEnvironment } from "../support/engine/plugins";
import { type Run, runAnswered } from "../support/engine/projectCopy";
import { packPackage } from "../support/languages/consumer";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";

const template = join(root, "template");

interface ProjectFile {
  name: string;
  template?: { config: Record<string, { secret?: boolean; default?: string }> };
}

interface StackFile {
  config: Record<string, unknown>;
}

describe("a project that pulumi new makes from template/", () => {
  const folder = temporaryDirectory();
  const project = join(folder.path, "shop");
  const state = join(folder.path, "state");
  let made: Run;

  before(async () => {
    mkdirSync(project);
    mkdirSync(state);
    made = await run(
      [
        "script",
        "-qec",
        `pulumi new ${template} --offline --name shop --description Shop --stack dev`,
        "/dev/null",
      ],
      [
        ["app:image", "\r"],
        ["registry:password", "c4n4ry\r"],
        ["registry:server", "\r"],
        ["registry:username", "\r"],
      ],
    );
    assert.equal(made.code, 0, made.output);
    const { devDependencies } = readJson(root) as { devDependencies: Record<string, string> };
    // The versions whose plugins the tests have.
    const peers = ["kubernetes", "pulumi", "random"].map(
      (name) => `@pulumi/${name}@${String(devDependencies[`@pulumi/${name}`])}`,
    );
    await succeed("npm", "install", "--ignore-scripts", packPackage(folder.path), ...peers);
  });

  after(() => folder.stop());

  async function run(command: string[], answers: [string, string][] = [["", ""]]): Promise<Run> {
    const [name = "", ...args] = command;
    const { code, output } = await runAnswered(project, name, args, answers, {
      ...pluginEnvironment("official"),
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "template-test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      npm_config_audit: "false",
      npm_config_prefer_offline: "true",
    });
    // Mocha colors its check marks in some CIs, though it writes to no terminal.
    return { code, output: stripVTControlCharacters(output) };
  }

  async function succeed(...command: string[]): Promise<string> {
    const { code, output } = await run(command);
    assert.equal(code, 0, output);
    return output;
  }

  /** Runs a test with a file of the project changed, and puts it back. */
  async function withChanged(
    file: string,
    change: (text: string) => string,
    test: () => Promise<void>,
  ): Promise<void> {
    const path = join(project, file);
    const before = readFileSync(path, "utf8");
    writeFileSync(path, change(before));
    try {
      await test();
    } finally {
      writeFileSync(path, before);
    }
  }

  function stackFile(directory: string, stack: string): StackFile {
    return parse(readFileSync(join(directory, `Pulumi.${stack}.yaml`), "utf8")) as StackFile;
  }

  it("has asked for the password without showing it, and has it encrypted", () => {
    assert.ok(!made.output.includes("c4n4ry"));
    const { "registry:password": password, ...others } = stackFile(project, "dev").config;
    assert.match((password as { secure: string }).secure, /^v1:/);
    assert.deepEqual(others, stackFile(template, "dev").config);
  });

  it("has its name, both stacks, and nothing of the template's questions", () => {
    const { name, template: questions } = parse(
      readFileSync(join(project, "Pulumi.yaml"), "utf8"),
    ) as ProjectFile;
    assert.deepEqual([name, questions], ["shop", undefined]);
    assert.equal((readJson(project) as { name: string }).name, "shop");
    assert.deepEqual(stackFile(project, "prod"), stackFile(template, "prod"));
  });

  it("offers as answers what its stack files have", () => {
    const { template: questions } = parse(
      readFileSync(join(template, "Pulumi.yaml"), "utf8").replaceAll("${", "").replaceAll("}", ""),
    ) as ProjectFile;
    const { "registry:password": password, ...others } = questions?.config ?? {};
    assert.equal(password?.secret, true);
    const defaults = Object.entries(others).map(([key, question]) => [key, question.default]);
    assert.deepEqual(Object.fromEntries(defaults), stackFile(template, "dev").config);
  });

  it("compiles, and its own test passes for both stacks", async () => {
    await succeed("npm", "run", "typecheck");
    const output = await succeed("npm", "test");
    assert.match(
      output,
      /the stack dev\n +✔ has a login for every image.*\n\n +the stack prod\n +✔ has a login/,
    );
    assert.match(output, /2 passing/);
  });

  it("fails its test where a stack has an image without a login", async () => {
    await withChanged(
      "Pulumi.prod.yaml",
      (text) => text.replace("app:image: www.3rdregistry.com", "app:image: www.3rdregistery.com"),
      async () => {
        const { code, output } = await run(["npm", "test"]);
        assert.notEqual(code, 0);
        assert.match(output, /1 passing .*\n +1 failing\n\n +1\) the stack prod\n/);
        assert.match(
          output,
          /PrivateDeployment "app": 1 problem\n +image: no server matches "www\.3rdregistery\.com\/janedoe\/awesomeapp:v1"; the nearest, "www\.3rdregistry\.com", does not: its host is not "www\.3rdregistery\.com"\./,
        );
      },
    );
  });

  it("fails its test where a workload does not list the pull Secret of its image", async () => {
    const workload = `
      new core.v1.Pod("debug", {
        spec: { containers: [{ name: "debug", image: app.require("image") }] },
      });
      return {`;
    await withChanged(
      "app.ts",
      (text) =>
        `import { core } from "@pulumi/kubernetes";\n${text.replace("return {", () => workload.trim())}`,
      async () => {
        const { code, output } = await run(["npm", "test"]);
        assert.notEqual(code, 0);
        assert.match(output, /2 failing/);
        assert.match(
          output,
          /expectPullable: 1 problem\n +Pod "debug" spec\.containers\[0\]\.image: "www\.3rdregistry\.com\/janedoe\/awesomeapp:v1" is pulled without a login: .* The pull Secret "registry-login-undefined" of its namespace has a login for it, but is not listed\./,
        );
        assert.ok(!/c4n4ry|janedoe:/.test(output));
      },
    );
  });

  it("is previewed by the CLI", async () => {
    await succeed("pulumi", "config", "set", "kubernetes:renderYamlToDirectory", "manifests");
    const output = await succeed("pulumi", "preview", "--non-interactive", "--color", "never");
    for (const made of ["core/v1:Secret", "apps/v1:Deployment"]) {
      assert.match(output, new RegExp(`kubernetes:${made} .*create`));
    }
    assert.ok(!output.includes("c4n4ry"));
  });
});

function readJson(directory: string): unknown {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
}
