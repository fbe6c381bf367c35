import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type Answer, copyProject, type ProjectCopy, type Run } from "../support/engine/projectCopy";

const server = "www.3rdregistry.com";
const other = "10.10.10.10:443";
const again = "Repeat the password: ";

describe("make rotate, whatever happens meanwhile", function () {
  this.timeout(60_000);
  let project: ProjectCopy;
  let original: string;

  before(() => {
    project = copyProject();
    copyFileSync(resolve(__dirname, "../support/engine/fakePulumi.sh"), join(project.folder, "offline/run"));
  });

  after(() => {
    project.remove();
  });

  beforeEach(() => {
    project.restoreStacks();
    for (const answer of answers()) {
      rmSync(answer);
    }
    original = project.stackFile().replaceAll("\n", "\r\n");
    write(original);
  });

  afterEach(() => {
    assert.deepEqual(
      readdirSync(join(project.folder, "stacks")).filter((file) => file.startsWith(".")),
      [],
    );
  });

  function answers(): string[] {
    return [server, other, "local"].flatMap((name) =>
      ["preview", "up"].map((command) => join(project.folder, `${command}-${name}`)).filter(existsSync),
    );
  }

  /** With which code a command of Pulumi ends for a server. */
  function end(command: "preview" | "up", code: number, name = server): void {
    writeFileSync(join(project.folder, `${command}-${name}`), String(code));
  }

  function write(text: string): void {
    writeFileSync(join(project.folder, "stacks/Pulumi.local.yaml"), text);
  }

  function prompt(name = server): string {
    return `New password of ${name} for the stack local: `;
  }

  function type(typed: Answer[], name = server, flags = "--yes"): Promise<Run> {
    return project.type(
      `trap : INT; stty -g; make --no-print-directory -o node_modules rotate SERVER=${name} FLAGS=${flags}; stty -g`,
      typed,
    );
  }

  function passwords(list: "registries" | "previousRegistries"): Record<string, string> {
    const { config } = parse(project.stackFile()) as {
      config: Record<string, { server: string; password: { secure: string } }[] | undefined>;
    };
    const logins = config[`kubernetes-private-registry:${list}`] ?? [];
    return Object.fromEntries(
      logins.map((login) => [login.server, Buffer.from(login.password.secure.slice(3), "base64").toString()]),
    );
  }

  /** The process of the command itself, below make. */
  function script(): number {
    const found = readdirSync("/proc").filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("commands/main.ts\0rotate\0") &&
          readlinkSync(`/proc/${pid}/exe`).endsWith("/node") &&
          readlinkSync(`/proc/${pid}/cwd`) === project.folder
        );
      } catch {
        return false;
      }
    });
    assert.equal(found.length, 1);
    return Number(found[0]);
  }

  function assertTerminalAsItWas(output: string): void {
    const [before, after, ...more] = output.match(/^[0-9a-f]+(?::[0-9a-f]+){10,}(?=\r?$)/gm) ?? [];
    assert.ok(before);
    assert.equal(after, before);
    assert.deepEqual(more, []);
  }

  const typed: [title: string, keys: string, password: string][] = [
    ["Ctrl-U", "wrong\u0015right", "right"],
    ["Ctrl-W", "one two\u0017three", "one three"],
    ["arrows, Home and End", "ac\u001b[Db\u001b[H1\u001b[F2", "1abc2"],
    ["backspace, also after a character of two units", "ab\u{1f600}x\u007f\u007f", "ab"],
    ["a bracketed paste", "\u001b[200~pasted\u001b[201~", "pasted"],
    ["letters of other languages", "pässwörd", "pässwörd"],
  ];
  for (const [title, keys, password] of typed) {
    it(`takes ${title} for what it is to a terminal, and keeps every other byte`, async () => {
      end("preview", 0);
      end("up", 0);
      const { output } = await type([
        [prompt(), `${keys}\r`],
        [again, `${keys}\r`],
      ]);
      assert.match(output, /Change it at www\.3rdregistry\.com now/);
      assert.equal(passwords("registries")[server], password);
      assertTerminalAsItWas(output);
      const secure = Buffer.from(password).toString("base64");
      const login = /v1:cc1umf\S*/.exec(original)?.[0] ?? "";
      assert.equal(
        project.stackFile(),
        original
          .replace(login, `v1:${secure}`)
          .replace(
            "encryptionsalt:",
            [
              "  kubernetes-private-registry:previousRegistries:",
              `    - server: ${server}`,
              "      username: janedoe",
              "      password:",
              `        secure: ${login}`,
              "      email: janedoe@example.com",
              "encryptionsalt:",
            ].join("\r\n"),
          ),
      );
    });
  }

  const refused: [title: string, typed: Answer[], reason: RegExp][] = [
    [
      "two that differ",
      [
        [prompt(), "canary1\r"],
        [again, "canary2\r"],
      ],
      /the two passwords differ: nothing was changed/,
    ],
    ["a tab", [[prompt(), "can\tary\r"]], /the new password contains a control character/],
    ["Ctrl-C", [[prompt(), "canary\u0003"]], /error: interrupted\.\s[^]*Error 130/],
    ["Ctrl-D", [[prompt(), "\u0004"]], /error: the input has ended\./],
  ];
  for (const [title, keys, reason] of refused) {
    it(`refuses ${title} at the prompt`, async () => {
      const { output } = await type(keys);
      assert.match(output, reason);
      assert.doesNotMatch(output, /can\t?ary|preview of/);
      assertTerminalAsItWas(output);
      assert.equal(project.stackFile(), original);
    });
  }

  it("echoes nothing of what is typed where standard error goes to a file", async () => {
    const log = join(project.folder, "log");
    writeFileSync(log, "");
    const typed = async (): Promise<string> => {
      while (!readFileSync(log, "utf8").includes(prompt())) {
        await new Promise((done) => setTimeout(done, 20));
      }
      return "can\tary\r";
    };
    const { output } = await project.type(`make -o node_modules rotate SERVER=${server} 2>log`, [
      ["", typed],
    ]);
    assert.doesNotMatch(output, /can\s+ary/);
    assert.match(readFileSync(log, "utf8"), /error: the new password contains a control character/);
  });

  const piped: [title: string, input: string | Buffer, reason: RegExp][] = [
    ["several lines", '{\n  "canary": 1\n}\n', /the new password has several lines: .*jq -c/],
    [
      "UTF-16",
      Buffer.from("canary\n", "utf16le"),
      /the new password is UTF-16, or not text: give it in UTF-8/,
    ],
    ["Latin-1", Buffer.from("canäry\n", "latin1"), /the new password contains bytes that are not UTF-8/],
    ["nothing", "", /the new password is empty/],
  ];
  for (const [title, input, reason] of piped) {
    it(`refuses ${title} on standard input`, async () => {
      const { code, output } = await project.make(["rotate", `SERVER=${server}`], input);
      assert.equal(code, 2);
      assert.match(output, reason);
      assert.doesNotMatch(output, /c.?a.?n.?.?.?r.?y/);
      assert.equal(project.stackFile(), original);
    });
  }

  it("takes a line that ends as on Windows", async () => {
    end("preview", 0);
    end("up", 0);
    const { code, output } = await project.make(["rotate", `SERVER=${server}`], "secret\r\n");
    assert.equal(code, 0, output);
    assert.equal(passwords("registries")[server], "secret");
  });

  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    const kill = (): Promise<undefined> => {
      process.kill(script(), signal);
      return Promise.resolve(undefined);
    };

    it(`ends at the prompt by ${signal}, with the terminal as it was`, async () => {
      const { output } = await type([[prompt(), kill]]);
      assert.match(output, new RegExp(`error: interrupted\\.\\s[^]*Error ${code}`));
      assertTerminalAsItWas(output);
      assert.equal(project.stackFile(), original);
    });

    it(`ends in the preview by ${signal}, once Pulumi has, and puts the file back`, async () => {
      const { output } = await type([
        [prompt(), "new\r"],
        [again, "new\r"],
        [`preview of ${server}`, kill],
      ]);
      assert.match(
        output,
        new RegExp(
          `preview has ended\\s+error: interrupted\\.\\s+stacks/Pulumi\\.local\\.yaml is as it was\\.\\s[^]*Error ${code}`,
        ),
      );
      assertTerminalAsItWas(output);
      assert.equal(project.stackFile(), original);
    });
  }

  it("ends at the question by a signal, and puts the file back", async () => {
    end("preview", 0);
    const { output } = await type(
      [
        [prompt(), "new\r"],
        [again, "new\r"],
        [
          "Bring local up with this? [y/N] ",
          () => {
            process.kill(script(), "SIGTERM");
            return Promise.resolve(undefined);
          },
        ],
      ],
      server,
      "",
    );
    assert.match(output, /error: interrupted\.\s+stacks\/Pulumi\.local\.yaml is as it was\./);
    assertTerminalAsItWas(output);
    assert.equal(project.stackFile(), original);
  });

  it("gives Ctrl-C at the terminal to Pulumi once, and keeps the file once it is brought up", async () => {
    end("preview", 0);
    const { output } = await type([
      [prompt(), "new\r"],
      [again, "new\r"],
      [`up of ${server}`, "\u0003"],
    ]);
    assert.equal(output.match(/up has ended/g)?.length, 1);
    assert.match(
      output,
      /error: interrupted\.\s+stacks\/Pulumi\.local\.yaml keeps the change, .* then run: make up STACK=local/,
    );
    assert.deepEqual(passwords("registries")[server], "new");
    assertTerminalAsItWas(output);
  });

  it("keeps what an editor has written while the password was typed", async () => {
    end("preview", 0);
    end("up", 0);
    await type([
      [
        prompt(),
        () => {
          write(`${original}# an edit\r\n`);
          return Promise.resolve("new\r");
        },
      ],
      [again, "new\r"],
    ]);
    assert.match(project.stackFile(), /\r\n# an edit\r\n$/);
    assert.equal(passwords("registries")[server], "new");
  });

  it("does not bring up, or put back, what somebody else has changed during the preview", async () => {
    const { output } = await type([
      [prompt(), "new\r"],
      [again, "new\r"],
      [
        `preview of ${server}`,
        () => {
          write(`${project.stackFile()}# an edit\r\n`);
          end("preview", 0);
          return Promise.resolve(undefined);
        },
      ],
    ]);
    assert.match(
      output,
      /error: stacks\/Pulumi\.local\.yaml has changed since the preview[^]*is left as it is: someone else has changed it in the meantime/,
    );
    assert.doesNotMatch(output, /up of/);
    assert.match(project.stackFile(), /\r\n# an edit\r\n$/);
  });

  const outgoing = "previousRegistries";
  for (const [title, firstEnds] of [
    ["first", true],
    ["last", false],
  ] as const) {
    it(`loses nothing of two rotations at once, when the one that fails ends ${title}`, async () => {
      const second = async (): Promise<void> => {
        const { code, output } = await project.make(["rotate", `SERVER=${other}`], "new2\n");
        assert.equal(code, 0, output);
      };
      const { output } = await type([
        [prompt(), "new1\r"],
        [again, "new1\r"],
        [
          `preview of ${server}`,
          async () => {
            end("preview", 0, other);
            if (!firstEnds) {
              end("up", 0, other);
              await second();
              end("preview", 1);
              return undefined;
            }
            const running = second();
            while (passwords(outgoing)[other] === undefined) {
              await new Promise((done) => setTimeout(done, 20));
            }
            end("preview", 1);
            void running.catch(() => undefined);
            setTimeout(() => {
              end("up", 0, other);
            }, 1000);
            await running;
            return undefined;
          },
        ],
      ]);
      assert.match(
        output,
        /error: pulumi preview failed\.\s+stacks\/Pulumi\.local\.yaml is left as it is: someone else has changed it in the meantime\. If it holds what this command has written, bring that up with `make up STACK=local`, or take it out\./,
      );
      const { [server]: new1, [other]: new2 } = passwords("registries");
      assert.deepEqual([new1, new2], ["new1", "new2"]);
      assert.deepEqual(Object.keys(passwords(outgoing)), [server, other]);
    });
  }

  it("begins no second rotation of a server, when the first has begun at the prompt", async () => {
    end("preview", 0);
    end("up", 0);
    const { output } = await type([
      [
        prompt(),
        async () => {
          const first = await project.make(["rotate", `SERVER=${server}`], "first\n");
          assert.equal(first.code, 0, first.output);
          return "second\r";
        },
      ],
      [again, "second\r"],
    ]);
    assert.match(output, /a rotation of www\.3rdregistry\.com is under way/);
    assert.equal(passwords("registries")[server], "first");
  });

  it("leaves a whole file when it is killed, and says at the next time how to go on", async () => {
    await type([
      [prompt(), "new\r"],
      [again, "new\r"],
      [
        `preview of ${server}`,
        () => {
          process.kill(script(), "SIGKILL");
          end("preview", 1);
          return Promise.resolve(undefined);
        },
      ],
    ]);
    assert.equal(passwords("registries")[server], "new");
    const next = await project.make(["rotate", `SERVER=${server}`], "newer\n");
    assert.match(
      next.output,
      /a rotation of www\.3rdregistry\.com is under way: end it with `make rotate-finish STACK=local` before you begin another\. If it was interrupted before its `up`, `make up STACK=local` goes on with it\./,
    );
    end("preview", 0, "local");
    end("up", 0, "local");
    const finished = await project.make(["rotate-finish"]);
    assert.equal(finished.code, 0, finished.output);
    assert.deepEqual(passwords(outgoing), {});
    assert.equal(passwords("registries")[server], "new");
  });

  it("takes a qualified name of the stack, and no path, as make plan does", async () => {
    end("preview", 0);
    end("up", 0);
    const qualified = "STACK=organization/kubernetes-private-registry/local";
    const { code, output } = await project.make(["rotate", `SERVER=${server}`, qualified], "new\n");
    assert.equal(code, 0, output);
    assert.equal(passwords("registries")[server], "new");
    assert.equal((await project.make(["plan", qualified])).code, 0);
    for (const target of ["rotate", "rotate-finish", "import-logins", "plan"]) {
      const refused = await project.make(
        [target, `SERVER=${server}`, "STACK=../stacks/Pulumi.local"],
        "new\n",
      );
      assert.equal(refused.code, 2);
      assert.match(refused.output, /^error: "\.\.\/stacks\/Pulumi\.local" does not name a stack: .*\nmake: /);
    }
  });

  const run = "$(touch x1)$(shell touch x2)`touch x3`';touch x4;\"";
  for (const [name, reason] of [
    ["SERVER", /no login for \$\(touch x1\)/],
    ["STACK", /"\$\(touch x1\).* does not name a stack/],
    ["FLAGS", /`rotate` takes only options/],
  ] as const) {
    it(`never runs what stands in ${name}, be it given to make or in the environment`, async () => {
      end("preview", 0);
      const values = { SERVER: server, STACK: "local", FLAGS: "", [name]: run };
      for (const command of [
        () =>
          project.make(
            ["rotate", ...Object.entries(values).map(([key, value]) => `${key}=${value}`)],
            "new\n",
          ),
        () => project.make(["rotate"], "new\n", values),
      ]) {
        const { code, output } = await command();
        assert.equal(code, 2);
        assert.match(output, reason);
      }
      assert.deepEqual(
        readdirSync(project.folder).filter((file) => file.startsWith("x")),
        [],
      );
      assert.equal(project.stackFile(), original);
    });
  }
});
