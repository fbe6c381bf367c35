import { repeatsOf } from "../lib/passwordSpellings";
import { inOneLine } from "../lib/problems";
import type { Login } from "./authSchemes";
import type { PreflightSubject } from "./preflightError";

/** Whom we asked, about what and with which login: everything that a failure's message needs. */
export interface Asked extends PreflightSubject {
  /** Absent for an anonymous request. */
  login?: Login;
  /** A token that the registry's token service issued for the login. */
  token?: string;
  /** Who answered, if not the registry itself, such as `token service "auth.example.com"`. */
  peer?: string;
  /** `host:port` of the proxy in between. */
  proxy?: string;
  /** All logins of the run, since a server may repeat any of them. */
  hidden?: readonly Login[];
}

/** The start of a message: who answered. */
export function answerer({ registry, peer, proxy }: Asked): string {
  const through = proxy === undefined ? "" : ` (through the proxy ${JSON.stringify(proxy)})`;
  return `The ${peer === undefined ? "" : `${peer} of the `}registry ${JSON.stringify(registry)}${through}`;
}

/** A host that a server named, as a message shows it. */
export function namedHost(asked: Asked, host: string): string {
  return quoteServerWords(host, secretsOf(asked)) ?? "another host";
}

/** ` It says: "..."`, or an empty text when the server said nothing or repeated a secret. */
export function itSays(asked: Asked, words: string | undefined): string {
  const quoted = words === undefined ? undefined : quoteServerWords(words, secretsOf(asked));
  return quoted === undefined ? "" : ` It says: ${quoted}.`;
}

/** How many leading characters of a password a server may show, as servers do that mask the rest. */
const shownAtMost = 8;

function secretsOf({ login, token, hidden = [] }: Asked): string[] {
  const secrets = [...(login ? [login] : []), ...hidden].flatMap(({ username, password }) => [
    username,
    password,
    password.slice(0, shownAtMost + 1),
    `${username}:${password}`,
  ]);
  return [...secrets, ...(token === undefined ? [] : [token])];
}

const longestQuote = 160;

/** A server may send a megabyte; nothing beyond this is read or shown. */
const longestRead = 4096;

/**
 * A server's own words for a message: quoted, printable, cut short. Undefined when they repeat a secret, because a
 * server may echo what it was sent.
 */
export function quoteServerWords(words: string, secrets: readonly string[]): string | undefined {
  const read = words.slice(0, longestRead);
  if (repeatsOf(secrets)(read)) {
    return undefined;
  }
  const plain = read.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return `"${inOneLine(plain.length > longestQuote ? `${plain.slice(0, longestQuote)}...` : plain)}"`;
}
