import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineCommand, helpOf, parseOptions } from "../../commands/command";
import { UsageError } from "../../commands/commandError";

const root = resolve(__dirname, "../..");

const command = defineCommand({
  summary: "Do it",
  details: "Once.",
  options: {
    stack: { type: "string", short: "s", multiple: true, placeholder: "NAME", help: "the stack" },
    yes: { type: "boolean", help: "agree" },
  },
  run: () => Promise.resolve(),
});

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["--import=tsx", join(root, "commands/main.ts"), ...args], {
    cwd: root,
    encoding: "utf8",
  });
}

describe("the options of a command", () => {
  it("are read", () => {
    assert.deepEqual(
      { ...parseOptions(command, "do", ["-s", "a", "--stack=b", "--yes"]) },
      { stack: ["a", "b"], yes: true },
    );
    assert.deepEqual({ ...parseOptions(command, "do", []) }, {});
    assert.equal(parseOptions(command, "do", ["--yes", "-h"]), undefined);
  });

  const wrong: [args: string[], message: string][] = [
    [
      ["--stak", "canary"],
      '`do` has no option "--stak" (did you mean "stack"?). Expected one of: stack, yes, help.',
    ],
    [
      ["--stak=canary"],
      '`do` has no option "--stak" (did you mean "stack"?). Expected one of: stack, yes, help.',
    ],
    [["-x"], '`do` has no option "-x". Expected one of: stack, yes, help.'],
    [["--constructor"], '`do` has no option "--constructor". Expected one of: stack, yes, help.'],
    [
      ["--\u001b[2J"],
      String.raw`\`do\` has no option "--\u001b[2J". Expected one of: stack, yes, help.`.replaceAll(
        "\\`",
        "`",
      ),
    ],
    [
      ["canary"],
      "`do` takes only options, and one of the arguments is not an option: see `npx --no kubernetes-private-registry do --help`.",
    ],
    [
      ["--stack"],
      "Option '-s, --stack <value>' argument missing: see `npx --no kubernetes-private-registry do --help`.",
    ],
    [
      ["--yes=canary"],
      "Option '--yes' does not take an argument: see `npx --no kubernetes-private-registry do --help`.",
    ],
  ];
  for (const [args, message] of wrong) {
    it(`are refused as ${JSON.stringify(args)}, without a value`, () => {
      assert.throws(() => parseOptions(command, "do", args), new UsageError(message));
    });
  }

  it("are in the help", () => {
    assert.equal(
      helpOf(command, "do"),
      `Usage: npx --no kubernetes-private-registry do [OPTION...]

Do it.

Once.

Options:
  -s, --stack NAME  the stack
      --yes         agree
  -h, --help        show this`,
    );
  });
});

describe("the command line", function () {
  this.timeout(60_000);

  it("lists its commands, each of which has help", () => {
    const { status, stdout, stderr } = run("--help");
    assert.deepEqual([status, stderr], [0, ""]);
    assert.equal(run().stdout, stdout);
    const names = [...stdout.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map(([, name = ""]) => name);
    assert.deepEqual(names, ["plan", "rotate", "rotate-finish", "import-logins", "audit"]);
    for (const name of names) {
      const help = run(name, "--help");
      assert.deepEqual([help.status, help.stderr], [0, ""]);
      assert.ok(help.stdout.startsWith(`Usage: npx --no kubernetes-private-registry ${name} [OPTION...]\n`));
    }
  });

  it("has the package's version", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    assert.deepEqual([run("--version").status, run("--version").stdout], [0, `${version}\n`]);
  });

  for (const [name, hint] of [
    ["rotat", ' (did you mean "rotate"?)'],
    ["constructor", ""],
    ["--canary", ""],
  ] as const) {
    it(`has no command ${name}: exit code 2`, () => {
      const { status, stdout, stderr } = run(name);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.ok(
        stderr.startsWith(`error: there is no command "${name}"${hint}. Expected one of: plan, rotate,`),
        stderr,
      );
    });
  }

  it("says which option is wrong: exit code 2", () => {
    const { status, stderr } = run("rotate");
    assert.equal(status, 2);
    assert.match(stderr, /^error: name the registry whose password changes, such as: npx --no /);
  });
});
