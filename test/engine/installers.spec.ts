import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { packPackage } from "../support/languages/consumer";
import { snippetsIn } from "../support/docs/documents";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";

const root = resolve(__dirname, "../..");
const tools = join(root, "test/installers");
const run = promisify(execFile);

/** Imports, makes a component, checks its images as a test would, and asks a registry that is not there, for which the HTTP client is loaded. */
const program = `
async function main() {
  const resources = new Array();
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      resources.push(args);
      return { id: args.name, state: { ...args.inputs, hex: "0a1b2c3d" } };
    },
    call: ({ inputs }) => inputs,
  });
  const apps = new PrivateWorkloads("apps", {
    registries: [{ server: "registry.example.com", username: "janedoe", password: "c4n4ry" }],
    rotation: Rotation.Versioned,
    deployments: { web: { image: "registry.example.com/web:v1", replicas: 2 } },
  });
  const secretName = await new Promise((resolve) => {
    apps.secretName.apply(resolve);
  });
  await expectPullable(resources);
  const probe = probeRegistry({ server: "127.0.0.1:9", username: "janedoe", password: "c4n4ry" });
  const asked = await probe.then(
    () => "answered",
    (error) => (error instanceof PreflightError ? error.reason : String(error)),
  );
  console.log(JSON.stringify([secretName, asked]));
}
void main();
`;
const names = "PreflightError, PrivateWorkloads, probeRegistry, Rotation";
const esm = `import * as pulumi from "@pulumi/pulumi";
import { ${names} } from "kubernetes-private-registry";
import { expectPullable } from "kubernetes-private-registry/testing";
${program}`;
const commonjs = `const pulumi = require("@pulumi/pulumi");
const { ${names} } = require("kubernetes-private-registry");
const { expectPullable } = require("kubernetes-private-registry/testing");
${program}`;

const yarn = [join(tools, "node_modules/@yarnpkg/cli-dist/bin/yarn.js")];

/** How each installs a project, and the arguments of Node.js with which a module finds what it has installed. */
const installers: Record<string, { command: string; install: string[]; node: string[] }> = {
  npm: { command: "npm", install: ["install", "--ignore-scripts", "--prefer-offline"], node: [] },
  pnpm: {
    command: process.execPath,
    install: [
      join(tools, "node_modules/pnpm/bin/pnpm.mjs"),
      "install",
      "--ignore-scripts",
      "--prefer-offline",
    ],
    node: [],
  },
  "yarn with PnP": { command: process.execPath, install: [...yarn, "install"], node: [...yarn, "node"] },
};

/** The settings of modules with which a TypeScript program is compiled, by TypeScript's name in test/installers. */
const settings: [typescript: string, module: string, moduleResolution: string][] = [
  ["typescript-oldest", "node16", "node16"],
  ["typescript-oldest", "esnext", "bundler"],
  ["typescript-oldest", "commonjs", "node10"],
  ["typescript-newest", "node16", "node16"],
  ["typescript-newest", "nodenext", "nodenext"],
  ["typescript-newest", "esnext", "bundler"],
  ["typescript-newest", "commonjs", "bundler"],
];

const env = {
  ...process.env,
  YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
  YARN_ENABLE_SCRIPTS: "false",
  YARN_ENABLE_TELEMETRY: "false",
};

describe("the packed package, in a project outside of the repository", () => {
  const folder = temporaryDirectory();
  const directory = folder.path;

  before(() => {
    execFileSync("npm", ["ci", "--silent", "--prefer-offline", "--prefix", tools], { stdio: "pipe" });
    const manifest = readFileSync(join(root, "package.json"), "utf8");
    const { devDependencies } = JSON.parse(manifest) as { devDependencies: Record<string, string> };
    const needed = ["@pulumi/kubernetes", "@pulumi/pulumi", "@pulumi/random", "@types/node"];
    const dependencies = {
      ...Object.fromEntries(needed.map((name) => [name, devDependencies[name]])),
      "kubernetes-private-registry": `file:${packPackage(directory)}`,
    };
    for (const installer of Object.keys(installers)) {
      const project = join(directory, installer);
      mkdirSync(project);
      writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", dependencies }));
      writeFileSync(join(project, "esm.mjs"), esm);
      writeFileSync(join(project, "commonjs.cjs"), commonjs);
    }
    writeFileSync(join(directory, "yarn with PnP/yarn.lock"), "");
  });

  after(() => folder.stop());

  for (const [installer, { command, install, node }] of Object.entries(installers)) {
    it(`is installed by ${installer}, and run by an ES module and a CommonJS module`, async () => {
      const cwd = join(directory, installer);
      await run(command, install, { cwd, env });
      for (const module of ["esm.mjs", "commonjs.cjs"]) {
        const { stdout } = await run(process.execPath, [...node, module], { cwd, env });
        assert.equal(stdout, '["apps-0a1b2c3d","unreachable"]\n', module);
      }
    });
  }

  it("is installed by npm from a Git repository, which builds it, by the README's first command", async () => {
    const [command] = snippetsIn("README.md").filter(({ language }) => language === "sh");
    const [, source = ""] = /^npm install '(.*)'\n$/.exec(command?.text ?? "") ?? [];
    const project = join(directory, "git");
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), '{ "name": "consumer" }');
    writeFileSync(join(project, "esm.mjs"), esm);
    const install = ["install", "--prefer-offline", source.replace("<repository>", `file://${root}`)];
    await run("npm", install, { cwd: project, env });
    const { stdout } = await run(process.execPath, ["esm.mjs"], { cwd: project, env });
    assert.equal(stdout, '["apps-0a1b2c3d","unreachable"]\n');
  });

  for (const [typescript, module, moduleResolution] of settings) {
    it(`has types for ${typescript}, module ${module}, moduleResolution ${moduleResolution}`, async () => {
      const project = join(directory, "npm");
      const files = module.startsWith("node") ? ["esm.mts", "commonjs.cts"] : ["index.ts"];
      const sources = [...files, "wrong.ts"];
      for (const file of files) {
        writeFileSync(join(project, file), `${esm}export {};`);
      }
      writeFileSync(join(project, "wrong.ts"), 'import { None } from "kubernetes-private-registry";\nNone;');
      const compilerOptions = {
        ...{ module, moduleResolution, target: "es2022", types: ["node"] },
        ...{ noEmit: true, skipLibCheck: true, strict: true },
      };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: sources }));
      const compiler = join(tools, "node_modules", typescript, "bin/tsc");
      await assert.rejects(run(process.execPath, [compiler], { cwd: project }), {
        stdout: `wrong.ts(1,10): error TS2305: Module '"kubernetes-private-registry"' has no exported member 'None'.\n`,
      });
    });
  }
});
