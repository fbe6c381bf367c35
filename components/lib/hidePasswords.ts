import { repeatsOf } from "./passwordSpellings";
import type { Problem } from "./problems";
import { isObject } from "./records";

/** The user name, password and email of a login of unknown shape, or those of them that are named. */
export function secretTexts(entry: unknown, names = ["username", "password", "email"]): string[] {
  return names.flatMap((member) => {
    const text = isObject(entry) ? entry[member] : undefined;
    return typeof text === "string" && text.trim() !== "" ? [text.trim()] : [];
  });
}

/** From this length a secret is looked for within longer texts: a shorter one stands in many by chance. */
const leastWithin = 8;

/** Messages cut no text that is shorter without a sign of it, `...`. */
const leastCut = 128;

/** Messages show no more of one. */
const mostShown = 256;

/** Whether texts that a user wrote are one of the secrets, in upper or lower case. */
export function isOneOf(secrets: readonly string[]): (text: string) => boolean {
  const known = new Set(secrets.map((secret) => secret.toLowerCase()));
  return (text) => known.has(text.toLowerCase());
}

/**
 * Whether texts that a user wrote are one of the secrets or hold it. Only of secrets that can be told from other text: a
 * word such as `registry` stands in many texts, whatever the password is.
 */
export function holdsOneOf(secrets: readonly string[]): (text: string) => boolean {
  const telling = [...new Set(secrets)].filter(
    (secret) => secret.length >= 6 && !/^[a-z]{1,11}$/i.test(secret),
  );
  const long = telling.filter(({ length }) => length >= leastWithin);
  const isSecret = isOneOf(telling);
  const repeats = repeatsOf(long);
  return (text) => isSecret(text) || repeats(text) || long.some((secret) => endsInBegin(text, secret));
}

/** Whether a text that is cut, as messages cut long ones and what may be a login, ends in the begin of a secret. */
function endsInBegin(text: string, secret: string): boolean {
  if (text.length < leastCut && !text.endsWith("...")) {
    return false;
  }
  const end = text.replace(/\.\.\.$/, "").slice(-mostShown);
  const starts = Array.from({ length: end.length - leastWithin + 1 }, (_, start) => start);
  return starts.some((start) => secret.startsWith(end.slice(start)));
}

/**
 * Problems without the passwords that were pasted into other arguments, or into another login. They are looked for in what
 * users wrote alone: the members of the path, and the values that the reason shows.
 *
 * @param registries the lists of logins, of unknown shape
 */
export function hidePasswords(problems: Problem[], registries: unknown[]): Problem[] {
  const entries = registries.flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  const passwords = entries.flatMap((entry) => secretTexts(entry, ["password"]));
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

/** The members of a path, those in brackets and quotes as they are. */
export function membersOf(path: string): string[] {
  return [...quotedIn(path), ...path.replace(quoted, "").split(/[.[\], ]+/)];
}

/** The values of users that a reason shows: quoted, in a list, or that which it refuses. */
function valuesIn(reason: string): string[] {
  const [, list = ""] = /Expected one of: (.*)\.$/s.exec(reason) ?? [];
  return [...quotedIn(reason), ...list.split(", "), refusedValue(reason)];
}

/** The value that a reason is about, where it begins with it: `"a" is no ...`, `is "a": ...` or `is 1: ...`. */
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
