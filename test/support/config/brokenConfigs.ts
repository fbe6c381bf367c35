import fc from "fast-check";
import { textOf } from "../data/arbitraries";
import { type ConfigValues, passwords, soundConfig } from "./soundConfig";

/** A place in a config: keys of objects and indices of lists. */
export type Place = (string | number)[];

/** One way in which the sound config is broken at one place, with values that differ each time. */
export interface Breakage {
  /** Such as `list for number`. */
  what: string;
  place: Place;
  /** What stands there; undefined for nothing at all. */
  value: fc.Arbitrary<unknown>;
}

/** Every way in which the sound config can be broken at one place. */
export function breakages(): Breakage[] {
  const nodes = nodesIn(soundConfig).filter(({ place }) => !place.slice(0, -1).includes("podSpec"));
  return [
    ...nodes.flatMap(wrongTypes),
    ...nodes.flatMap(outOfRange),
    ...nodes.flatMap(missing),
    ...nodes.flatMap(hostile),
    ...[{ place: [], value: soundConfig }, ...nodes].flatMap(wrongKeys),
    ...nodes.flatMap(deep),
    ...nodes.flatMap(huge),
  ];
}

/** The path of a place, as problems name it. */
export function pathOf(place: Place): string {
  return place
    .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
    .join("")
    .replace(/^\./, "");
}

/** A config with another value, or nothing, at a place. */
export function broken(config: ConfigValues, place: Place, value: unknown): ConfigValues {
  const [key, ...inner] = place;
  if (key === undefined) {
    return value as ConfigValues;
  }
  const copy = (Array.isArray(config) ? [...(config as unknown[])] : { ...config }) as ConfigValues;
  copy[key] = broken(copy[key] as ConfigValues, inner, value);
  return copy;
}

/** A value at a place of the config. */
export interface Node {
  place: Place;
  value: unknown;
}

/** All places of a value, and what stands there. */
export function nodesIn(value: unknown, place: Place = []): Node[] {
  return Object.entries(typeof value === "object" ? (value ?? {}) : {}).flatMap(([key, member]) => {
    const inner = [...place, Array.isArray(value) ? Number(key) : key];
    return [{ place: inner, value: member as unknown }, ...nodesIn(member, inner)];
  });
}

/** The engine hands the values of these over as texts, whatever they are. */
const plainTexts = [
  "dockerConfigJson",
  "previousDockerConfigJson",
  "namespace",
  "secretName",
  "rotation",
  "verify",
  "rolloutTimeout",
  "renderTo",
];

/** A text that is not JSON: for other keys the engine passes texts as JSON. */
const word = textOf("abc123", { maxLength: 9 }).map((text) => `x${text}`);

const typed: Record<string, fc.Arbitrary<unknown>> = {
  string: word,
  number: fc.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
  null: fc.constant(null),
  list: fc.array(fc.oneof(word, fc.integer()), { maxLength: 9 }),
  object: fc.dictionary(word, fc.integer(), { maxKeys: 9 }),
};

function wrongTypes({ place, value }: Node): Breakage[] {
  const isText = plainTexts.includes(place.join("."));
  return Object.entries(typed)
    .filter(([type]) => type !== typeOf(value) && (!isText || type === "list" || type === "object"))
    .map(([type, values]) => ({ what: `${type} for ${typeOf(value)}`, place, value: values }));
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? "list" : typeof value;
}

const numbers: Record<string, fc.Arbitrary<number>> = {
  "a negative number": fc.integer({ max: -1 }),
  "a fraction": fc.integer({ min: 0, max: 9999 }).map((whole) => whole + 0.5),
  "a huge number": fc.double({ min: 2 ** 31, noNaN: true, noDefaultInfinity: true }),
};

function outOfRange({ place, value }: Node): Breakage[] {
  return typeof value === "number"
    ? Object.entries(numbers).map(([what, values]) => ({ what, place, value: values }))
    : [];
}

/** The members without which nothing can be deployed. */
const required =
  /^(registries|previousRegistries)\.\d\.(username|password)$|^registries\.2\.huaweiSwr|^registries\.[34]\.\w+$|^extraPullSecrets\.0\.\w+$|\.(image|name|namespace|containers|containerPort)$|Probe\.\w+$|\.httpGet\.port$|\.tcpSocket\.port$|\.exec\.command$/;

/** These may be left out. */
const optional = /\.ports\.0\.name$|Probe\.\w+(Seconds|Threshold)$/;

function missing({ place }: Node): Breakage[] {
  const path = place.join(".");
  return required.test(path) && !optional.test(path)
    ? [{ what: "nothing", place, value: fc.constant(undefined) }]
    : [];
}

