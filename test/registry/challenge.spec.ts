import assert from "node:assert/strict";
import fc from "fast-check";
import { type Challenge, parseChallenges } from "../../components/registry/challenge";

interface Expected {
  scheme: string;
  params?: Record<string, string>;
  token68?: string;
}

const cases: Record<string, [string[], Expected[]]> = {
  nothing: [[], []],
  "an empty field": [[""], []],
  "white space and commas alone": [[" ,, \t,"], []],
  Basic: [['Basic realm="registry"'], [{ scheme: "basic", params: { realm: "registry" } }]],
  "Bearer as Docker Hub sends it": [
    ['Bearer realm="https://auth.docker.io/token",service="registry.docker.io"'],
    [{ scheme: "bearer", params: { realm: "https://auth.docker.io/token", service: "registry.docker.io" } }],
  ],
  "scope and error": [
    ['Bearer realm="https://r/t",scope="repository:a/b:pull,push",error="insufficient_scope"'],
    [
      {
        scheme: "bearer",
        params: { realm: "https://r/t", scope: "repository:a/b:pull,push", error: "insufficient_scope" },
      },
    ],
  ],
  "odd case and white space": [
    ['  bEaReR\t Realm = "x" ,\tSERVICE\t=\ty '],
    [{ scheme: "bearer", params: { realm: "x", service: "y" } }],
  ],
  "several in one field": [
    ['Basic realm="a, b", Bearer realm="c", Negotiate'],
    [
      { scheme: "basic", params: { realm: "a, b" } },
      { scheme: "bearer", params: { realm: "c" } },
      { scheme: "negotiate" },
    ],
  ],
  "several in several fields": [
    ["Negotiate", 'Basic realm="x"'],
    [{ scheme: "negotiate" }, { scheme: "basic", params: { realm: "x" } }],
  ],
  "a field does not continue the one before": [["Basic", 'realm="x"'], [{ scheme: "basic" }]],
  "escaped quotes": [
    [String.raw`Basic realm="say \"hi\", \\ and \x"`],
    [{ scheme: "basic", params: { realm: String.raw`say "hi", \ and x` } }],
  ],
  "an empty quoted string": [['Basic realm=""'], [{ scheme: "basic", params: { realm: "" } }]],
  token68: [
    ["NTLM TlRMTVNTUAAC==, Basic realm=x"],
    [
      { scheme: "ntlm", token68: "TlRMTVNTUAAC==" },
      { scheme: "basic", params: { realm: "x" } },
    ],
  ],
  "empty elements": [
    [',Basic realm=x,,charset="UTF-8",'],
    [{ scheme: "basic", params: { realm: "x", charset: "UTF-8" } }],
  ],
  "a repeated param: the first": [["Basic realm=a, realm=b"], [{ scheme: "basic", params: { realm: "a" } }]],
  "params without commas": [
    ['Bearer realm="a" service="b"'],
    [{ scheme: "bearer", params: { realm: "a", service: "b" } }],
  ],
  "a string that is never closed": [
    ['Bearer service="a", realm="b'],
    [{ scheme: "bearer", params: { service: "a" } }],
  ],
  "what is no challenge, between two": [
    ['"x", Basic realm=a, @, Bearer realm="b"'],
    [
      { scheme: "basic", params: { realm: "a" } },
      { scheme: "bearer", params: { realm: "b" } },
    ],
  ],
  "a param named like a member of every object": [
    ["Basic __proto__=a"],
    [{ scheme: "basic", params: { ["__proto__"]: "a" } }],
  ],
};

function plain({ scheme, params, token68 }: Challenge): Expected {
  return {
    scheme,
    ...(params.size > 0 && { params: Object.fromEntries(params) }),
    ...(token68 !== undefined && { token68 }),
  };
}

describe("parseChallenges", () => {
  for (const [name, [fields, expected]] of Object.entries(cases)) {
    it(`reads ${name}`, () => {
      assert.deepEqual(parseChallenges(fields).map(plain), expected);
    });
  }

  const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,12}$/);
  const whiteSpace = fc.stringMatching(/^[ \t]{0,3}$/);
  const quoted = (value: string): string => `"${value.replace(/["\\]/g, "\\$&")}"`;
  const param = fc.tuple(token, fc.string(), whiteSpace, whiteSpace);
  const challenge = fc.record({
    scheme: token,
    params: fc.uniqueArray(param, { selector: ([name]) => name.toLowerCase(), maxLength: 5 }),
  });

  it("reads back every challenge that RFC 9110 can write", () => {
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 5 }), fc.boolean(), (challenges, inOneField) => {
        const written = challenges.map(
          ({ scheme, params }) =>
            `${scheme} ${params.map(([name, value, before, after]) => `${name}${before}=${after}${quoted(value)}`).join(" , ")}`,
        );
        const read = parseChallenges(inOneField ? [written.join(", ")] : written);
        assert.deepEqual(
          read.map((found) => [found.scheme, [...found.params]]),
          challenges.map(({ scheme, params }) => [
            scheme.toLowerCase(),
            params.map(([name, value]) => [name.toLowerCase(), value]),
          ]),
        );
      }),
    );
  });

  it("takes any text", () => {
    const pieces = fc.constantFrom("Basic", " ", "\t", ",", "=", '"', "\\", "a", "/", "realm", "\n", "é");
    const hostile = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.array(fc.oneof(hostile, fc.string())), (fields) => {
        for (const { scheme, params } of parseChallenges(fields)) {
          assert.match(scheme, /^[^\s,="]+$/);
          assert.ok([...params.keys()].every((name) => name === name.toLowerCase()));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("comes to its end with long hostile text", () => {
    const length = 200_000;
    for (const piece of [
      "a",
      " ",
      ",",
      "=",
      '"',
      "\\",
      "a ",
      "a=",
      'a="',
      '="\\',
      "a,",
      "a = ",
      "@ ",
      'a="b" c ',
      '\\"',
    ]) {
      for (const start of ["", "Basic ", 'Basic a="']) {
        assert.ok(Array.isArray(parseChallenges([start + piece.repeat(length)])));
      }
    }
  });
});
