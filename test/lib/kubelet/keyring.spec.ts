import assert from "node:assert/strict";
import { ImageReferenceError } from "../../../components/lib/kubelet/imageReference";
import { KeyringError, lookupCredentials } from "../../../components/lib/kubelet/keyring";
import { readVectors } from "../../support/data/vectors";

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const entry = (username: string): string => `{"username":"${username}","password":"p"}`;

function lookup(image: string, ...dockerConfigJsons: string[]): string[] {
  return lookupCredentials(image, dockerConfigJsons).map(
    ({ username, password }) => `${username}:${password}`,
  );
}

describe("lookupCredentials", () => {
  const answers: [string, string[], string[]][] = [
    ["no Secret", [], []],
    ["an empty Secret", ["", `{"auths":{"a.b":${entry("u")}}}`], ["u:p"]],
    ["null for a docker config", [" null\n"], []],
    ["no auths", [`{"a.b":${entry("u")}}`], []],
    ["an entry without login", ['{"auths":{"a.b":{}}}', `{"auths":{"a.b":${entry("u")}}}`], [":", "u:p"]],
    ["null for an entry", ['{"auths":{"a.b":null}}'], [":"]],
    [
      "auth, username and password",
      [`{"auths":{"a.b":{"auth":"${base64("a:b:c")}","username":"u"}}}`],
      ["a:b:c"],
    ],
    ["an empty auth", ['{"auths":{"a.b":{"auth":"","username":"u","password":"p"}}}'], ["u:p"]],
    ["null for auth", ['{"auths":{"a.b":{"auth":null,"username":"u","password":"p"}}}'], ["u:p"]],
    ["an auth without padding", ['{"auths":{"a.b":{"auth":"dTpwdw"}}}'], ["u:pw"]],
    ["an auth with newlines", [String.raw`{"auths":{"a.b":{"auth":"dT\r\npwdw=\n=\n"}}}`], ["u:pw"]],
    ["an auth with bits behind its end", ['{"auths":{"a.b":{"auth":"dTpwdx=="}}}'], ["u:pw"]],
    ["an auth that is not UTF-8", ['{"auths":{"a.b":{"auth":"dTr/cA=="}}}'], ["u:\ufffdp"]],
    [
      "half of a surrogate pair",
      [String.raw`{"auths":{"a.b":{"username":"\ud800","password":"\udd11\ud83d\udd11"}}}`],
      ["\ufffd:\ufffd\u{1f511}"],
    ],
    [
      "an escaped half before a raw half of a pair",
      ['{"auths":{"a.b":{"username":"\\ud83d\udd11"}}}'],
      ["\ufffd\ufffd:"],
    ],
    ["members in any case", [`{"AUTHS":{"a.b":{"Username":"u","PASSWORD":"p"}}}`], ["u:p"]],
    [
      "members with a long s",
      [`{"auth\u017f":{"a.b":{"u\u017fername":"u","pa\u017f\u017fword":"p"}}}`],
      ["u:p"],
    ],
    ["escaped members", [String.raw`{"a\u0075ths":{"a.b":{"a\u0075th":"dTpw"}}}`], ["u:p"]],
    ["members that end with another character", [`{"auths ":{"a.b":${entry("u")}}}`], []],
    [
      "a repeated text",
      ['{"auths":{"a.b":{"username":"x","username":"u","Username":null,"password":"p"}}}'],
      ["u:p"],
    ],
    [
      "a repeated server",
      [`{"auths":{"a.b":{"username":"x","password":"y"},"a.b":{"password":"p"}}}`],
      [":p"],
    ],
    ["a repeated auths", [`{"auths":{"a.b":${entry("u")}},"auths":{"a.b/c":${entry("v")}}}`], ["v:p", "u:p"]],
    ["an auths cleared by null", [`{"auths":{"a.b":${entry("u")}},"Auths":null}`], []],
    ["an auths after null", [`{"auths":null,"auths":{"a.b":${entry("u")}}}`], ["u:p"]],
    ["null for headers", [`{"auths":{"a.b":${entry("u")}},"HttpHeaders":{"a":null}}`], ["u:p"]],
    ["identity tokens of any type", [`{"auths":{"a.b":{"identitytoken":1,"auth":"dTpw"}}}`], ["u:p"]],
    [
      "a server that kubelet ignores",
      [`{"auths":{" a.b":${entry("x")},"a.b:*":${entry("y")},"a.b":${entry("u")}}}`],
      ["u:p"],
    ],
    [
      "one server in two Secrets",
      [`{"auths":{"a.b":${entry("u")}}}`, `{"auths":{"https://a.b":${entry("v")}}}`],
      ["u:p", "v:p"],
    ],
    [
      "a longer path in a later Secret",
      [`{"auths":{"a.b":${entry("u")}}}`, `{"auths":{"a.b/c":${entry("v")}}}`],
      ["v:p", "u:p"],
    ],
  ];
  for (const [title, dockerConfigJsons, credentials] of answers) {
    it(`reads ${title}`, () => {
      assert.deepEqual(lookup("a.b/c:1", ...dockerConfigJsons), credentials);
    });
  }

  it("returns username and password and nothing else", () => {
    const json = '{"auths":{"a.b":{"username":"u","password":"p","email":"e"}}}';
    assert.deepEqual(lookupCredentials("a.b/c", [json]), [{ username: "u", password: "p" }]);
  });

  it("falls back to Docker Hub's credential only where no other matches", () => {
    const json = `{"auths":{"https://index.docker.io/v1/":${entry("hub")},"docker.io/janedoe":${entry("jane")}}}`;
    assert.deepEqual(lookup("janedoe/app", json), ["jane:p"]);
    assert.deepEqual(lookup("other/app", json), ["hub:p"]);
    assert.deepEqual(lookup("localhost/app", json), ["hub:p"]);
    assert.deepEqual(lookup("localhost:5000/app", json), []);
  });

  it("reads no Secret for an invalid reference", () => {
    assert.throws(() => lookup("a.b/C", "{"), ImageReferenceError);
  });

  const good = `{"auths":{"a.b":${entry("u")}}}`;
  const then = "Until then kubelet uses no credential from any Secret.";
  const url =
    'has a server that kubelet parses as a URL: write host[:port][/path], without "%", "?", "#", "@" or "]".';
  const failures: [string, string][] = [
    ["{hunter2", `docker config is not JSON: give the text of a Docker config.json. ${then}`],
    ["\ufeff{}", `docker config is not JSON: give the text of a Docker config.json. ${then}`],
    ["\u00a0null", `docker config is not JSON: give the text of a Docker config.json. ${then}`],
    [
      `{"x":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
      `docker config is nested deeper than 10000 levels: give the text of a Docker config.json. ${then}`,
    ],
    [base64(good), `docker config is base64, as the data of a Secret is shown: decode it first. ${then}`],
    ["0", `docker config is a number: give an object. ${then}`],
    ['{"auths":false}', `auths is a boolean: give an object. ${then}`],
    ['{"auths":{"x.y":[]}}', `auths["x.y"] is a list: give an object. ${then}`],
    ['{"auths":{"x.y":{"email":1}}}', `auths["x.y"].email is a number: give a string. ${then}`],
    [
      '{"auths":{"x.y":{"Password":1},"x.y":{}}}',
      `auths["x.y"].password is a number: give a string. ${then}`,
    ],
    ['{"auths":{"x.y":{"auth":{}}},"auths":null}', `auths["x.y"].auth is an object: give a string. ${then}`],
    ['{"httpheader\u017f":[]}', `HttpHeaders is a list: give an object. ${then}`],
    ['{"HttpHeaders":{"a b":{}}}', `HttpHeaders["a b"] is an object: give a string. ${then}`],
    ...[
      "A",
      "=",
      "====",
      "A===",
      "dTpw=",
      "dTpwdw=",
      "dTpw ",
      "dTpw\u00a0",
      "=dTpw",
      "d-Tp",
      "dTr__vs-",
      "Basic dTpw",
    ].map((auth): [string, string] => [
      `{"auths":{"x.y":{"auth":"${auth}"}}}`,
      `auths["x.y"].auth is not base64 (letters, digits, "+" and "/"): give the base64 of username:password. ${then}`,
    ]),
    ...["aHVudGVyMg==", String.raw`\n`].map((auth): [string, string] => [
      `{"auths":{"x.y":{"auth":"${auth}"}}}`,
      `auths["x.y"].auth has no colon when decoded: give the base64 of username:password. ${then}`,
    ]),
    [`{"auths":{"reg?.example.com":{}}}`, `auths["reg?.example.com"] ${url}`],
    [`{"auths":{"a.b/%63":{}}}`, `auths["a.b/%63"] ${url}`],
    [`{"auths":{"https://u:hunter2@a.b":{}}}`, `auths["...@a.b"] ${url}`],
    [`{"auths":{"http://u:hunter2@a.b":{}}}`, `auths["...@a.b"] ${url}`],
    [`{"auths":{"u:hunter2@a.b":{}}}`, `auths["...@a.b"] ${url}`],
  ];
  for (const [json, message] of failures) {
    it(`fails for ${JSON.stringify(json.slice(0, 60))}, in whichever Secret it is`, () => {
      assert.throws(() => lookup("a.b/c", json), new KeyringError(`dockerConfigJsons[0]: ${message}`));
      assert.throws(() => lookup("a.b/c", good, json), new KeyringError(`dockerConfigJsons[1]: ${message}`));
    });
  }
});

describe("lookupCredentials, as kubelet answers", () => {
  interface KeyringVector {
    id?: string;
    note?: string;
    image: string;
    secrets: string[];
    imageError?: string;
    parseError?: string;
    keyringError?: string;
    credsInOrder?: string[];
    credGroups?: string[][];
  }
  const randomOrder = "duplicate names after normalisation in ONE secret (order random in Go map)";

  for (const vector of [
    ...readVectors<KeyringVector>("keyring.jsonl"),
    ...readVectors<KeyringVector>("keyring-named.jsonl"),
  ]) {
    it(vector.note ?? vector.id ?? vector.image, () => {
      const run = (): string[] => lookup(vector.image, ...vector.secrets);
      if (vector.imageError !== undefined || vector.parseError !== undefined) {
        assert.throws(run, ImageReferenceError);
      } else if (vector.keyringError !== undefined) {
        assert.throws(run, KeyringError);
      } else if (vector.secrets.some(holdsPartsOfUrl)) {
        assert.throws(run, /^KeyringError: dockerConfigJsons\[\d\]: auths\[".*[%?#@\]].*"\] has a server/);
      } else {
        assert.deepEqual(inGroups(run(), vector), expectedGroups(vector));
      }
    });
  }

  /** Whether a server holds what only parts of a URL other than host, port and path do, or a `]` of no IPv6 address. */
  function holdsPartsOfUrl(secret: string): boolean {
    const { auths } = (JSON.parse(secret || "{}") ?? {}) as { auths?: object };
    return Object.keys(auths ?? {}).some(
      (server) => /[%?#]/.test(server) || /^(https?:\/\/)?[^/[]*[@\]]/.test(server),
    );
  }

  function expectedGroups({ note, credGroups, credsInOrder = [] }: KeyringVector): string[][] {
    return (credGroups ?? (note === randomOrder ? [credsInOrder] : credsInOrder.map((one) => [one]))).map(
      (group) => group.toSorted(),
    );
  }

  function inGroups(credentials: string[], vector: KeyringVector): string[][] {
    let start = 0;
    const groups = expectedGroups(vector).map(({ length }) =>
      credentials.slice(start, (start += length)).toSorted(),
    );
    return start === credentials.length ? groups : [credentials];
  }
});
