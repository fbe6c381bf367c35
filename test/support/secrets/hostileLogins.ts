import fc from "fast-check";
import type { Secrets } from "./leaks";

/** A login of a generated kind: all but the server is a secret. */
export interface HostileLogin {
  server: string;
  username: string;
  password: string;
  email: string;
}

/** Characters that some way of writing a text changes. None is a control character, which no login may have. */
const alphabets = {
  unicode: "äßéЖ漢字🔑👩‍💻\u0301\u200b\u202e\u2028\ufeff",
  quotes: "\"'`<>&",
  backslashes: "\\/",
  percent: "%+ =?#~!*()",
  separators: ".,;|-_$",
  long: "=",
};

const random = characterOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");

/** Texts of every alphabet. */
export const hostileTexts: fc.Arbitrary<string> = fc
  .constantFrom(...(Object.keys(alphabets) as (keyof typeof alphabets)[]))
  .chain((alphabet) => hostileText(alphabet));

/** Texts of an alphabet, with as many random letters and digits, so that no part of one stands anywhere by chance. */
function hostileText(alphabet: keyof typeof alphabets, minLength = 24): fc.Arbitrary<string> {
  const unit = fc.oneof(random, characterOf(alphabets[alphabet]));
  return fc
    .tuple(random, fc.string({ unit, minLength, maxLength: minLength + 16 }), random)
    .map((parts) => parts.join(""));
}

function characterOf(alphabet: string): fc.Arbitrary<string> {
  return fc.constantFrom(...Array.from(alphabet));
}

/** A login for each alphabet, and each for a server of its own. */
const hostileLogins: fc.Arbitrary<HostileLogin[]> = fc.noBias(
  fc.tuple(
    ...(Object.keys(alphabets) as (keyof typeof alphabets)[]).map((alphabet) =>
      fc.record(
        {
          server: fc.constant(`${alphabet}.example.com`),
          username: hostileText(alphabet),
          password: hostileText(alphabet, alphabet === "long" ? 600 : undefined),
          email: hostileText(alphabet),
        },
        { noNullPrototype: true },
      ),
    ),
  ),
);

/** The secrets of several lists of logins, for the leak scanner: `first unicode.example.com password`. */
export function secretsOf(lists: Record<string, HostileLogin[]>): Secrets {
  return Object.fromEntries(
    Object.entries(lists).flatMap(([list, logins]) =>
      logins.flatMap(({ server, ...secrets }) =>
        Object.entries(secrets).map(([member, secret]) => [`${list} ${server} ${member}`, secret]),
      ),
    ),
  );
}

/**
 * Runs a test with lists of logins, which are others each time: once, as the engine takes seconds. A failure shows them,
 * and the seed.
 */
export function withHostileLogins(
  lists: number,
  test: (...lists: HostileLogin[][]) => Promise<void>,
): Promise<void> {
  return fc.assert(
    fc.asyncProperty(fc.array(hostileLogins, { minLength: lists, maxLength: lists }), (logins) =>
      test(...logins),
    ),
    { numRuns: 1, endOnFailure: true, includeErrorInReport: true },
  );
}
