import { repeatsOf } from "./passwordSpellings";
import type { Problem } from "./problems";
import { passwordsIn } from "./secretTexts";

/** Secrets of at least this length are searched for inside longer texts; shorter ones appear there by chance. */
const leastWithin = 8;

/** A text shorter than this is only ever cut with a `...` at the end. */
const leastCut = 128;

/** The most that a message shows of a text. */
const mostShown = 256;

/** Whether a text that a user wrote is one of the secrets, ignoring case. */
export function isOneOf(secrets: readonly string[]): (text: string) => boolean {
  const known = new Set(secrets.map((secret) => secret.toLowerCase()));
  return (text) => known.has(text.toLowerCase());
}

/**
 * Whether a text that a user wrote is or contains one of the secrets. Ignores secrets that look like ordinary words: a word
 * such as `registry` appears in many texts, whatever the password is.
 */
export function holdsOneOf(secrets: readonly string[]): (text: string) => boolean {
  const distinctive = [...new Set(secrets)].filter(
    (secret) => secret.length >= 6 && !/^[a-z]{1,11}$/i.test(secret),
  );
  const long = distinctive.filter(({ length }) => length >= leastWithin);
  const isSecret = isOneOf(distinctive);
  const repeats = repeatsOf(long);
  return (text) => isSecret(text) || repeats(text) || long.some((secret) => endsInStart(text, secret));
}

/** Whether a text that was cut for a message ends in the start of a secret. */
function endsInStart(text: string, secret: string): boolean {
  if (text.length < leastCut && !text.endsWith("...")) {
    return false;
  }
  const end = text.replace(/\.\.\.$/, "").slice(-mostShown);
  const starts = Array.from({ length: end.length - leastWithin + 1 }, (_, start) => start);
  return starts.some((start) => secret.startsWith(end.slice(start)));
}

/**
 * Removes passwords that were pasted into other arguments or other logins. Searches only what users wrote: the members of the
 * path, and the values that the reason shows.
 *
 * @param sources lists of logins and texts of a config.json, of unknown shape
 */
export function hidePasswords(problems: Problem[], sources: readonly unknown[]): Problem[] {
  if (problems.length === 0) {
    return [];
  }
  const passwords = sources.flatMap(passwordsIn);
  const long = passwords.filter(({ length }) => length >= leastWithin);
  const isPassword = isOneOf(long);
  const holdsPassword = holdsOneOf(passwords);
  const isShown = (values: string[]): boolean => values.some(holdsPassword);
  return problems.map((problem) => {
    const { path, reason } = problem;
    const isInPath = isShown(membersOf(path));
    if (!isInPath && !isShown(valuesIn(reason)) && !isPassword(refusedValue(reason))) {
      return problem;
    }
    const root = path.replace(/[.[].*/s, "");
    return {
      path: !isInPath ? path : root === "" || isShown([root]) ? "[...]" : root,
      reason: "contains a password from the registries: remove it.",
    };
  });
}

/** The members of a path, with brackets and quotes removed. */
export function membersOf(path: string): string[] {
  return [...quotedIn(path), ...path.replace(quoted, "").split(/[.[\], ]+/)];
}

/** The user's values that a reason shows: quoted ones, those in a list, and the one it refuses. */
function valuesIn(reason: string): string[] {
  const [, list = ""] = /Expected one of: (.*)\.$/s.exec(reason) ?? [];
  return [...quotedIn(reason), ...list.split(", "), refusedValue(reason)];
}

/** The value at the start of a reason: `"a" is not ...`, `is "a": ...` or `is 1: ...`. */
function refusedValue(reason: string): string {
  const [, text, word = ""] = /^(?:is )?(?:("(?:[^"\\]|\\.)*")|(?<=is )(\S+):)/.exec(reason) ?? [];
  return text === undefined ? word : unquoted(text);
}

const quoted = /"(?:[^"\\]|\\.)*"/g;

function quotedIn(text: string): string[] {
  return (text.match(quoted) ?? []).map(unquoted);
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, -1);
  }
}
