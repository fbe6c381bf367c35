import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import { type CliMachine, createCliMachine, type ScriptRun } from "../support/engine/cliMachine";
import { startHttpServer } from "../support/registry/httpServer";

const root = resolve(__dirname, "../..");
const textOf = (file: string): string => readFileSync(join(root, file), "utf8");
const versionOf = (manifest: string): string => (JSON.parse(textOf(manifest)) as { version: string }).version;
const version = versionOf("node_modules/@pulumi/pulumi/package.json");

const installing = `There is no pulumi on PATH: installing ${version} with npm's package pulumi, once, some 100 MB from get.pulumi.com.`;
const fallingBack = `npm's package pulumi did not install ${version}: falling back to the build from the Go module.`;
const building = `There is no pulumi on PATH: building v${version} from its Go module, once, in about four minutes.`;
const official = `Pulumi CLI: ${version}, by npm's package pulumi.`;
const built = `Pulumi CLI: ${version}, built from its Go module.`;

/** What Pulumi's install script does to the folder $0: puts the CLI and a language host there. */
const installs = `mkdir -p "$0/bin"
printf '#!/bin/sh\\necho v%s\\n' "$PULUMI_VERSION" >"$0/bin/pulumi"
cp "$0/bin/pulumi" "$0/bin/pulumi-language-nodejs"
chmod +x "$0"/bin/*`;

