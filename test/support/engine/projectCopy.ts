import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Document, parseDocument } from "yaml";
import { type KubernetesPlugin, pluginEnvironment } from "./plugins";

const root = resolve(__dirname, "../../..");
const parts = [
  "Makefile",
  "Pulumi.yaml",
  "commands",
  "components",
  "index.ts",
  "offline",
  "package.json",
  "program",
  "stacks",
];

/** What came of a command. */
export interface Run {
  code: number | null;
  output: string;
}

/** What is typed when a prompt is shown, or what is done then, and typed after it if it is a text. */
export type Answer = [prompt: string, answer: string | Buffer | (() => Promise<string | undefined>)];

/** The project in a folder of its own, to run its commands in and to break its stack files. */
export interface ProjectCopy {
  readonly folder: string;
  /** Runs make, with a text on standard input. */
  make(args: string[], input?: string | Buffer, env?: Record<string, string>): Promise<Run>;
  /** Runs a command of Pulumi on the local stack, such as `preview`, with the Makefile's passphrase. */
  pulumi(...args: string[]): Promise<Run>;
  /** Runs a shell command on a terminal, where each answer is typed once its prompt is shown. */
  type(command: string, answers: Answer[]): Promise<Run>;
  /** The text of the local stack's file. */
  stackFile(): string;
  editStack(edit: (stack: Document) => void): void;
  restoreStacks(): void;
  remove(): void;
}

/** Copies the project. Its commands take the stand-in, as on a fresh clone, unless they are to work with a cluster. */
export function copyProject(kubernetes: KubernetesPlugin = "stand-in"): ProjectCopy {
  const folder = mkdtempSync(join(tmpdir(), "project-copy-"));
  for (const part of [...parts, "tsconfig.json"]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, "package-lock.json"), "");
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  const stackPath = join(folder, "stacks/Pulumi.local.yaml");
  const runIn = (command: string, args: string[], answers: Answer[], env: Record<string, string> = {}) =>
    runAnswered(folder, command, args, answers, { ...pluginEnvironment(kubernetes), ...env });
  return {
    folder,
    // The packages are already there, so make must not install them again.
    make: (args, input = "", env) =>
      runIn("make", ["--no-print-directory", "-o", "node_modules", ...args], [["", input]], env),
    pulumi: (...args) => runIn("offline/run", args, [["", ""]]),
    type: (command, answers) => runIn("script", ["-qec", command, "/dev/null"], answers),
    stackFile: () => readFileSync(stackPath, "utf8"),
    editStack: (edit) => {
      const stack = parseDocument(readFileSync(stackPath, "utf8"));
      edit(stack);
      writeFileSync(stackPath, String(stack));
    },
    restoreStacks: () => {
      cpSync(join(root, "stacks"), join(folder, "stacks"), { recursive: true });
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Runs a command, and types each answer when its prompt is shown. */
export function runAnswered(
  cwd: string,
  command: string,
  args: string[],
  answers: Answer[],
  env: Record<string, string>,
): Promise<Run> {
  const child = spawn(command, args, {
    cwd,
    env: {
      ...process.env,
      STACK: "local",
      // As if typed: not the flags and the level of a make that runs the tests.
      MAKEFLAGS: "",
      MAKELEVEL: "0",
      PULUMI_CONFIG_PASSPHRASE: "local-example-only",
      ...env,
    },
  });
  const open = [...answers];
  let output = "";
  const answer = (): void => {
    const [[prompt, given] = ["", ""]] = open;
    if (open.length === 0 || !output.includes(prompt)) {
      return;
    }
    open.shift();
    const type = (text: string | Buffer | undefined): void => {
      // Whoever types nothing, such as after a signal, does not end the input either.
      if (text !== undefined) {
        child.stdin.write(text);
        if (open.length === 0) {
          child.stdin.end();
        }
      }
    };
    if (typeof given === "function") {
      void given().then(type, (error: unknown) => child.emit("error", error));
    } else {
      type(given);
    }
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      answer();
    });
  }
  answer();
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => {
      done({ code, output });
    });
  });
}