const hostileTexts: Record<string, fc.Arbitrary<string>> = {
  "an empty text": fc.constant(""),
  "white space": textOf(" \t\u00a0\u3000", { minLength: 1, maxLength: 9 }),
  "a text of two lines": fc.tuple(word, word).map((lines) => lines.join("\n")),
  "a text that ends in a line break": word.map((text) => `${text}\r\n`),
  "half of a character": word.map((text) => `${text}\ud83d`),
  "a terminal's command": word.map((text) => `\u001b[31m${text}\u001b]0;${text}\u0007`),
  "a terminal's command in one byte": word.map((text) => `${text}\u009b2J\u0085`),
  "a change of direction": word.map((text) => `\u202e${text}\u2066\ufeff`),
  NUL: word.map((text) => `${text}\u0000`),
  "a format": fc.constantFrom("%s%n%x", "{0}", "${process.env}", "{{.Values}}", "%(id)s"),
  "a format of the CLI": fc.constantFrom("<{%x%}>", "x%}>", "<{%", "<{%reset%}>"),
  "a path out of the project": fc.constantFrom(
    "../../etc/passwd",
    "..\\..\\x",
    "/../x",
    "file:///etc/passwd",
  ),
  "a shell's command": fc.constantFrom("$(id)", "`id`", "; rm -rf /", "' OR 1=1 --", '"; id #'),
  "the key of a prototype": fc.constantFrom("__proto__", "__defineGetter__", "__lookupSetter__"),
  "a huge text": fc.integer({ min: 550_000, max: 600_000 }).map((length) => "A,".repeat(length)),
  "a password": fc.constantFrom(...Object.values(passwords)),
};

/** The hostile texts that are harmless where almost any text is allowed. */
const harmless: [place: RegExp, texts: RegExp][] = [
  [
    /^(registries|previousRegistries)\.\d\.(username|password|huaweiSwr\.secretKey)$/,
    /terminal|direction|NUL|format|path|shell|prototype|a password/,
  ],
  // The password that is derived is short.
  [/\.secretKey$/, /huge/],
  [/\.(ecrToken|googleKey)$|^(previousD|d)ockerConfigJson$/, /a password/],
  [/\.email$/, /empty|terminal|direction|NUL|format|path|shell|prototype|a password/],
  [/^renderTo$/, /white|format|path|shell|prototype|a password/],
  [/\.labels\.team$/, /empty/],
  [/\.(command|args|env|annotations)\.\w+$|\.httpGet\.path$/, /./],
];

function hostile({ place, value }: Node): Breakage[] {
  const path = place.join(".");
  const texts = typeof value === "string" ? Object.entries(hostileTexts) : [];
  return texts
    .filter(([what]) => !harmless.some(([at, some]) => at.test(path) && some.test(what)))
    .map(([what, values]) => ({ what, place, value: values }));
}

/** The maps, whose keys users choose by some rule. */
const maps = /^namespaces$|^workloads$|\.(labels|annotations|env|requests|limits)$/;

/** Of an environment variable's name nearly any text may be a part. */
const harmlessInEnv = /white|huge|format|path|shell|prototype|a password/;

function wrongKeys({ place, value }: Node): Breakage[] {
  const path = place.join(".");
  if (typeOf(value) !== "object" || path.endsWith("podSpec")) {
    return [];
  }
  const [[member, example] = ["", undefined]] = Object.entries(value as Record<string, unknown>);
  const unknown = {
    "an unknown key": word.map((text) => `${text}_`),
    "a known key with a slip": fc.constantFrom(`${member}s`, member.toUpperCase(), ` ${member}`),
    "the key of every object": fc.constantFrom("constructor", "toString", "hasOwnProperty"),
  };
  return Object.entries({ ...hostileTexts, ...(maps.test(path) ? {} : unknown) })
    .filter(([what]) => !(path.endsWith(".env") && harmlessInEnv.test(what)))
    .map(([what, keys]) => ({
      what: `${what} as a key`,
      place,
      value: keys.map((key) => ({ ...(value as object), [key]: example })),
    }));
}

const depth = fc.integer({ min: 100, max: 1000 });

function deep({ place }: Node): Breakage[] {
  const nested = (wrap: (inner: unknown) => unknown): fc.Arbitrary<unknown> =>
    depth.map((levels) => Array.from({ length: levels }).reduce<unknown>(wrap, "x"));
  return [
    { what: "deep lists", place, value: nested((inner) => [inner]) },
    { what: "deep objects", place, value: nested((inner) => ({ x: inner })) },
  ];
}

const thousands = fc.integer({ min: 1000, max: 3000 }).map((length) => Array.from({ length }, Number));

function huge({ place, value }: Node): Breakage[] {
  if (Array.isArray(value)) {
    return [{ what: "thousands of wrong items", place, value: thousands }];
  }
  const keys = thousands.map((items) => Object.fromEntries(items.map((_, index) => [`x_${index}_`, index])));
  return typeof value === "object" && place.at(-1) !== "podSpec"
    ? [{ what: "thousands of wrong keys", place, value: keys }]
    : [];
}
