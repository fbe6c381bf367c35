import { isatty } from "node:tty";
import { CommandError } from "./commandError";
import { interruption } from "./interruption";
import { commandLine, pulumiLine, yesWord } from "./invocation";
import { pulumi } from "./pulumi";
import { ask } from "./readSecret";
import { errorText } from "./runCommand";
import type { Stack } from "./stack";
import { ChangedFileError, readStackFile, replaceStackFile } from "./stackFile";

/** A change of the files of stacks, each of which is brought up with it before the next is touched. */
export interface Rollout {
  /** The command that does it, to be run again for the stacks that are left. */
  command: string;
  stacks: readonly Stack[];
  server?: string;
  key?: string;
  /** Whether to bring the stacks up without a question. */
  agreed: boolean;
}

/** What is under way, to revert, or to go on with. */
let underWay:
  { rollout: Rollout; index: number; written?: { before: string; after: string }; isUp: boolean } | undefined;

/** @throws CommandError if nobody can answer the question before `up` */
export function requireAnswer(agreed: boolean): void {
  if (!agreed && !process.stdin.isTTY) {
    throw new CommandError(`there is no terminal to ask on: add ${yesWord} to skip the question.`);
  }
}

/** @param change makes the new text of a stack's file */
export async function rollOut(
  rollout: Rollout,
  change: (stack: Stack, text: string) => string | Promise<string>,
): Promise<void> {
  for (const [index, stack] of rollout.stacks.entries()) {
    underWay = { rollout, index, isUp: false };
    // Nobody else may change it from here on.
    const before = readStackFile(stack.path, stack.shown);
    const after = await change(stack, before);
    interruption.throwIfAborted();
    replaceStackFile(stack.path, stack.shown, before, after);
    underWay.written = { before, after };
    await bringUp(stack, after, rollout.agreed);
  }
  underWay = undefined;
}

/** Previews, asks, and runs `up`. From then on the cluster may have changed, so the file stays. */
async function bringUp({ name, project, path, shown }: Stack, after: string, agreed: boolean): Promise<void> {
  await pulumi(project, ["preview", "--stack", name]);
  if (!agreed && !/^y(es)?$/i.test((await ask(`Bring ${name} up with this? [y/N] `)).trim())) {
    throw new CommandError("not agreed.");
  }
  if (readStackFile(path, shown) !== after) {
    throw new CommandError(
      `${shown} has changed since the preview, so it does not show what \`up\` would do.`,
    );
  }
  interruption.throwIfAborted();
  if (process.stdin.isTTY && !isatty(0)) {
    throw new CommandError("the terminal was closed.");
  }
  if (underWay !== undefined) {
    underWay.isUp = true;
  }
  await pulumi(project, ["up", "--yes", "--skip-preview", "--stack", name]);
}

/** Reverts a change that was not brought up, and says what became of each stack and how to go on. */
export function undo(): string | undefined {
  if (underWay === undefined) {
    return undefined;
  }
  const { rollout, index, written, isUp } = underWay;
  const [stack] = rollout.stacks.slice(index);
  const file = stack === undefined || written === undefined ? [] : [restored(stack, written, isUp)];
  const lines = rollout.stacks.length === 1 ? file : [...file, ...whatIsLeft(rollout, index, isUp)];
  return lines.length === 0 ? undefined : lines.join("\n");
}

function restored(
  { name, path, shown }: Stack,
  { before, after }: { before: string; after: string },
  isUp: boolean,
): string {
  const goOn = pulumiLine("up", name);
  if (isUp) {
    return `${shown} keeps the change, because the stack may be partly up: correct the cause, then run: ${goOn}`;
  }
  try {
    replaceStackFile(path, shown, after, before);
    return `${shown} is as it was.`;
  } catch (error) {
    const cause =
      error instanceof ChangedFileError ? "someone else has changed it in the meantime" : errorText(error);
    return `${shown} is left as it is: ${cause}. If it holds what this command has written, bring that up with \`${goOn}\`, or take it out.`;
  }
}

function whatIsLeft({ command, stacks, server, key }: Rollout, index: number, isUp: boolean): string[] {
  const namesOf = (some: readonly Stack[]): string[] => some.map(({ name }) => name);
  const done = namesOf(stacks.slice(0, index));
  const left = namesOf(stacks.slice(isUp ? index + 1 : index));
  const again = left.length === 0 ? [] : [commandLine(command, { stacks: left, server, key })];
  const [stack] = namesOf(stacks.slice(index));
  const first = isUp && stack !== undefined ? [pulumiLine("up", stack)] : [];
  return [
    `Done: ${done.join(", ") || "none"}. Not begun: ${left.join(", ") || "none"}.`,
    `To go on: ${[...first, ...again].join(" && ")}`,
  ];
}
