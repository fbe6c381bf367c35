import { distance } from "fastest-levenshtein";
import { isObject, isPlainObject } from "./records";

/** One thing wrong with an argument: where it stands and why it is refused. Never holds a secret. */
export interface Problem {
  /** Property path of the argument, such as `registries[0].username`. */
  path: string;
  /** What is wrong, what is allowed and what to do next. */
  reason: string;
}

/** More lines nobody reads. */
const mostLines = 100;

const longestMessage = 2000;

/** What an error of whatever kind says, in one line. */
export function messageOf(error: unknown): string {
  const text = textOf(error).slice(0, 2 * longestMessage);
  const line = text.trim().replace(/\s*\n\s*/g, " ");
  return inOneLine(line.length > longestMessage ? `${line.slice(0, longestMessage)}...` : line);
}

/** The message of an error, which may be of any kind: reading it may fail as well. */
function textOf(error: unknown): string {
  try {
    const message = isObject(error) ? error["message"] : undefined;
    return typeof message === "string" ? message : String(error);
  } catch {
    return "an error whose message can't be read";
  }
}

/** One message for all problems of one subject, a line each; of very many the first. */
export function describeProblems(subject: string, problems: Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.slice(0, mostLines).map(({ path, reason }) => `  ${path}: ${reason}`);
  const rest = problems.length > mostLines ? [`  and ${problems.length - mostLines} more`] : [];
  return [`${subject}: ${count}`, ...lines, ...rest].map(printableLine).join("\n");
}

/** A problem for every member that `known` does not name, with the nearest known one. */
export function unknownMembers(value: object, known: readonly string[], path: string): Problem[] {
  return Object.keys(value)
    .filter((member) => !known.includes(member))
    .map((member) => ({
      path: joinPath(path, member),
      reason: `is not a known name${suggestion(member, known)}. Expected one of: ${listed(known)}.`,
    }));
}

const plainWord = /^[A-Za-z0-9_-]{1,128}$/;

/** Words for a sentence, those in quotes that are no plain words; of very many the first. */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, 32).map((word) => (plainWord.test(word) ? word : quote(word)));
  return `${shown.join(", ")}${words.length > shown.length ? ` and ${words.length - shown.length} more` : ""}`;
}

/** ` (did you mean "x"?)` for the nearest known word, or nothing when none is near, or there are very many. */
export function suggestion(word: string, known: readonly string[]): string {
  if (word.length > 64 || known.length > 1000) {
    return "";
  }
  const far = (other: string): number => distance(word.toLowerCase(), other.toLowerCase());
  const [near] = known.toSorted((one, other) => far(one) - far(other));
  return near !== undefined && far(near) <= Math.max(2, word.length / 3)
    ? ` (did you mean ${quote(near)}?)`
    : "";
}

/** `parent.member`, quoted in brackets when the member is no plain word. */
export function joinPath(parent: string, member: string): string {
  if (!plainWord.test(member)) {
    return `${parent}["${inOneLine(member.slice(0, 128))}"]`;
  }
  return parent === "" ? member : `${parent}.${member}`;
}

/** `text` in quotes, cut to a length that fits a message. */
export function quote(text: string): string {
  return `"${inOneLine(text.length > 256 ? `${text.slice(0, 256)}...` : text)}"`;
}

/** `text` as JSON writes it between quotes, with an escape for all that a terminal does not show, or obeys. */
export function inOneLine(text: string): string {
  return printable(JSON.stringify(text).slice(1, -1));
}

/**
 * A message that is safe to print: an escape stands for every character but the line feed that a terminal obeys or does
 * not show, and for the percent sign of what the Pulumi CLI takes for the begin or the end of a colour, `<{%` and `%}>`.
 * The CLI panics at a colour that it does not know, and at an end without a begin.
 *
 * @see github.com/pulumi/pulumi sdk/go/common/diag/colors, colorizeText
 */
export function printable(text: string): string {
  return text
    .replace(/(?!\n)[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (character) =>
      Array.from({ length: character.length }, (_, index) => unicodeEscape(character, index)).join(""),
    )
    .replace(coloursOfCli, "\\u0025");
}

const coloursOfCli = /(?<=<\{)%|%(?=\}>)/g;

/**
 * A value without what the Pulumi CLI takes for a colour in any of its texts and keys. The CLI quotes what else is not
 * printable where it shows inputs. What is no plain value, such as an Output, stays as it is.
 */
export function withoutColours<T>(value: T): T {
  return plainWithoutColours(value) as T;
}

function plainWithoutColours(value: unknown): unknown {
  if (typeof value === "string") {
    return value.replace(coloursOfCli, "\\u0025");
  }
  if (Array.isArray(value)) {
    return value.map(plainWithoutColours);
  }
  return isPlainObject(value)
    ? Object.fromEntries(
        Object.entries(value).map(([key, member]) => [withoutColours(key), plainWithoutColours(member)]),
      )
    : value;
}

function unicodeEscape(text: string, index: number): string {
  return `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`;
}

/** A printable text without line feeds, so that no word of it can look like a message of its own. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", "\\n");
}

/**
 * An error whose message says all, and is safe to print: it has no stack trace. Pulumi formats the stack of whatever ends a
 * program, which takes Node.js 22 half a minute and gigabytes for an error that is thrown in `apply`.
 *
 * @see pulumi sdk/nodejs/cmd/run/error.ts defaultErrorMessage
 */
export class MessageError extends Error {
  constructor(message: string) {
    super(printable(message));
    this.stack = this.message;
  }
}
