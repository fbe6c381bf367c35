import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { type Answer, type Run, runAnswered } from "../support/engine/projectCopy";
import { stopAtEnd } from "../support/runner/stopAtEnd";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";

const root = resolve(__dirname, "../..");
const main = `${process.execPath} ${join(root, "dist/commands/main.js")}`;
const npx = "npx --no kubernetes-private-registry";
const server = "registry.example.com";
const stacks = ["dev", "eu", "prod"];
const environmentStack = "environment: [shop/registries]\n";

describe("the commands on several stacks", function () {
  this.timeout(60_000);
  const stopping = stopAtEnd();
  let folder: string;

  beforeEach(() => {
    folder = stopping(temporaryDirectory()).path;
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    mkdirSync(join(folder, "bin"));
    copyFileSync(join(root, "test/support/engine/fakePulumi.sh"), join(folder, "bin/pulumi"));
    write("selected", "eu\n");
    for (const stack of stacks) {
      write(stackFile(stack), before(stack));
      end("preview", stack, 0);
      end("up", stack, 0);
    }
    write(stackFile("other"), before("other").replace(server, "quay.io"));
    write(stackFile("esc"), environmentStack);
  });

  function write(file: string, text: string): void {
    writeFileSync(join(folder, file), text);
  }

  function read(file: string): string {
    return readFileSync(join(folder, file), "utf8");
  }

  function stackFile(stack: string): string {
    return `Pulumi.${stack}.yaml`;
  }

  function end(command: "preview" | "up", stack: string, code: number): void {
    write(`${command}-${stack}`, String(code));
  }

  const login = (stack: string, password: string): string =>
    `    - server: ${server}\n      username: ${stack}\n      password:\n        secure: v1:${password}\n`;
  const before = (stack: string): string =>
    `encryptionsalt: v1:salt\nconfig:\n  platform:logins:\n${login(stack, "old")}`;
  const secure = Buffer.from("new").toString("base64");
  const rotated = (stack: string): string =>
    `encryptionsalt: v1:salt\nconfig:\n  platform:logins:\n${login(stack, secure)}  platform:previousLogins:\n${login(stack, "old")}`;
  const finished = (stack: string): string =>
    `encryptionsalt: v1:salt\nconfig:\n  platform:logins:\n${login(stack, secure)}`;

  /** Which stack files are as a function makes them. */
  function those(made: (stack: string) => string): string[] {
    return stacks.filter((stack) => read(stackFile(stack)) === made(stack));
  }

  function calls(): string[] {
    return read("calls")
      .trim()
      .split("\n")
      .filter((call) => !call.startsWith("config"));
  }

  const environment = (): Record<string, string> => ({
    PATH: [join(folder, "bin"), process.env["PATH"] ?? ""].join(delimiter),
    SERVER: "",
  });

  /** Runs a command of the package as a user would, with text on standard input. */
  function npxRun(line: string, input = ""): Promise<Run> {
    return runAnswered(
      folder,
      "bash",
      ["--norc", "-c", line.replaceAll(npx, main)],
      [["", input]],
      environment(),
    );
  }

  function type(line: string, answers: Answer[]): Promise<Run> {
    return runAnswered(
      folder,
      "script",
      ["-qec", line.replaceAll(npx, main), "/dev/null"],
      answers,
      environment(),
    );
  }

  const rotateAll = `${npx} rotate --all --server ${server}`;

  it("rotate with one prompt, each with a preview and a question, in order", async () => {
    const { code, output } = await type(rotateAll, [
      [`New password of ${server} for the stacks dev, eu, prod: `, "new\r"],
      ["Repeat the password: ", "new\r"],
      ["Bring dev up with this? [y/N] ", "y\r"],
      ["Bring eu up with this? [y/N] ", "y\r"],
      ["Bring prod up with this? [y/N] ", "y\r"],
    ]);
    assert.equal(code, 0, output);
    assert.deepEqual(those(rotated), stacks);
    assert.deepEqual(
      calls(),
      stacks.flatMap((stack) => [`preview --stack ${stack}`, `up --yes --skip-preview --stack ${stack}`]),
    );
    assert.ok(
      output.includes(
        "Pulumi.esc.yaml is left out. It may have a login for registry.example.com in shop/registries, which this command can't read.",
      ),
    );
    const [finish = ""] = /npx --no .*(?=\r\n$)/.exec(output) ?? [];
    assert.equal(finish, `${npx} rotate-finish --stack dev --stack eu --stack prod --server ${server}`);
    const done = await npxRun(`${finish} --yes`);
    assert.equal(done.code, 0, done.output);
    assert.deepEqual(those(finished), stacks);
    assert.equal(read(stackFile("other")), before("other").replace(server, "quay.io"));
    assert.equal(read(stackFile("esc")), environmentStack);
  });

  it("take the stacks in the order that they are named, each once, and the selected one by default", async () => {
    const named = `${npx} rotate -y -s prod -s dev -s prod --server ${server}`;
    assert.equal((await npxRun(named, "new\n")).code, 0);
    assert.equal((await npxRun(`${npx} rotate -y --server ${server}`, "new\n")).code, 0);
    assert.deepEqual(
      calls().filter((call) => !call.startsWith("up")),
      [
        "preview --stack prod",
        "preview --stack dev",
        "stack --show-name --non-interactive",
        "preview --stack eu",
      ],
    );
    assert.deepEqual(those(rotated), stacks);
  });

  it("stop at the first preview that fails, and go on by the command that they say", async () => {
    end("preview", "eu", 1);
    const { code, output } = await npxRun(`${rotateAll} --yes`, "new\n");
    assert.equal(code, 1);
    const goOn = `${npx} rotate --stack eu --stack prod --server ${server}`;
    assert.ok(
      output.endsWith(
        [
          "error: pulumi preview failed.",
          "Pulumi.eu.yaml is as it was.",
          "Done: dev. Not begun: eu, prod.",
          `To go on: ${goOn}`,
          "",
        ].join("\n"),
      ),
      output,
    );
    assert.deepEqual([those(rotated), those(before)], [["dev"], ["eu", "prod"]]);
    end("preview", "eu", 0);
    assert.equal((await npxRun(`${goOn} --yes`, "new\n")).code, 0);
    assert.deepEqual(those(rotated), stacks);
  });

  it("stop at the first up that fails, which keeps its change", async () => {
    end("up", "eu", 1);
    const { code, output } = await npxRun(`${rotateAll} --yes`, "new\n");
    assert.equal(code, 1);
    assert.ok(
      output.endsWith(
        [
          "error: pulumi up failed.",
          "Pulumi.eu.yaml keeps the change, because the stack may be partly up: correct the cause, then run: pulumi up --stack eu",
          "Done: dev. Not begun: prod.",
          `To go on: pulumi up --stack eu && ${npx} rotate --stack prod --server ${server}`,
          "",
        ].join("\n"),
      ),
      output,
    );
    assert.deepEqual([those(rotated), those(before)], [["dev", "eu"], ["prod"]]);
  });

  it("stop at a no, and at Ctrl-C, which leave each file whole", async () => {
    const refused = await type(rotateAll, [
      ["New password", "new\r"],
      ["Repeat the password: ", "new\r"],
      ["Bring dev up with this? [y/N] ", "\r"],
    ]);
    assert.match(
      refused.output,
      /error: not agreed\.\s+Pulumi\.dev\.yaml is as it was\.\s+Done: none\. Not begun: dev, eu, prod\./,
    );
    assert.deepEqual(those(before), stacks);

    const { output } = await type(
      `trap : INT; rm preview-prod; ${npx} rotate -s dev -s prod --server ${server} --yes`,
      [
        ["New password", "new\r"],
        ["Repeat the password: ", "new\r"],
        ["preview of prod", "\u0003"],
      ],
    );
    assert.match(
      output,
      /preview has ended\s+error: interrupted\.\s+Pulumi\.prod\.yaml is as it was\.\s+Done: dev\. Not begun: prod\.\s+To go on: npx --no kubernetes-private-registry rotate --stack prod --server registry\.example\.com/,
    );
    assert.deepEqual([those(rotated), those(before)], [["dev"], ["eu", "prod"]]);
    assert.deepEqual(
      readdirSync(folder).filter((file) => file.startsWith(".")),
      [],
    );
  });

  it("check every stack before they ask: the file, the server and the key", async () => {
    write(stackFile("dev"), "config: [\n");
    write("locked-prod", "");
    const named = `${npx} rotate -s dev -s eu -s other -s typo -s prod --server ${server} --yes`;
    const { code, output } = await npxRun(named);
    assert.equal(code, 1);
    assert.equal(
      output,
      [
        "error: 3 of 5 stacks can't be changed, so none was:",
        "  Pulumi.dev.yaml: line 2 of the stack file is not valid YAML (BAD_INDENT): correct it.",
        "  Pulumi.other.yaml: no login for registry.example.com in the stack other: its servers are quay.io.",
        "  Pulumi.typo.yaml: there is no Pulumi.typo.yaml: name a stack that has a file, or run `pulumi config set` in a new one first.",
        "",
      ].join("\n"),
    );
    write(stackFile("dev"), before("dev"));
    const locked = await npxRun(`${npx} rotate -s dev -s prod --server ${server} --yes`);
    assert.equal(locked.code, 1);
    assert.equal(
      locked.output,
      "error: 1 of 2 stacks can't be changed, so none was:\n  Pulumi.prod.yaml: pulumi config failed.\n",
    );
    const finish = await npxRun(`${npx} rotate-finish -s dev -s prod --yes`);
    assert.match(finish.output, /2 of 2 stacks[^]*no rotation is under way in the stack prod\.\n$/);
    assert.deepEqual(those(before), stacks);
  });

  it("refuse stacks whose logins have different kinds of secrets", async () => {
    write(stackFile("prod"), before("prod").replace("password:", "ecrToken:"));
    const { output } = await npxRun(`${rotateAll} --yes`);
    assert.match(
      output,
      /error: the stacks have different kinds of logins for registry\.example\.com, password and ecrToken: rotate those of one kind at a time\.\n$/,
    );
  });

  it("end the rotation of one server in all stacks that have it, and keep the others", async () => {
    const previous = (...logins: string[]): string => `  platform:previousLogins:\n${logins.join("")}`;
    const other = login("x", "x").replace(server, "quay.io");
    write(stackFile("dev"), before("dev") + previous(login("dev", "older"), other));
    write(stackFile("eu"), before("eu") + previous(other));
    const { code, output } = await npxRun(`${npx} rotate-finish --all --server ${server} --yes`);
    assert.equal(code, 0, output);
    assert.equal(read(stackFile("dev")), before("dev") + previous(other));
    assert.equal(read(stackFile("eu")), before("eu") + previous(other));
    assert.deepEqual(calls(), ["preview --stack dev", "up --yes --skip-preview --stack dev"]);
    end("up", "eu", 1);
    const all = await npxRun(`${npx} rotate-finish --all --yes`);
    assert.match(all.output, /Done: dev\. Not begun: none\.\nTo go on: pulumi up --stack eu\n$/);
    assert.equal(read(stackFile("dev")), before("dev"));
  });

  const refused: [title: string, line: string, code: number, reason: string][] = [
    [
      "--all with --stack",
      `${rotateAll} --stack dev`,
      2,
      "--all and --stack exclude each other: give one of them.",
    ],
    [
      "--all for a server that no stack has",
      `${npx} rotate --all --server typo.example.com`,
      1,
      "no stack file holds a login for typo.example.com: the stacks are dev, esc, eu, other, prod.",
    ],
    [
      "a question without a terminal",
      `${npx} rotate --all --server ${server}`,
      1,
      "there is no terminal to ask on: add --yes to skip the question.",
    ],
    [
      "a CLI that is not there",
      `PATH=/nowhere ${npx} plan`,
      1,
      "there is no pulumi on the PATH: install the Pulumi CLI (https://www.pulumi.com/docs/install/).",
    ],
  ];
  for (const [title, line, code, reason] of refused) {
    it(`refuse ${title}`, async () => {
      const { code: ended, output } = await npxRun(line);
      assert.equal(ended, code);
      assert.ok(output.endsWith(`error: ${reason}\n`), output);
      assert.deepEqual(those(before), stacks);
    });
  }

  it("print nothing that a terminal obeys, whatever stands in a stack file", async () => {
    const key = "\\e[2J\\u202e";
    write(
      stackFile("dev"),
      `environment: ["${key}"]\nconfig:\n  "${key}a:logins":\n${login("dev", "old")}  "${key}b:logins":\n${login("dev", "old")}  "${key}:dockerConfigJson": x\n`,
    );
    const json = JSON.stringify({ auths: { "ghcr.io": { username: "u", password: "p" } } });
    for (const [line, input] of [
      ["plan -s dev", ""],
      ["plan -s dev --key typo", ""],
      [`rotate -s dev --server ${server} --yes`, ""],
      ["rotate -s dev --server quay.io --yes", ""],
      ["rotate --all --server quay.io --yes", ""],
      ["import-logins -s dev", json],
    ] as const) {
      const { output } = await npxRun(`${npx} ${line}`, input);
      assert.match(output, /\\u001b/, line);
      assert.doesNotMatch(output, /(?!\n)[\p{C}]/u, line);
    }
  });

  it("say what a list in the stack file does to one in an environment", async () => {
    write(stackFile("dev"), before("dev") + environmentStack);
    const note =
      "The stack also takes config from shop/registries: if platform:logins is set there too, Pulumi takes only the list in the stack file, and merges nothing.";
    const rotatedDev = await npxRun(`${npx} rotate -s dev --server ${server} --yes`, "new\n");
    assert.ok(rotatedDev.output.startsWith(`Pulumi.dev.yaml: ${note}\n`), rotatedDev.output);
    const json = JSON.stringify({ auths: { "ghcr.io": { username: "u", password: "p" } } });
    const imported = await npxRun(`${npx} import-logins -s dev`, json);
    assert.equal(
      imported.output,
      `platform:logins[1]: ghcr.io\nAdded to Pulumi.dev.yaml, with encrypted passwords. Next: pulumi preview --stack dev\n${note}\n`,
    );
  });
});
