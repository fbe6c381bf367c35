import { distance } from "fastest-levenshtein";

/** One thing wrong with an argument: where it stands and why it is refused. Never holds a secret. */
export interface Problem {
  /** Property path of the argument, such as `registries[0].username`. */
  path: string;
  /** What is wrong, what is allowed and what to do next. */
  reason: string;
}

/** One message for all problems of one subject, a line each. */
export function describeProblems(subject: string, problems: Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${subject}: ${count}`, ...problems.map(({ path, reason }) => `  ${path}: ${reason}`)].join("\n");
}

/** A problem for every member that `known` does not name, with the nearest known one. */
export function unknownMembers(value: object, known: readonly string[], path: string): Problem[] {
  return Object.keys(value)
    .filter((member) => !known.includes(member))
    .map((member) => ({
      path: joinPath(path, member),
      reason: `is not a known name${suggestion(member, known)}. Known are: ${known.join(", ")}.`,
    }));
}

/** ` (did you mean "x"?)` for the nearest known word, or nothing when none is near. */
export function suggestion(word: string, known: readonly string[]): string {
  if (word.length > 64) {
    return "";
  }
  const far = (other: string): number => distance(word.toLowerCase(), other.toLowerCase());
  const [near] = known.toSorted((one, other) => far(one) - far(other));
  return near !== undefined && far(near) <= Math.max(2, word.length / 3) ? ` (did you mean "${near}"?)` : "";
}

/** `parent.member`, quoted in brackets when the member is no plain word. */
export function joinPath(parent: string, member: string): string {
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(member)) {
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
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/\p{C}|\p{Zl}|\p{Zp}/gu, (character) =>
      Array.from({ length: character.length }, (_, index) => unicodeEscape(character, index)).join(""),
    );
}

function unicodeEscape(text: string, index: number): string {
  return `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a value is, in the words of a config file: never the value itself. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) {
    return "nothing";
  }
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
