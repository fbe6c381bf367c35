import { isObject } from "../records";

/** A member of a JSON object, with its value as JSON text. */
export interface JsonMember {
  name: string;
  json: string;
}

/** Deeper than Go's encoding/json reads. */
export class NestingError extends SyntaxError {
  override readonly name = "NestingError";
}

/** Go encoding/json, maxNestingDepth. */
export const maxNesting = 10_000;

/**
 * All members of a JSON object in order, including those that JSON.parse drops because a later one has the same name.
 *
 * @returns undefined if the text is JSON but not an object.
 * @throws SyntaxError if the text is not JSON; NestingError if it is nested too deeply.
 */
export function jsonMembers(json: string): JsonMember[] | undefined {
  if (!isObject(JSON.parse(json))) {
    return undefined;
  }
  const texts = topLevelTexts(json);
  const members: JsonMember[] = [];
  for (let index = 0; index + 1 < texts.length; index += 2) {
    members.push({ name: wellFormed(String(JSON.parse(texts[index] ?? ""))), json: texts[index + 1] ?? "" });
  }
  return members;
}

/** The text with each lone surrogate replaced by U+FFFD, as UTF-8 requires. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** The names and values of the outermost object, in turn: the text between its braces, colons and commas. */
function topLevelTexts(json: string): string[] {
  const texts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < json.length; index += 1) {
    const character = json.charAt(index);
    if (character === '"') {
      index = closingQuote(json, index);
    } else if (character === "{" || character === "[") {
      depth += 1;
      start = depth === 1 ? index + 1 : start;
    }
    if (depth > maxNesting) {
      throw new NestingError(`nested deeper than ${maxNesting} levels`);
    }
    if (depth === 1 && ":,}".includes(character)) {
      texts.push(json.slice(start, index).trim());
      start = index + 1;
    }
    if (character === "}" || character === "]") {
      depth -= 1;
    }
  }
  return texts;
}

function closingQuote(json: string, openingQuote: number): number {
  let index = json.indexOf('"', openingQuote + 1);
  while (isEscaped(json, index)) {
    index = json.indexOf('"', index + 1);
  }
  return index;
}

function isEscaped(json: string, index: number): boolean {
  let first = index;
  while (json.charAt(first - 1) === "\\") {
    first -= 1;
  }
  return (index - first) % 2 === 1;
}
