const longestQuote = 160;

/**
 * A server's own words for a message: in quotes, printable, cut short. Undefined when they repeat a secret, because a
 * server can send back what it was sent.
 */
export function quoteServerWords(words: string, secrets: readonly string[]): string | undefined {
  const spoken = words.toLowerCase();
  if (secrets.some((secret) => spellings(secret).some((spelling) => spoken.includes(spelling)))) {
    return undefined;
  }
  const printable = words.replace(/\p{C}+/gu, " ").trim();
  return JSON.stringify(
    printable.length > longestQuote ? `${printable.slice(0, longestQuote)}...` : printable,
  );
}

function spellings(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64]
    .filter((spelling) => spelling !== "")
    .map((spelling) => spelling.toLowerCase());
}
