import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stopAtEnd } from "../support/stopAtEnd";
import { temporaryDirectory } from "../support/temporaryDirectory";
import { requireTools } from "../support/tools";

const root = resolve(__dirname, "../..");
const sdk = "sdks/kubernetes-private-registry";
const buildMillis = 600_000;

/** Runs a command, and returns what it writes to standard output. */
function run(directory: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: directory, encoding: "utf8", stdio: "pipe" });
}

/** Makes a project of an example, with the SDK that the language's host would generate for it. */
function generateSdk(language: "go" | "python", project: string): void {
  cpSync(join(root, "examples", language), project, { recursive: true });
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

describe("the SDK for Python", () => {
  const project = stopAtEnd()(temporaryDirectory()).path;
  const python = join(project, "venv/bin/python");
  const program = join(project, "__main__.py");

  before(function () {
    requireTools(this, "tests of the SDK for Python", { go: undefined, python3: "python3-venv" });
    this.timeout(buildMillis);
    generateSdk("python", project);
    run(project, "python3", "-m", "venv", "venv");
  });

  it("is installed by the example's requirements.txt", () => {
    run(project, python, "-m", "pip", "install", "--quiet", "-r", "requirements.txt", "mypy==2.4.1");
  });

  it("compiles", () => {
    run(project, python, "-m", "compileall", "-q", sdk);
  });

  // mypy finds two errors in what Pulumi writes for every package.
  it("has right types, but for Pulumi's own _utilities.py", () => {
    const folder = `${sdk}/pulumi_kubernetes_private_registry`;
    const files = readdirSync(join(project, folder)).filter((name) => name.endsWith(".py"));
    const own = files.filter((name) => name !== "_utilities.py").map((name) => `${folder}/${name}`);
    run(project, python, "-m", "mypy", "--follow-imports=silent", ...own);
  });

  it("takes the example", () => {
    run(project, python, "-m", "mypy", "__main__.py");
  });

  for (const [from, to] of [
    ["registry.Rotation.VERSIONED", '"versioned"'],
    ["servers=pull_secret.servers", "server=pull_secret.servers"],
    ["container_port=8080", 'container_port="8080"'],
  ] as const) {
    it(`refuses ${to} in it`, () => {
      assertRefused(
        program,
        from,
        to,
        () => run(project, python, "-m", "mypy", "__main__.py"),
        /error: .*\[/,
      );
    });
  }
});

describe("the SDK for Go", () => {
  const project = stopAtEnd()(temporaryDirectory()).path;

  before(function () {
    requireTools(this, "tests of the SDK for Go", { go: undefined });
    this.timeout(buildMillis);
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
