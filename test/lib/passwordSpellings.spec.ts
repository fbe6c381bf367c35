import assert from "node:assert/strict";
import fc from "fast-check";
import { repeatsOf } from "../../components/lib/passwordSpellings";
import { hostileTexts } from "../support/secrets/hostileLogins";
import { base64Forms, plainForms } from "../support/secrets/leaks";

const secret = 'S3cr€t <"q"> \\ b%s+';
const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("repeatsOf", () => {
  const repeated: Record<string, string> = {
    "as it is, in other case": `got ${secret.toUpperCase()}!`,
    "in a URL": `https://u:${encodeURIComponent(secret)}@h`,
    "in a URL, every byte escaped": Buffer.from(secret).toString("hex").replace(/../g, "%$&"),
    "in a URL, twice": encodeURIComponent(encodeURIComponent(secret)),
    "in a form": new URLSearchParams({ a: secret }).toString(),
    "in JSON": JSON.stringify({ secret }),
    "in JSON, every character escaped": Array.from(
      secret,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ).join(""),
    "in JSON, twice": JSON.stringify(JSON.stringify({ secret })),
    "in HTML": secret
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&#34;")
      .replaceAll("%", "&#x25;"),
    "in base64": base64(secret),
    "in base64, one byte behind the begin": base64(`x${secret}`),
    "in base64, two bytes behind the begin": base64(`Basic: xy${secret}:z`),
    "in base64, twice": `got ${base64(base64(secret))}.`,
    "in base64 of what stands in a URL": base64(`x=${encodeURIComponent(secret)}`),
    "in base64 of what stands in a URL, without padding": base64(`xy=${encodeURIComponent(secret)}`),
    "in base64 of what stands in a URL, with another padding": base64(`=${encodeURIComponent(secret)}`),
    "in base64 of URLs": Buffer.from(`u:${secret}`).toString("base64url"),
    "in hexadecimal digits": Buffer.from(secret).toString("hex"),
    "with characters that do not show": Array.from(secret).join("\u200b"),
  };
  for (const [title, text] of Object.entries(repeated)) {
    it(`finds a secret ${title}`, () => {
      assert.ok(repeatsOf(["other", secret])(text));
    });
  }

  const controls = "a\b1\f2\n3\r4\t5\v6\u0007\u001b7\u0085\u{1f511}\u200b";
  const escaped: Record<string, string> = {
    JSON: JSON.stringify(JSON.stringify(controls)),
    Go: String.raw`a\b1\f2\n3\r4\t5\v6\a\x1b7\u0085\U0001f511\u200b`,
    JavaScript: String.raw`a\b1\f2\n3\r4\t5\v6\x07\x1b7\x85\u{1f511}\u{200b}`,
    "a terminal": "a1234567\u{1f511}",
  };
  for (const [title, text] of Object.entries(escaped)) {
    it(`finds controls as ${title} writes or shows them`, () => {
      assert.ok(repeatsOf([controls])(`x${text}y`));
    });
  }

  it("finds any secret in every form that the leak tests look for", () => {
    fc.assert(
      fc.property(hostileTexts, (text) => {
        for (const [form, spelling] of Object.entries({ ...plainForms(text), ...base64Forms(text) })) {
          // What stands in base64 behind other base64 or JSON is longer than its form says.
          if (!form.includes(" of ")) {
            assert.ok(repeatsOf([text])(`x ${spelling} y`), form);
          }
        }
      }),
    );
  });

  it("finds the begin and the end of a long secret", () => {
    const long = `begin-${"x".repeat(100)}-end`;
    assert.ok(repeatsOf([long])(`a${long.slice(0, 32)}b`));
    assert.ok(repeatsOf([long])(`a${long.slice(-32)}b`));
    assert.ok(!repeatsOf([long])(long.slice(1, 32)));
  });

  it("finds a secret of at most 64 characters only whole", () => {
    const [whole, long] = ["0123456789abcdef".repeat(4), `${"0123456789abcdef".repeat(4)}g`] as const;
    assert.ok(repeatsOf([whole])(`x${whole}y`));
    assert.ok(!repeatsOf([whole])(whole.slice(0, 32)));
    assert.ok(repeatsOf([long])(long.slice(0, 32)));
  });

  it("finds the start and the end of a long secret in base64, even where a piece would split a character", () => {
    const key = "\u{1f511}";
    const long = `a${key.repeat(40)}z`;
    assert.ok(repeatsOf([long])(base64(base64(`a${key.repeat(15)}`))));
    assert.ok(repeatsOf([long])(base64(base64(`${key.repeat(15)}z`))));
    assert.ok(!repeatsOf([long])(base64(base64(key.repeat(15)))));
  });

  const short: [secret: string, text: string, found: boolean, why: string][] = [
    ["s3cr3t", base64("s3cr3t"), true, "is its base64"],
    ["s3cr3t", base64("xs3cr3ty"), true, "has it in base64 after one byte"],
    ["s3cr3t", base64("xys3cr3tz"), true, "has it in base64 after two bytes"],
    ["s3cr3t", base64("s3cr3T"), false, "is the base64 of another end"],
    ["s3cr3t", base64("S3cr3t"), false, "is the base64 of another start"],
    ["s3cr3", base64("s3cr3"), true, "is its base64"],
    ["s3cr3", base64("s3cr3x"), false, "has too short a secret in longer base64"],
    ["s3cr3", base64("xs3cr3"), false, "has too short a secret in longer base64, after one byte"],
    [">?>?>?abc", "Pj8+Pz4/YWJj", true, "is its base64"],
    [">?>?>?abc", "Pj8-Pz4_YWJj", true, "is its base64 for URLs"],
    ["\u0007s3cr3t", "s3cr3t", true, "lacks only its control character"],
    ["\u0007s3cr3", "s3cr3", false, "lacks its control character, with too few others"],
    ["c4n\u{10ffff}4r", "c4n&#x10ffff;4r", true, "has the last code point as an entity"],
    [
      "c4n\ufffd4r",
      "c4n&#x110000;4r",
      true,
      "has an entity beyond the last code point, which HTML reads as U+FFFD",
    ],
  ];
  for (const [hidden, text, found, why] of short) {
    it(`${found ? "finds" : "does not find"} ${JSON.stringify(hidden)} in a text that ${why}: ${text}`, () => {
      assert.equal(repeatsOf([hidden])(text), found);
    });
  }

  it("finds nothing in other texts, and no empty secret", () => {
    for (const text of ["", "denied", base64("another secret"), "&quot;&#9999999;%zz\\"]) {
      assert.ok(!repeatsOf([secret, ""])(text), text);
    }
  });
});
