import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { decodeDockerConfigJson } from "../../components";
import { pluginEnvironment } from "../support/engine/plugins";
import { type Run, runAnswered } from "../support/engine/projectCopy";
import { packPackage } from "../support/languages/consumer";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";
import { leaksIn } from "../support/secrets/leaks";

const root = resolve(__dirname, "../..");
const server = "registry.example.com";
const passwords = { first: 'f1rst "canary" $x', second: "s3cond 'canary' \\y", third: "th1rd canary #z" };

const program = `
const { Config, getStack } = require("@pulumi/pulumi");
const { Provider } = require("@pulumi/kubernetes");
const { ImagePullSecret } = require("kubernetes-private-registry");
const config = new Config("platform");
if (new Config().getBoolean("fails")) {
  throw new Error("this stack fails");
}
new ImagePullSecret("login", {
  registries: config.requireSecretObject("pullLogins"),
  previousRegistries: config.getSecretObject("previousPullLogins"),
  namespace: "web",
}, { provider: new Provider("render", { renderYamlToDirectory: "manifests/" + getStack(), kubeconfig: "" }) });
`;

/** A pulumi that notes its arguments, and the environment and command line that it was started from, and runs the real one. */
const notingPulumi = (real: string, folder: string): string => `#!/usr/bin/env bash
printf '%s\\n' "$*" >>'${folder}/calls'
cat /proc/self/environ "/proc/$PPID/cmdline" >>'${folder}/surroundings'
exec '${real}' "$@"
`;

