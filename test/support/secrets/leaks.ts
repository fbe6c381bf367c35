import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { EngineRun } from "../engine/engine";

/** What to look for, by the name that a finding shows: texts too random to stand anywhere by chance. */
export type Secrets = Record<string, string>;

type Forms = Record<string, string>;

/** A message that cuts a secret leaves its beginning or its end, at least this many UTF-16 units. */
const pieceLength = 16;

/** The leaks in a text, such as `password: base64 at 1`; none when nothing of the secrets stands in it. */
export function leaksIn(text: string, secrets: Secrets): string[] {
  const plain = inLowerCase(text);
  const base64 = inOneAlphabet(text);
  const found = Object.entries(secrets).flatMap(([name, secret]) =>
    pieces(secret).flatMap((piece) =>
      [
        ...formsIn(plain, mapForms(plainForms(piece), inLowerCase)),
        ...formsIn(base64, base64Forms(piece)),
      ].map((form) => `${name}: ${form}`),
    ),
  );
  return [...new Set(found)];
}

/** The leaks in all that came of a command of the engine, each after the place where it stands. */
export function leaksInRun(run: EngineRun, secrets: Secrets): string[] {
  const { events, stdout, stderr, thrown } = run;
  const texts = { events: JSON.stringify(events), stdout, stderr, thrown };
  return Object.entries(texts).flatMap(([place, text]) => placed(place, leaksIn(text, secrets)));
}

/** The leaks in the names and the texts of all files below a folder but those of rendered manifests, which hold Secrets. */
export function leaksInFiles(folder: string, secrets: Secrets): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const names = files.map(({ name }) => name).join("\n");
  return [
    ...placed("file name", leaksIn(names, secrets)),
    ...files
      .filter((file) => file.isFile() && basename(file.parentPath) !== "1-manifest")
      .flatMap(({ name, parentPath }) =>
        placed(name, leaksIn(readFileSync(join(parentPath, name), "utf8"), secrets)),
      ),
  ];
}

function placed(place: string, leaks: string[]): string[] {
  return leaks.map((leak) => `${place}: ${leak}`);
}

/** A secret that is found by its beginning or its end is found as a whole, too. */
function pieces(secret: string): string[] {
  const begin = secret.slice(0, pieceLength).replace(/[\ud800-\udbff]$/, "");
  const end = secret.slice(-pieceLength).replace(/^[\udc00-\udfff]/, "");
  return [begin, end];
}

/** The names of the forms that stand in a text; of equal forms the first. */
function formsIn(text: string, forms: Forms): string[] {
  const entries = Object.entries(forms);
  return entries
    .filter(([, form], index) => entries.findIndex(([, other]) => other === form) === index)
    .filter(([, form]) => text.includes(form))
    .map(([name]) => name);
}

/** The forms in which a text may stand in another one, by their names. */
export function plainForms(secret: string): Forms {
  const bytes = Buffer.from(secret).toString("hex").match(/../g) ?? [];
  return {
    raw: secret,
    ...jsonForms(secret),
    ...mapForms(jsonForms(secret), jsonEscaped, "twice"),
    "quoted by Go": goQuoted(secret),
    "URL-escaped": encodeURIComponent(secret),
    "form-escaped": new URLSearchParams([["", secret]]).toString().slice(1),
    "percent-escaped": bytes.map((byte) => `%${byte}`).join(""),
    hex: bytes.join(""),
    "hex-escaped": bytes.map((byte) => `\\x${byte}`).join(""),
  };
}

/** How JSON is written by JavaScript, by Go, and by those who keep to ASCII. */
function jsonForms(secret: string): Forms {
  const json = jsonEscaped(secret);
  return {
    "JSON-escaped": json,
    "JSON-escaped for HTML": json.replace(/[<>&\u2028\u2029]/g, unicodeEscape),
    "JSON-escaped in ASCII": json.replace(/[<>&\u007f-\uffff]/g, unicodeEscape),
  };
}

function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

const goEscapes = new Map(
  Object.entries({
    "\u0007": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
  }),
);

/** As the CLI shows an output: strconv.Quote of what is not printable. */
function goQuoted(text: string): string {
  return text.replace(/["\\]/g, "\\$&").replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    const escape =
      code < 0x80
        ? `\\x${hex.padStart(2, "0")}`
        : code < 0x10000
          ? `\\u${hex.padStart(4, "0")}`
          : `\\U${hex.padStart(8, "0")}`;
    return goEscapes.get(character) ?? escape;
  });
}

/** Base64 of the secret alone or in any text, such as `user:password`; of that in JSON; and of base64 in that JSON. */
export function base64Forms(secret: string): Forms {
  const once = shifted(secret);
  const ofJson = Object.entries(jsonForms(secret)).map(([name, json]) =>
    mapForms(shifted(json), (form) => form, `of ${name}`),
  );
  const twice = Object.entries(once).map(([name, form]) =>
    mapForms(shifted(form), (outer) => outer, `of ${name}`),
  );
  return Object.assign({}, once, ...ofJson, ...twice) as Forms;
}

function shifted(text: string): Forms {
  return Object.fromEntries([0, 1, 2].map((shift) => [`base64 at ${shift}`, base64At(text, shift)]));
}

/** The characters that stand for a text wherever it begins `shift` bytes after a group of three. */
function base64At(text: string, shift: number): string {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]);
  const encoded = bytes.toString("base64").replace(/=+$/, "");
  const uncertainEnd = bytes.length % 3 === 0 ? 0 : 1;
  const uncertainBegin = shift === 0 ? 0 : shift + 1;
  return encoded.slice(uncertainBegin, encoded.length - uncertainEnd);
}

/** Texts with base64 in one line and with `+` and `/`, however it is broken into lines and whatever the alphabet. */
function inOneAlphabet(text: string): string {
  return text
    .replace(/\s+|(\\r)?\\n/g, "")
    .replace(/-/g, "+")
    .replace(/_/g, "/");
}

function inLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The forms with their texts changed, and with words behind their names. */
function mapForms(forms: Forms, change: (form: string) => string, suffix = ""): Forms {
  return Object.fromEntries(
    Object.entries(forms).map(([name, form]) => [suffix === "" ? name : `${name} ${suffix}`, change(form)]),
  );
}
