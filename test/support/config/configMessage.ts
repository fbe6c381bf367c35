import assert from "node:assert/strict";
import { type Place, pathOf } from "./brokenConfigs";
import { leaksIn } from "../secrets/leaks";
import { passwords } from "./soundConfig";

/** Asserts that a message about a config can be shown: it is short, obeyed by no terminal, and gives no password away. */
export function assertFit(message: string): void {
  const [subject = "", ...lines] = message.split("\n");
  assert.match(subject, /^The stack's config: \d+ problems?$/);
  for (const line of lines) {
    assert.match(line, /^ {2}(\S.*: \S.*\.|and \d+ more)$/);
  }
  assert.ok(message.length < 32_000, `a message of ${message.length} characters`);
  assert.doesNotMatch(message, /[^\P{C}\n]|\p{Zl}|\p{Zp}/u);
  assert.doesNotMatch(message, /<\{%|%\}>/);
  assert.deepEqual(leaksIn(message, passwords), []);
}

/** Whether a message names a place, something in it, or what it is in; of something that is not there, what is beside it. */
export function names(message: string, place: Place, value: unknown): boolean {
  const path = pathOf(value === undefined ? place.slice(0, -1) : place);
  const named = [...message.matchAll(/^ {2}(\S.*?): /gm)].map(([, found = ""]) => found);
  return named.some((found) => found.startsWith(path) || path.startsWith(found));
}
