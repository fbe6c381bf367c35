import { printable } from "../components/lib/problems";
import { CommandError, UsageError } from "./commandError";
import { interruption } from "./interruption";
import type { Project } from "./project";
import { chosenStack, type Stack, stackOf, stacksWithFile } from "./stack";
import { readStackFile } from "./stackFile";
import { parseStackYaml } from "./stackYaml";
import { unseenIn } from "./unseen";

/** Which stacks a command is for. */
interface Choice {
  stack?: string[];
  all?: boolean;
}

/**
 * The stacks that the options name, each once.
 *
 * @param what is looked for with `--all`, such as `a login for quay.io`
 * @param holds whether a stack's file has it
 * @throws CommandError if none has
 */
export async function chosenStacks(
  project: Project,
  { stack: names, all = false }: Choice,
  what: string,
  holds: (stack: Stack, text: string) => boolean,
): Promise<Stack[]> {
  if (!all) {
    return names === undefined
      ? [await chosenStack(project, undefined)]
      : [...new Set(names)].map((name) => stackOf(project, name));
  }
  if (names !== undefined) {
    throw new UsageError("--all and --stack exclude each other: give one of them.");
  }
  const stacks = stacksWithFile(project);
  const texts = new Map(stacks.map((stack) => [stack, readStackFile(stack.path, stack.shown)]));
  const chosen = stacks.filter((stack) => inFile(stack, () => holds(stack, texts.get(stack) ?? "")));
  for (const stack of stacks.filter((other) => !chosen.includes(other))) {
    reportUnseen(stack, texts.get(stack) ?? "", what);
  }
  if (chosen.length === 0) {
    const looked = stacks.map(({ name }) => name).join(", ");
    throw new CommandError(`no stack file holds ${what}: the stacks are ${looked === "" ? "none" : looked}.`);
  }
  return chosen;
}

/** Says which other places of a stack that is left out may hold what is looked for. */
function reportUnseen({ shown, project }: Stack, text: string, what: string): void {
  const { dockerConfigJson, environments } = unseenIn(parseStackYaml(text).toJS(), project.name);
  const places = [...dockerConfigJson, ...environments];
  if (places.length > 0) {
    const text = `${shown} is left out. It may have ${what} in ${places.join(", ")}, which this command can't read.`;
    console.error(printable(text));
  }
}

/**
 * Checks all stacks before any is changed.
 *
 * @throws CommandError with the problems of all of them
 */
export async function checkStacks(
  stacks: readonly Stack[],
  check: (stack: Stack, text: string) => unknown,
): Promise<void> {
  const problems: string[] = [];
  for (const stack of stacks) {
    try {
      await check(stack, readStackFile(stack.path, stack.shown));
    } catch (error) {
      interruption.throwIfAborted();
      if (!(error instanceof CommandError) || stacks.length === 1) {
        throw error;
      }
      problems.push(`${stack.shown}: ${error.message}`);
    }
  }
  if (problems.length > 0) {
    const failed = `${problems.length} of ${stacks.length} stacks can't be changed, so none was:`;
    throw new CommandError([failed, ...problems].join("\n").replaceAll("\n", "\n  "));
  }
}

/** Runs `work` on a stack's file, and names the file in an error. */
function inFile<Result>({ shown }: Stack, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw error instanceof CommandError ? new CommandError(`${shown}: ${error.message}`) : error;
  }
}
