import { inOneLine } from "../problems";
import { repeatsOf } from "../secretSpellings";

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
