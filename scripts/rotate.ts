import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { type Document, parseDocument } from "yaml";
import { checkCredentials } from "../components/lib/credentials";
import { readPassword } from "./readPassword";
import { beginRotation, finishRotation, RotationError } from "./rotation";

const usage = `usage: make rotate STACK=<stack> SERVER=<server>   new password of a registry, from the terminal or standard input
       make rotate-finish STACK=<stack>            drop the outgoing login`;

const root = resolve(__dirname, "..");
const [command, server = ""] = process.argv.slice(2);
const stack = process.env["STACK"] ?? "local";
const stackFile = `stacks/Pulumi.${stack}.yaml`;
const agreed = (process.env["FLAGS"] ?? "").includes("--yes");

/** The stack file as it was, to be put back until the stack is brought up. */
let before: string | undefined;

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    giveUp("interrupted.");
  });
}
process.on("uncaughtException", giveUp);
main().catch(giveUp);

async function main(): Promise<void> {
  before = readStackFile();
  const document = parseDocument(before);
  if (command === "finish") {
    await finish(document);
  } else if (command === "begin" && server !== "") {
    await begin(document);
  } else {
    throw new RotationError(usage);
  }
}

function readStackFile(): string {
  try {
    return readFileSync(resolve(root, stackFile), "utf8");
  } catch {
    throw new RotationError(`there is no ${stackFile}: name a stack with STACK=.`);
  }
}

function giveUp(error: unknown): never {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  if (before !== undefined) {
    writeFileSync(resolve(root, stackFile), before);
    console.error(`${stackFile} is as it was.`);
  }
  process.exit(1);
}

async function begin(document: Document): Promise<void> {
  const path = beginRotation(document, server);
  const password = await readPassword(`New password of ${server} for the stack ${stack}: `);
  const { problems } = checkCredentials([{ username: "unused", password }], "registries");
  if (problems.length > 0) {
    throw new RotationError(`the new password ${problems.map(({ reason }) => reason).join(" ")}`);
  }
  writeFileSync(resolve(root, stackFile), String(document));
  await pulumi(["config", "set", "--secret", "--path", path], password);
  await apply();
  console.log(
    `New pods pull with the new password, and with the old one until the registry knows the new. Change it at ${server} now, then run: make rotate-finish STACK=${stack}`,
  );
}

async function finish(document: Document): Promise<void> {
  if (!finishRotation(document)) {
    throw new RotationError(`no rotation is under way in the stack ${stack}.`);
  }
  writeFileSync(resolve(root, stackFile), String(document));
  await apply();
}

/** Shows what would change, asks, and brings the stack up: from then on the cluster may have changed, and the file stays. */
async function apply(): Promise<void> {
  await pulumi(["preview"]);
  if (!agreed && !(await isAgreed())) {
    throw new RotationError("not agreed.");
  }
  before = undefined;
  await pulumi(["up", "--yes", "--skip-preview"]);
}

async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new RotationError("nobody can be asked off a terminal: add FLAGS=--yes to do it unasked.");
  }
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await questions.question(`Bring ${stack} up with this? [y/N] `);
  questions.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Runs Pulumi on the stack; `input` goes to its standard input, and nowhere else. */
function pulumi(args: string[], input?: string): Promise<void> {
  const child = spawn(resolve(root, "offline/run"), args, {
    cwd: root,
    stdio: [input === undefined ? "inherit" : "pipe", "inherit", "inherit"],
  });
  child.stdin?.end(input);
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("exit", (code) => {
      if (code === 0) {
        done();
      } else {
        failed(new Error(`pulumi ${args[0] ?? ""} failed.`));
      }
    });
  });
}
