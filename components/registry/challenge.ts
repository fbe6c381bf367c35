/** One way of logging in that a server offers in `WWW-Authenticate`. */
export interface Challenge {
  /** The auth-scheme in lower case, such as `basic` or `bearer`. */
  scheme: string;
  /** The auth-params by lower-case name; if a name repeats, the first value counts. */
  params: ReadonlyMap<string, string>;
  /** The token68 that some schemes send instead of params. */
  token68?: string;
}

/**
 * The challenges in one or more `WWW-Authenticate` header fields, in the server's order.
 *
 * Accepts any text, skips what is not a challenge, and takes linear time.
 *
 * @see RFC 9110 section 11 (challenge, auth-param, token68) and section 5.6 (token, quoted-string)
 */
export function parseChallenges(fields: readonly string[]): Challenge[] {
  return fields.flatMap(parseField);
}

interface Scanner {
  text: string;
  position: number;
}

const token = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y;
const token68 = /[-._~+/0-9A-Za-z]+=*(?=[ \t]*(?:,|$))/y;
const whiteSpace = /[ \t]*/y;
const emptyElements = /[ \t,]*/y;
const untilComma = /[^,]*/y;
const equals = /[ \t]*=[ \t]*/y;

function parseField(text: string): Challenge[] {
  const scanner: Scanner = { text, position: 0 };
  const challenges: Challenge[] = [];
  for (take(scanner, emptyElements); scanner.position < text.length; take(scanner, emptyElements)) {
    const scheme = take(scanner, token);
    if (scheme === undefined || !atSchemeEnd(scanner)) {
      take(scanner, untilComma);
      continue;
    }
    take(scanner, whiteSpace);
    const credentials = take(scanner, token68);
    challenges.push({
      scheme: scheme.toLowerCase(),
      ...(credentials === undefined
        ? { params: takeParams(scanner) }
        : { params: new Map<string, string>(), token68: credentials }),
    });
  }
  return challenges;
}

function atSchemeEnd({ text, position }: Scanner): boolean {
  return position === text.length || " \t,".includes(text.charAt(position));
}

function takeParams(scanner: Scanner): Map<string, string> {
  const params = new Map<string, string>();
  for (;;) {
    const start = scanner.position;
    take(scanner, emptyElements);
    const name = take(scanner, token);
    if (name === undefined || take(scanner, equals) === undefined) {
      scanner.position = start;
      return params;
    }
    const value = takeQuotedString(scanner) ?? take(scanner, token);
    if (value === undefined) {
      take(scanner, untilComma);
      return params;
    }
    if (!params.has(name.toLowerCase())) {
      params.set(name.toLowerCase(), value);
    }
  }
}

/** A loop, because a pattern would backtrack on a string that is never closed. */
function takeQuotedString(scanner: Scanner): string | undefined {
  const { text } = scanner;
  if (text.charAt(scanner.position) !== '"') {
    return undefined;
  }
  let value = "";
  for (let index = scanner.position + 1; index < text.length; index++) {
    if (text.charAt(index) === '"') {
      scanner.position = index + 1;
      return value;
    }
    if (text.charAt(index) === "\\") {
      index++;
    }
    value += text.charAt(index);
  }
  scanner.position = text.length;
  return undefined;
}

/** Consumes and returns the text that the sticky `pattern` matches at the current position. */
function take(scanner: Scanner, pattern: RegExp): string | undefined {
  pattern.lastIndex = scanner.position;
  const taken = pattern.exec(scanner.text)?.[0];
  scanner.position += taken?.length ?? 0;
  return taken;
}
