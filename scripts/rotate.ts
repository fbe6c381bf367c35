import { resolve } from "node:path";
import { isatty } from "node:tty";
import { inOneLine } from "../components/lib/problems";
import { CommandError } from "./commandError";
import { encrypt } from "./encrypt";
import { interruption } from "./interruption";
import { pulumi, root } from "./pulumi";
import { ask, readPassword } from "./readPassword";
import { beginRotation, findRotation, finishRotation } from "./rotation";
import { errorText, runCommand } from "./runCommand";
import { ChangedFileError, readStackFile, replaceStackFile } from "./stackFile";
import { stackFileOf } from "./stackName";

const usage = `usage: make rotate STACK=<stack> SERVER=<server>   new password of a registry, from the terminal or standard input
       make rotate-finish STACK=<stack>            drop the outgoing login`;

const project = "kubernetes-private-registry";
const [command] = process.argv.slice(2);
const server = process.env["SERVER"] ?? "";
const stack = process.env["STACK"] ?? "local";
const agreed = (process.env["FLAGS"] ?? "").split(/\s+/).some((flag) => flag === "--yes" || flag === "-y");

/** What this command wrote into the stack file, to revert until the stack is brought up. */
let written: { before: string; after: string } | undefined;
let isUp = false;

runCommand(async () => {
  const shown = stackFileOf(stack, project);
  if (command === "finish") {
    await finish(shown);
  } else if (command === "begin" && server !== "") {
    await begin(shown);
  } else {
    throw new CommandError(usage);
  }
}, undo);

async function begin(shown: string): Promise<void> {
  findRotation(readStackFile(resolve(root, shown), shown), server, project);
  const password = await readPassword(`New password of ${inOneLine(server)} for the stack ${stack}: `);
  // Read it again, since someone may have edited it meanwhile. From here on it must not change.
  const before = readStackFile(resolve(root, shown), shown);
  findRotation(before, server, project);
  const { text, secure } = await encrypt(stack, before, [password], project);
  await apply(shown, before, beginRotation(text, server, secure[0] ?? "", project));
  console.log(
    `New pods pull with the new password, and with the old one until the registry knows the new. Change it at ${inOneLine(server)} now, then run: make rotate-finish STACK=${stack}`,
  );
}

async function finish(shown: string): Promise<void> {
  const before = readStackFile(resolve(root, shown), shown);
  const after = finishRotation(before, project);
  if (after === undefined) {
    throw new CommandError(`no rotation is under way in the stack ${stack}.`);
  }
  await apply(shown, before, after);
}

/** Writes the stack file, previews, asks, and runs `up`. From then on the cluster may have changed, so the file stays. */
async function apply(shown: string, before: string, after: string): Promise<void> {
  replaceStackFile(resolve(root, shown), shown, before, after);
  written = { before, after };
  await pulumi(stack, ["preview"]);
  if (!agreed && !(await isAgreed())) {
    throw new CommandError("not agreed.");
  }
  if (readStackFile(resolve(root, shown), shown) !== after) {
    throw new CommandError(
      `${shown} has changed since the preview, so it does not show what \`up\` would do.`,
    );
  }
  interruption.throwIfAborted();
  if (process.stdin.isTTY && !isatty(0)) {
    throw new CommandError("the terminal was closed.");
  }
  isUp = true;
  await pulumi(stack, ["up", "--yes", "--skip-preview"]);
}

async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new CommandError("there is no terminal to ask on: add FLAGS=--yes to skip the question.");
  }
  return /^y(es)?$/i.test((await ask(`Bring ${stack} up with this? [y/N] `)).trim());
}

function undo(): string | undefined {
  if (written === undefined) {
    return undefined;
  }
  const shown = stackFileOf(stack, project);
  const goOn = `make up STACK=${stack}`;
  if (isUp) {
    return `${shown} keeps the change, because the stack may be partly up: correct the cause, then run: ${goOn}`;
  }
  try {
    replaceStackFile(resolve(root, shown), shown, written.after, written.before);
    return `${shown} is as it was.`;
  } catch (error) {
    const cause =
      error instanceof ChangedFileError ? "someone else has changed it in the meantime" : errorText(error);
    return `${shown} is left as it is: ${cause}. If it holds what this command has written, bring that up with \`${goOn}\`, or take it out.`;
  }
}
