import { repeatsOf } from "../lib/passwordSpellings";
import { inOneLine } from "../lib/problems";
import type { Login } from "./handshake";
import type { PreflightSubject } from "./preflightError";

/** Who was asked, about what and as whom: all that a failure's message is made from. */
export interface Asked extends PreflightSubject {
  /** Absent for an anonymous request. */
  login?: Login;
  /** A token that the registry's token service gave out for the login. */
  token?: string;
  /** Who answered when it was not the registry itself, such as `token service "auth.example.com"`. */
  peer?: string;
  /** `host:port` of the proxy in between. */
  proxy?: string;
  /** The logins of the whole run: a server may repeat one that it was sent before, or that it is yet to be sent. */
  hidden?: readonly Login[];
}

/** The beginning of a message: who answered. */
export function answerer({ registry, peer, proxy }: Asked): string {
  const through = proxy === undefined ? "" : ` (through the proxy ${JSON.stringify(proxy)})`;
  return `The ${peer === undefined ? "" : `${peer} of the `}registry ${JSON.stringify(registry)}${through}`;
}

/** A host that a server named, for a message. */
export function namedHost(asked: Asked, host: string): string {
  return quoteServerWords(host, secretsOf(asked)) ?? "another host";
}

/** ` It says: "..."`, or nothing when there are no words or they repeat a secret. */
export function itSays(asked: Asked, words: string | undefined): string {
  const quoted = words === undefined ? undefined : quoteServerWords(words, secretsOf(asked));
  return quoted === undefined ? "" : ` It says: ${quoted}.`;
}

/** A server may show the first characters of what it was sent, and dots for the rest: of a password as many as these. */
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

/** A server may send a megabyte: what stands behind this is neither read nor shown. */
const longestRead = 4096;

/**
 * A server's own words for a message: in quotes, printable, cut short. Undefined when they repeat a secret, because a
 * server can send back what it was sent.
 */
export function quoteServerWords(words: string, secrets: readonly string[]): string | undefined {
  const read = words.slice(0, longestRead);
  if (repeatsOf(secrets)(read)) {
    return undefined;
  }
  const plain = read.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return `"${inOneLine(plain.length > longestQuote ? `${plain.slice(0, longestQuote)}...` : plain)}"`;
}
