import { isObject, isPlainObject } from "./records";

/** One thing wrong with an argument. Never holds a secret. */
export interface Problem {
  /** Property path of the argument, such as `registries[0].username`. */
  path: string;
  /** What is wrong, what is allowed and what to do next. */
  reason: string;
}

/** Nobody reads more lines than this. */
export const mostLines = 100;

const longestMessage = 2000;

/** The message of any thrown value, in one line. */
export function messageOf(error: unknown): string {
  const text = textOf(error).slice(0, 2 * longestMessage);
  const line = text.trim().replace(/\s*\n\s*/g, " ");
  return inOneLine(line.length > longestMessage ? `${line.slice(0, longestMessage)}...` : line);
}

/** The message of any thrown value; even reading it may throw. */
function textOf(error: unknown): string {
  try {
    const message = isObject(error) ? error["message"] : undefined;
    return typeof message === "string" ? message : String(error);
  } catch {
    return "an error whose message can't be read";
  }
}

/** One message for all problems of a subject, one line each, up to a limit. */
export function describeProblems(subject: string, problems: Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.slice(0, mostLines).map(({ path, reason }) => `  ${path}: ${reason}`);
  const rest = problems.length > mostLines ? [`  and ${problems.length - mostLines} more`] : [];
  return [`${subject}: ${count}`, ...lines, ...rest].map(printableLine).join("\n");
}

/** A word that needs no quotes in a path or a list. */
export const plainWord = /^[A-Za-z0-9_-]{1,128}$/;

/** `parent.member`, or `parent["member"]` if the member is not a plain word. */
export function joinPath(parent: string, member: string): string {
  if (!plainWord.test(member)) {
    return `${parent}["${inOneLine(member.slice(0, 128))}"]`;
  }
  return parent === "" ? member : `${parent}.${member}`;
}

/** `text` in quotes, cut to fit a message. */
export function quote(text: string): string {
  return `"${inOneLine(text.length > 256 ? `${text.slice(0, 256)}...` : text)}"`;
}

/** `text` as in a JSON string, with control and invisible characters escaped. */
export function inOneLine(text: string): string {
  return printable(JSON.stringify(text).slice(1, -1));
}

/**
 * Makes a message safe to print. Escapes control and invisible characters other than the line feed, and the percent sign in
 * `<{%` and `%}>`, which the Pulumi CLI reads as the start and end of a colour: it panics at an unknown colour, and at an end
 * without a start.
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
 * Escapes what the Pulumi CLI reads as a colour in all texts and keys of a value. Other unprintable characters may stay, since
 * the CLI quotes them when it shows inputs. Leaves Outputs and other values that are not plain as they are.
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

/** A printable text without line feeds, so that no part of it can pass for a separate message. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", "\\n");
}

/**
 * An error whose message says everything and is safe to print. It has no stack trace: Pulumi formats the stack of any error
 * that ends a program, which takes Node.js 22 half a minute and gigabytes for an error thrown in `apply`.
 *
 * @see pulumi sdk/nodejs/cmd/run/error.ts defaultErrorMessage
 */
export class MessageError extends Error {
  constructor(message: string) {
    super(printable(message));
    this.stack = this.message;
  }
}
