import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { writeChart } from "../support/engine/chart";
import { type Consumer, createConsumer } from "../support/languages/consumer";
import { snippetsIn } from "../support/docs/documents";
import { edit, initExample, testExampleRun } from "../support/languages/exampleRun";
import { stopAtEnd } from "../support/runner/stopAtEnd";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";
import { requireTools } from "../support/runner/tools";

const root = resolve(__dirname, "../..");
const sdk = "sdks/kubernetes-private-registry";
const buildMillis = 600_000;

/** Runs a command, and returns what it writes to standard output. */
function run(directory: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: directory, encoding: "utf8", stdio: "pipe" });
}

/** Gives a project the SDK that the language's host would generate. */
function generateSdk(language: "go" | "python", project: string): void {
  const generator = run(root, join(root, "offline/cli/generate-sdk/build.sh")).trim();
  run(project, join(generator, "generate-sdk"), language, join(root, "plugin/schema.json"), sdk);
}

/** Edits a program, and shows that the check of the sound one fails then, for that reason. */
function assertRefused(file: string, from: string, to: string, check: () => void, reason: RegExp): void {
  const sound = readFileSync(file, "utf8");
  assert.ok(sound.includes(from), from);
  writeFileSync(file, sound.replace(from, to));
  assert.throws(check, ({ stdout, stderr }: { stdout: string; stderr: string }) =>
    reason.test(stdout + stderr),
  );
  writeFileSync(file, sound);
}

describe("the SDK for Python, and the example", () => {
  let consumer: Consumer;
  const python = (...args: string[]): string => consumer.run("venv/bin/python", ...args);

  before(function () {
    requireTools(this, "tests of the SDK for Python", { go: undefined, python3: "python3-venv" });
    this.timeout(buildMillis);
    consumer = createConsumer({ folder: join(root, "examples/python") });
    edit(consumer, "Pulumi.yaml", "../..", "../package");
    generateSdk("python", consumer.directory);
    run(consumer.directory, "python3", "-m", "venv", "venv");
    python("-m", "pip", "install", "--quiet", "-r", "requirements.txt", "mypy==2.4.1");
    initExample(consumer);
  });

  after(() => {
    consumer.remove();
  });

  it("compile", () => {
    python("-m", "compileall", "-q", sdk);
  });

  // mypy finds two errors in what Pulumi writes for every package.
  it("have right types, but for Pulumi's own _utilities.py", () => {
    const folder = `${sdk}/pulumi_kubernetes_private_registry`;
    const files = readdirSync(join(consumer.directory, folder)).filter((name) => name.endsWith(".py"));
    const own = files.filter((name) => name !== "_utilities.py").map((name) => `${folder}/${name}`);
    python("-m", "mypy", "--follow-imports=silent", ...own);
    python("-m", "mypy", "__main__.py");
  });

  for (const [from, to] of [
    ["registry.Rotation.VERSIONED", '"versioned"'],
    ["servers=pull_secret.servers", "server=pull_secret.servers"],
    ["container_port=8080", 'container_port="8080"'],
  ] as const) {
    it(`have no place for ${to}`, () => {
      const check = (): string => python("-m", "mypy", "__main__.py");
      assertRefused(join(consumer.directory, "__main__.py"), from, to, check, /error: .*\[/);
    });
  }

  // The automation API runs a program without the language host, which can't be built from a Go module.
  const engine = (...args: string[]): string =>
    python(join(root, "test/support/languages/runPython.py"), ...args);

  testExampleRun("__main__.py", () => ({
    ...consumer,
    pulumi: (...args) => (/^(preview|up)$/.test(args[0] ?? "") ? engine(...args) : consumer.pulumi(...args)),
  }));

  // Only the official Kubernetes plugin makes Helm charts.
  it("take the recipe of docs/languages.md: a transform that adds the Secret to a Helm chart", () => {
    const recipes = snippetsIn("docs/languages.md").filter(({ language }) => language === "python");
    assert.equal(recipes.length, 1);
    appendFileSync(join(consumer.directory, "__main__.py"), recipes[0]?.text ?? "");
    writeChart(consumer.directory);
    python("-m", "pip", "install", "--quiet", "pulumi-kubernetes>=4.29,<5");
    engine("up", "--yes", "--skip-preview");
    const name = consumer.pulumi("stack", "output", "secretName").trim();
    const listed = consumer
      .manifests("Deployment")
      .map(({ metadata, spec }) => [metadata.name, spec?.template?.spec.imagePullSecrets]);
    assert.deepEqual(listed.toSorted(), [
      ["awesomeapp", [{ name }]],
      ["reports", [{ name }]],
    ]);
  });
});

describe("the SDK for Go", () => {
  const project = stopAtEnd()(temporaryDirectory()).path;

  before(function () {
    requireTools(this, "tests of the SDK for Go", { go: undefined });
    this.timeout(buildMillis);
    cpSync(join(root, "examples/go"), project, { recursive: true });
    generateSdk("go", project);
  });

  it("compiles with the example", function () {
    this.timeout(buildMillis);
    run(project, "go", "build", "-o", "program", "./...");
  });

  it("leaves the example's go.mod and go.sum as they are when Pulumi tidies them", () => {
    run(project, "go", "mod", "tidy", "-diff");
  });

  for (const [from, to, reason] of [
    ["pulumi.Int(2)", "pulumi.Float64(2)", /cannot use pulumi\.Float64/],
    ["Servers:", "Server:", /unknown field Server/],
  ] as const) {
    it(`refuses ${to} in it`, () => {
      const check = (): string => run(project, "go", "build", "-o", "program", "./...");
      assertRefused(join(project, "main.go"), from, to, check, reason);
    });
  }
});
