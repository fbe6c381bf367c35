import { parseArgs, type ParseArgsOptionDescriptor } from "node:util";
import { quote } from "../components/lib/problems";
import { joinWords, suggestion } from "../components/lib/suggestions";
import { UsageError } from "./commandError";
import { shellWord } from "./invocation";

/** An option of a command, as `parseArgs` takes it, and its words in the help. */
export interface Option extends ParseArgsOptionDescriptor {
  help: string;
  /** What stands for its value in the help, if it takes one. */
  placeholder?: string;
}

export type Options = Record<string, Option>;

/** The values of a command's options; undefined where not given. */
type Values<Given extends Options> = ReturnType<typeof parseArgs<{ options: Given; strict: true }>>["values"];

const helpOption: Option = { type: "boolean", short: "h", help: "show this" };

export interface Command<Given extends Options = Options> {
  /** One line for the list of commands. */
  readonly summary: string;
  /** What to know before running it, in lines that fit a terminal. */
  readonly details: string;
  readonly options: Given;
  run(values: Values<Given>): Promise<void>;
  /** Called when it fails or is interrupted: reverts what it must, and returns what to tell the user. */
  readonly undo?: () => string | undefined;
}

/** Lets a command's `run` have the types of its options. */
export function defineCommand<const Given extends Options>(command: Command<Given>): Command {
  return command;
}

/**
 * Reads the arguments of a command.
 *
 * @returns undefined where they ask for help
 * @throws UsageError for what the command does not know; never quotes a value
 */
export function parseOptions(command: Command, name: string, args: string[]): Values<Options> | undefined {
  const options = { ...command.options, help: helpOption };
  const short = Object.values(options).map((option) => option.short);
  for (const token of parseArgs({ args, options, strict: false, tokens: true }).tokens) {
    if (token.kind === "positional") {
      throw new UsageError(
        `\`${name}\` takes only options, and one of the arguments is not an option: ${helpHint(name)}`,
      );
    }
    if (token.kind === "option" && !Object.hasOwn(options, token.name) && !short.includes(token.name)) {
      const known = Object.keys(options);
      throw new UsageError(
        `\`${name}\` has no option ${quote(token.rawName)}${suggestion(token.name, known)}. Expected one of: ${joinWords(known)}.`,
      );
    }
  }
  const { help, ...values } = parsed(name, { args, options });
  return help === true ? undefined : values;
}

function parsed(name: string, config: { args: string[]; options: Options }): Values<Options> {
  try {
    return parseArgs({ ...config, strict: true }).values;
  } catch (error) {
    // It names the option that has no value, or has one where it takes none.
    throw new UsageError(`${(error as Error).message.split("\n")[0] ?? ""}: ${helpHint(name)}`);
  }
}

function helpHint(name: string): string {
  return `see \`${shellWord} ${name} --help\`.`;
}

/** The help of a command. */
export function helpOf(command: Command, name: string): string {
  const rows = Object.entries({
    ...command.options,
    help: helpOption,
  }).map(([option, { short, placeholder, help }]) => [
    `  ${short === undefined ? "    " : `-${short}, `}--${option}${placeholder === undefined ? "" : ` ${placeholder}`}`,
    help,
  ]);
  return [
    `Usage: ${shellWord} ${name} [OPTION...]`,
    "",
    `${command.summary}.`,
    "",
    command.details,
    "",
    "Options:",
    ...table(rows),
  ].join("\n");
}

/** Rows of two columns. */
export function table(rows: string[][]): string[] {
  const width = Math.max(...rows.map(([first = ""]) => first.length));
  return rows.map(([first = "", second = ""]) => `${first.padEnd(width)}  ${second}`);
}