describe("the commands of the packed package, in a project that has it installed", function () {
  this.timeout(240_000);
  const folder = temporaryDirectory();
  const project = join(folder.path, "project");
  const plugins = pluginEnvironment("official");
  const bin = join(project, "node_modules/.bin");
  const env = {
    ...plugins,
    PATH: [join(folder.path, "bin"), bin, plugins["PATH"]].join(delimiter),
    PULUMI_BACKEND_URL: `file://${folder.path}`,
    PULUMI_CONFIG_PASSPHRASE: "installed commands",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    npm_config_offline: "true",
  };

  function shell(line: string, input = "", more: Record<string, string> = {}): Promise<Run> {
    return runAnswered(project, "bash", ["--norc", "-euo", "pipefail", "-c", line], [["", input]], {
      ...env,
      ...more,
    });
  }

  async function succeed(line: string, input = ""): Promise<string> {
    const { code, output } = await shell(line, input);
    assert.equal(code, 0, output);
    return output;
  }

  function stackText(stack: string): string {
    return readFileSync(join(project, `Pulumi.${stack}.yaml`), "utf8");
  }

  /** The passwords in the rendered Secrets of a stack, current first. */
  function rendered(stack: string): (string | undefined)[] {
    const manifests = join(project, "manifests", stack, "1-manifest");
    return readdirSync(manifests)
      .toSorted((one, other) => one.length - other.length)
      .map((file) => {
        const { data } = parse(readFileSync(join(manifests, file), "utf8")) as {
          data: Record<string, string>;
        };
        const json = Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString();
        return decodeDockerConfigJson(json).find((login) => login.server === server)?.password;
      });
  }

  before(async () => {
    mkdirSync(project);
    mkdirSync(join(folder.path, "bin"));
    const real = execFileSync("bash", ["-c", "command -v pulumi"], {
      env: { ...process.env, ...plugins },
      encoding: "utf8",
    }).trim();
    writeFileSync(join(folder.path, "bin/pulumi"), notingPulumi(real, folder.path));
    chmodSync(join(folder.path, "bin/pulumi"), 0o755);
    const manifest = readFileSync(join(root, "package.json"), "utf8");
    const { devDependencies } = JSON.parse(manifest) as { devDependencies: Record<string, string> };
    const peers = ["@pulumi/kubernetes", "@pulumi/pulumi", "@pulumi/random"];
    const dependencies = {
      ...Object.fromEntries(peers.map((name) => [name, devDependencies[name]])),
      "kubernetes-private-registry": `file:${packPackage(folder.path)}`,
    };
    writeFileSync(
      join(project, "package.json"),
      JSON.stringify({ name: "shop", main: "index.js", dependencies }),
    );
    writeFileSync(join(project, "index.js"), program);
    writeFileSync(join(project, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    await promisify(execFile)("npm", ["install", "--ignore-scripts", "--prefer-offline"], { cwd: project });
    for (const stack of ["prod", "eu", "dev"]) {
      await succeed(`pulumi stack init ${stack}`);
    }
  });

  after(() => folder.stop());

  it("are in node_modules/.bin, and run by npx without the network", async () => {
    assert.match(
      await succeed("kubernetes-private-registry --help"),
      /^Usage: npx --no kubernetes-private-registry COMMAND/,
    );
    assert.match(await succeed("npx --no kubernetes-private-registry --version"), /^\d+\.\d+\.\d+\n$/);
  });

  it("import logins to the selected stack and to others, under a key of the user's, and list them", async () => {
    const json = JSON.stringify({ auths: { [server]: { username: "janedoe", password: passwords.first } } });
    for (const stack of ["", "--stack eu", "--stack prod"]) {
      await succeed(`kubernetes-private-registry import-logins --key platform:pullLogins ${stack}`, json);
    }
    assert.deepEqual((await succeed("npx --no kubernetes-private-registry plan")).split("\n").slice(0, 2), [
      "SERVER                PULL SECRET  SECRET    EXPIRES  NAMESPACES",
      "registry.example.com  current      password           all",
    ]);
    await succeed("pulumi up --yes --stack dev");
    assert.deepEqual(rendered("dev"), [passwords.first]);
  });

  it("rotate all stacks that have the server, with one password, and end the rotation", async () => {
    const output = await succeed(
      `npx --no kubernetes-private-registry rotate --all --server ${server} --yes`,
      `${passwords.second}\n`,
    );
    for (const stack of ["dev", "eu", "prod"]) {
      assert.deepEqual(rendered(stack), [passwords.second, passwords.first]);
    }
    const [finish = ""] = /npx --no .*/.exec(output) ?? [];
    await succeed(`${finish} --yes`);
    for (const stack of ["dev", "eu", "prod"]) {
      assert.deepEqual(rendered(stack), [passwords.second]);
    }
  });

  it("stop at a stack whose preview fails, and go on by the command that they print", async () => {
    await succeed("pulumi config set --stack eu fails true");
    const before = stackText("eu");
    const { code, output } = await shell(
      `npx --no kubernetes-private-registry rotate --all --server ${server} --yes`,
      `${passwords.third}\n`,
    );
    assert.equal(code, 1);
    assert.match(
      output,
      /this stack fails[^]*Pulumi\.eu\.yaml is as it was\.\nDone: dev\. Not begun: eu, prod\.\n/,
    );
    assert.equal(stackText("eu"), before);
    await succeed("pulumi config rm --stack eu fails");
    const [, goOn = ""] = /To go on: (.*)/.exec(output) ?? [];
    await succeed(`${goOn} --yes`, `${passwords.third}\n`);
    await succeed(`npx --no kubernetes-private-registry rotate-finish --all --yes`);
    for (const stack of ["dev", "eu", "prod"]) {
      assert.deepEqual(rendered(stack), [passwords.third]);
    }
  });

  it("ask for nothing where the passphrase is wrong, and change nothing", async () => {
    const before = stackText("eu");
    const { code, output } = await shell(
      `npx --no kubernetes-private-registry rotate -s dev -s eu --server ${server} --yes`,
      "",
      { PULUMI_CONFIG_PASSPHRASE: "wrong" },
    );
    assert.equal(code, 1);
    assert.match(output, /incorrect passphrase[^]*error: 2 of 2 stacks can't be changed, so none was:\n/);
    assert.equal(stackText("eu"), before);
  });

  it("say of a dockerConfigJson how it is rotated, by commands that do so", async () => {
    await succeed("pulumi config set --secret --stack dev dockerConfigJson", '{"auths":{"first":{}}}\n');
    const { code, output } = await shell(
      "npx --no kubernetes-private-registry rotate --server quay.io --yes",
    );
    assert.equal(code, 1);
    const lines = output.split("\n").filter((line) => line.startsWith("  "));
    writeFileSync(join(project, "config.json"), '{"auths":{"second":{}}}\n');
    const [keep = "", set = "", , drop = ""] = lines;
    await succeed(`${keep}\n${set}`);
    assert.equal(
      await succeed("pulumi config get --stack dev previousDockerConfigJson"),
      '{"auths":{"first":{}}}\n',
    );
    assert.equal(
      await succeed("pulumi config get --stack dev dockerConfigJson"),
      '{"auths":{"second":{}}}\n',
    );
    await succeed(drop);
    assert.doesNotMatch(stackText("dev"), /previousDockerConfigJson/);
    assert.match(
      await succeed("npx --no kubernetes-private-registry plan"),
      /shop:dockerConfigJson is encrypted/,
    );
  });

  it("give no password to Pulumi but through its standard input, and none to the files", () => {
    const calls = readFileSync(join(folder.path, "calls"), "utf8");
    assert.match(calls, /^config set --config-file \S+ --secret shop:encrypted --stack dev$/m);
    const files = [
      "calls",
      "surroundings",
      ...["dev", "eu", "prod"].map((stack) => `project/Pulumi.${stack}.yaml`),
    ];
    for (const file of files) {
      assert.deepEqual(leaksIn(readFileSync(join(folder.path, file), "utf8"), passwords), [], file);
    }
  });
});
