import { distance } from "fastest-levenshtein";
import { joinPath, plainWord, type Problem, quote } from "./problems";

/** A problem for each member that is not in `known`, with the nearest known name. */
export function unknownMembers(value: object, known: readonly string[], path: string): Problem[] {
  return Object.keys(value)
    .filter((member) => !known.includes(member))
    .map((member) => ({
      path: joinPath(path, member),
      reason: `is not a known name${suggestion(member, known)}. Expected one of: ${joinWords(known)}.`,
    }));
}

/** Joins words for a sentence, up to a limit; quotes those that are not plain words. */
export function joinWords(words: readonly string[]): string {
  const shown = words.slice(0, 32).map((word) => (plainWord.test(word) ? word : quote(word)));
  return `${shown.join(", ")}${words.length > shown.length ? ` and ${words.length - shown.length} more` : ""}`;
}

/** ` (did you mean "x"?)` for the nearest known word; empty if none is near or there are too many. */
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