describe("the Pulumi CLI where none is on PATH", function () {
  this.timeout(60_000);
  let machine: CliMachine;

  /** A machine whose npm has the package `pulumi`, which runs an install script as the real one does. */
  async function createMachine(installScript: string, proxyStatus?: number): Promise<void> {
    machine = await createCliMachine(proxyStatus);
    machine.addProgram(
      "npm",
      `mkdir -p "$3/node_modules/pulumi"
cat >"$3/node_modules/pulumi/run.js" <<'END'
const { PULUMI_HOME, PULUMI_VERSION } = process.env;
const folder = PULUMI_HOME + "/versions/" + PULUMI_VERSION;
const script = ${JSON.stringify(installScript)};
require("node:child_process").execFileSync("/bin/sh", ["-ec", script, folder], { stdio: "inherit" });
END`,
    );
  }

  const install = (): Promise<ScriptRun> => machine.run("cli/install.sh");
  const officialFolder = (): string => join(machine.cache, `pulumi-v${version}-official`);
  const builtFolder = (): string => join(machine.cache, `pulumi-v${version}`);

  /** The lines that say what is done, without the progress of a build. */
  const linesOf = ({ stderr }: ScriptRun): string[] => stderr.filter((line) => !line.startsWith("  "));

  function assertBuilt(run: ScriptRun, ...before: string[]): void {
    assert.deepEqual([run.code, run.stdout], [0, `${builtFolder()}\n`], run.stderr.join("\n"));
    assert.deepEqual(linesOf(run), [...before, building, built]);
  }

  afterEach(() => machine.stop());

  it("comes by npm's package, with its language hosts, where the download site answers", async () => {
    await createMachine(installs, 200);
    machine.env["PULUMI_VERSION"] = "3.1.0";
    const run = await install();
    assert.deepEqual(run, {
      code: 0,
      stdout: `${officialFolder()}/bin\n`,
      stderr: [installing, official],
    });
    assert.deepEqual(readdirSync(officialFolder()).toSorted(), ["bin", "lock"]);
    assert.deepEqual(readdirSync(`${officialFolder()}/bin`).toSorted(), ["pulumi", "pulumi-language-nodejs"]);
    assert.deepEqual(machine.asked, ["get.pulumi.com:443"]);
    assert.deepEqual(machine.calls("go"), []);
    assert.match(machine.calls("npm").join("\n"), /^ci --prefix \S+ --ignore-scripts [^\n]*$/);
  });

  it("is kept: the next command asks nobody, and says what it uses", async () => {
    await createMachine(installs, 200);
    await install();
    assert.deepEqual(await install(), { code: 0, stdout: `${officialFolder()}/bin\n`, stderr: [official] });
    assert.deepEqual([machine.asked.length, machine.calls("npm").length], [1, 1]);
  });

  it("comes once when two want it at once", async () => {
    await createMachine(`/bin/sleep 0.5\n${installs}`, 200);
    const runs = await Promise.all([install(), install()]);
    for (const { code, stdout } of runs) {
      assert.deepEqual([code, stdout], [0, `${officialFolder()}/bin\n`]);
    }
    assert.deepEqual([machine.asked.length, machine.calls("npm").length], [1, 1]);
  });

  it("is built where the install script fails half-way, which is not tried again at once", async () => {
    await createMachine(`${installs}\necho 'no space left' >&2\nexit 1`, 200);
    const run = await install();
    assert.equal(run.stdout, `${builtFolder()}\n`);
    const lines = linesOf(run);
    assert.ok(lines.includes("no space left"));
    assert.equal(lines[0], installing);
    assert.deepEqual(lines.slice(-3), [fallingBack, building, built]);
    assert.deepEqual(readdirSync(officialFolder()), ["lock"]);
    assert.deepEqual((await install()).stderr, [built]);
    assert.equal(machine.asked.length, 1);
  });

  for (const [what, script] of Object.entries({
    "a CLI of another version": installs.replace("$PULUMI_VERSION", "3.1.0"),
    "a CLI that does not start": `${installs}\n: >"$0/bin/pulumi"`,
    "no CLI": `${installs}\nrm "$0/bin/pulumi"`,
  })) {
    it(`is built where the install script succeeds with ${what}`, async () => {
      await createMachine(script, 200);
      const run = await install();
      assert.equal(run.stdout, `${builtFolder()}\n`);
      assert.deepEqual(linesOf(run).slice(-3), [fallingBack, building, built]);
      assert.deepEqual(readdirSync(officialFolder()), ["lock"]);
    });
  }

  it("is built where the install script hangs, which ends with all that it has started", async () => {
    await createMachine('/bin/sleep 1000 & echo $! >"$HOME/hanging"; wait', 200);
    assertBuilt(await install(), installing, fallingBack);
    await assertEnded("hanging");
  });

  it("leaves nothing, and nothing runs on, when it is interrupted", async () => {
    await createMachine('mkdir -p "$0/bin"; /bin/sleep 1000 & echo $! >"$HOME/hanging"; wait', 200);
    machine.addProgram("sleep", "exec /bin/sleep 1");
    const { ended, interrupt } = machine.start("cli/install.sh");
    const hanging = join(machine.env["HOME"] ?? "", "hanging");
    while (!existsSync(hanging) || statSync(hanging).size === 0) {
      await delay(20);
    }
    interrupt();
    const run = await ended;
    assert.notEqual(run.code, 0);
    assert.equal(run.stdout, "");
    assert.deepEqual(machine.calls("go"), []);
    await assertEnded("hanging");
    assert.deepEqual(readdirSync(officialFolder()), ["lock"]);
  });

  for (const [what, status] of [
    ["refuses", 403],
    ["asks for a login", 407],
    ["can't reach the site", 502],
    ["does not answer", undefined],
  ] as const) {
    it(`is built behind a proxy that ${what}`, async () => {
      await createMachine(installs, status);
      assertBuilt(await install());
      assert.deepEqual([machine.asked, machine.calls("npm")], [["get.pulumi.com:443"], []]);
    });
  }

  it("is built behind a proxy that is not there", async () => {
    await createMachine(installs, 200);
    const elsewhere = await startHttpServer(() => undefined);
    await elsewhere.stop();
    for (const proxy of [
      `http://${elsewhere.host}`,
      elsewhere.host,
      `https://${elsewhere.host}`,
      "http://",
    ]) {
      machine.env["HTTPS_PROXY"] = proxy;
      const run = await install();
      assert.equal(run.stdout, `${builtFolder()}\n`, proxy);
      assert.deepEqual(machine.calls("npm"), [], proxy);
    }
  });

  it("is built where npm's package is another than the lockfile says", async () => {
    machine = await createCliMachine(200);
    const registry = await startHttpServer(({ url }, response) => {
      const tarball = `http://${registry.host}/pulumi.tgz`;
      const manifest = { name: "pulumi", version: "3.265.0", dist: { tarball, integrity: "sha512-AAAA" } };
      response.end(
        url === "/pulumi" ? JSON.stringify({ name: "pulumi", versions: { "3.265.0": manifest } }) : "other",
      );
    });
    Object.assign(machine.env, { npm_config_registry: `http://${registry.host}/`, NO_PROXY: "127.0.0.1" });
    const run = await install();
    await registry.stop();
    assert.equal(run.stdout, `${builtFolder()}\n`);
    assert.match(run.stderr.join("\n"), /EINTEGRITY/);
    assert.deepEqual(linesOf(run).slice(-3), [fallingBack, building, built]);
  });

  it("asks for Go or the official CLI where neither can be had", async () => {
    await createMachine(installs, 403);
    machine.addProgram("go", "echo 'no network' >&2; exit 1");
    const { code, stdout, stderr } = await install();
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(
      stderr.at(-1) ?? "",
      /^Make sure that Go is [\d.]+ or newer and reaches its module proxy, or install the official CLI \(https:\S+\)\.$/,
    );
  });

  it("makes its own language host run, not the stand-in", async () => {
    await createMachine(installs, 200);
    const script = 'type -P pulumi pulumi-language-nodejs; echo "${PULUMI_HOME:-none}"';
    const { code, stdout, stderr } = await machine.run("with-pulumi", "--official", "bash", "-c", script);
    assert.equal(code, 0, stderr.join("\n"));
    assert.deepEqual(stdout.trimEnd().split("\n"), [
      `${officialFolder()}/bin/pulumi`,
      `${officialFolder()}/bin/pulumi-language-nodejs`,
      "none",
    ]);
    assert.deepEqual(linesOf({ code, stdout, stderr }).slice(0, 2), [installing, official]);
  });

  it("is left alone where one is on PATH: nothing is asked for it, and nothing said", async () => {
    await createMachine(installs, 200);
    for (const name of [
      "pulumi",
      "pulumi-language-nodejs",
      "pulumi-resource-kubernetes",
      "pulumi-resource-random",
    ]) {
      machine.addProgram(name, "");
    }
    assert.deepEqual(await machine.run("with-pulumi", "true"), { code: 0, stdout: "", stderr: [] });
    assert.deepEqual([machine.asked, machine.calls("npm"), machine.calls("go")], [[], [], []]);
  });

  it("is found behind the launcher that npm's package puts on PATH", async () => {
    await createMachine(installs, 200);
    const { HOME = "", PATH = "" } = machine.env;
    const [bin = ""] = PATH.split(delimiter);
    const launcher = join(HOME, "lib/node_modules/pulumi/run.js");
    mkdirSync(dirname(launcher), { recursive: true });
    writeFileSync(launcher, "#!/bin/sh\necho Installing\necho v3.265.0\n", { mode: 0o755 });
    symlinkSync(launcher, join(bin, "pulumi"));
    const real = join(HOME, ".pulumi/versions/3.265.0/bin");
    mkdirSync(real, { recursive: true });
    for (const name of ["pulumi", "pulumi-language-nodejs"]) {
      writeFileSync(join(real, name), "#!/bin/sh\n", { mode: 0o755 });
    }
    const { stdout } = await machine.run("with-pulumi", "--official", "bash", "-c", "type -P pulumi");
    assert.equal(stdout, `${real}/pulumi\n`);
    assert.deepEqual(machine.calls("go"), []);
  });

  /** Waits until a process, whose id is in a file of the home, has ended, for five seconds at most. */
  async function assertEnded(file: string): Promise<void> {
    const id = Number(readFileSync(join(machine.env["HOME"] ?? "", file), "utf8"));
    assert.ok(id > 1);
    for (let tries = 0; isRunning(id) && tries < 250; tries += 1) {
      await delay(20);
    }
    if (isRunning(id)) {
      process.kill(id);
      assert.fail("what the install script has started runs on");
    }
  }
});

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch {
    return false;
  }
}

describe("the release of Pulumi", () => {
  const goModule = textOf("offline/cli/go.mod");

  it("is that of the SDK, for each way of getting the CLI and in the workflow", () => {
    const { devDependencies } = JSON.parse(textOf("package.json")) as {
      devDependencies: Record<string, string>;
    };
    const modules = [...goModule.matchAll(/\bgithub\.com\/pulumi\/pulumi\/(?:pkg|sdk)\/v3 v(\S+)/g)].map(
      ([, found]) => found,
    );
    const workflow = parse(textOf(".github/workflows/ci.yml")) as { env: Record<string, string> };
    assert.deepEqual(
      [devDependencies["@pulumi/pulumi"], modules, workflow.env["PULUMI_VERSION"]],
      [version, [version, version], version],
    );
  });

  it("needs the Go that offline/README.md names", () => {
    const [, go] = /^go (.*)$/m.exec(goModule) ?? [];
    assert.match(textOf("offline/README.md"), new RegExp(`Go ${go} or newer and the Go module proxy`));
  });
});
