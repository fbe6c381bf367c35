/** Long secrets are searched for by their start and end, because a message may be cut. */
const pieceLength = 32;

/** In base64 inside a longer text, shorter secrets would match almost anything. */
const leastShifted = 6;

/**
 * Whether a text repeats one of the secrets, ignoring case: as it is, in base64 (once or twice) or hexadecimal, also as part
 * of a longer encoded text, or with the escapes of a URL, a form, JSON or HTML.
 */
export function repeatsOf(secrets: readonly string[]): (text: string) => boolean {
  let forms: string[] | undefined;
  return (text) => {
    forms ??= formsOf(secrets);
    const known = forms;
    return (
      known.length > 0 &&
      Array.from(readingsOf(text), inLowerCase).some((reading) =>
        known.some((form) => reading.includes(form)),
      )
    );
  };
}

function formsOf(secrets: readonly string[]): string[] {
  const nonEmpty = secrets.filter((secret) => secret !== "");
  return [...new Set(nonEmpty.flatMap(piecesOf).flatMap(encodings).map(inLowerCase))];
}

function inLowerCase(text: string): string {
  return text.toLowerCase();
}

function piecesOf(secret: string): string[] {
  return secret.length > 2 * pieceLength
    ? [secret.slice(0, pieceLength), secret.slice(-pieceLength)].map(wholeCharacters)
    : [secret];
}

function wholeCharacters(text: string): string {
  return text.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "");
}

function encodings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const shifts = bytes.length < leastShifted ? [0] : [0, 1, 2];
  const base64 = shifts.map((shift) => base64At(bytes, shift));
  const visible = secret.replace(/\p{C}/gu, "");
  return [
    secret,
    bytes.toString(),
    ...(visible.length < leastShifted ? [] : [visible]),
    bytes.toString("hex"),
    ...base64,
    ...base64.map(inUrlAlphabet),
  ];
}

/** Base64 of bytes at an offset of `shift` from a multiple of three, without the characters that depend on other bytes. */
function base64At(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
  const unpadded = text.replaceAll("=", "");
  const isWhole = unpadded === text || bytes.length < leastShifted;
  return unpadded.slice(shift === 0 ? 0 : shift + 1, isWhole ? undefined : -1);
}

function inUrlAlphabet(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

/** The text as it is, and decoded once and twice. */
function readingsOf(text: string): Set<string> {
  return escape.test(text) ? decodedOnce(decodedOnce([text])) : new Set([text]);
}

/** Matches any text that one of the decoders would change. */
const escape = /[%+\\&\p{C}]|[\w/-]{16}/u;

function decodedOnce(texts: Iterable<string>): Set<string> {
  return new Set(Array.from(texts).flatMap((text) => [text, ...decoders.map((decode) => decode(text))]));
}

const decoders: ((text: string) => string)[] = [
  (text) => text.replace(/\p{C}+/gu, ""),
  withoutPercents,
  (text) => withoutPercents(text.replaceAll("+", " ")),
  (text) => text.replace(/(?:\\x[\da-f]{2})+/gi, (escapes) => bytesIn(escapes.replace(/\\x/gi, ""))),
  withoutBackslashes,
  withoutEntities,
  (text) => text.replace(/[\w+/-]{16,}={0,2}/g, (run) => Buffer.from(run, "base64").toString()),
];

function withoutPercents(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escapes) => bytesIn(escapes.replaceAll("%", "")));
}

function bytesIn(hex: string): string {
  return Buffer.from(hex, "hex").toString();
}

const escapedControls = new Map(
  Object.entries({ a: "\u0007", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" }),
);

/** Decodes the backslash escapes of JSON, JavaScript and Go. */
function withoutBackslashes(text: string): string {
  return text.replace(
    /\\(?:u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|U([\da-fA-F]{8})|x([\da-fA-F]{2})|(.))/gs,
    (escape, ...groups) => {
      const [long, braced, longest, short, plain = escape] = groups as (string | undefined)[];
      const digits = long ?? braced ?? longest ?? short;
      return digits === undefined
        ? (escapedControls.get(plain) ?? plain)
        : characterOf(Number.parseInt(digits, 16));
    },
  );
}

const namedEntities = new Map(Object.entries({ quot: '"', amp: "&", lt: "<", gt: ">", apos: "'" }));

function withoutEntities(text: string): string {
  return text.replace(/&(?:#x([\da-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (entity, ...groups) => {
    const [hex, decimal, name = ""] = groups as (string | undefined)[];
    return hex === undefined && decimal === undefined
      ? (namedEntities.get(name.toLowerCase()) ?? entity)
      : characterOf(hex === undefined ? Number(decimal) : Number.parseInt(hex, 16));
  });
}

function characterOf(code: number): string {
  return code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
}
