import assert from "node:assert/strict";
import { parse } from "yaml";
import { CommandError } from "../../commands/commandError";
import { configJsonText, loginsToImport, withLogins } from "../../commands/importedLogins";

const project = "kubernetes-private-registry";
const registries = `${project}:registries`;
const stackFile = `config:
  ${project}:registries:   # logins
    - server: a.example.com   # one
      username: u
      password: { secure: v1:a }
  ${project}:namespace: shop
`;

function auth(username: string, password: string): { auth: string } {
  return { auth: Buffer.from(`${username}:${password}`).toString("base64") };
}

function configJson(auths: object, others: object = {}): string {
  return JSON.stringify({ auths, ...others });
}

describe("make import-logins", () => {
  it("takes all logins in their order, with Docker Hub in its one spelling, and not the tokens that Docker keeps for itself", () => {
    const json = configJson({
      "index.docker.io": auth("hub", "p:1"),
      "https://index.docker.io/v1/access-token": auth("hub", "token"),
      "https://index.docker.io/v1/refresh-token": auth("hub", "token"),
      "ghcr.io": { username: "123", password: "p w", email: "e@x.y" },
    });
    const logins = loginsToImport(json, stackFile, registries, "prod");
    assert.deepEqual(logins, [
      { server: "https://index.docker.io/v1/", username: "hub", password: "p:1" },
      { server: "ghcr.io", username: "123", password: "p w", email: "e@x.y" },
    ]);
    assert.equal(
      withLogins(stackFile, logins, ["v1:1", "v1:2"], registries),
      stackFile.replace(
        "v1:a }\n",
        `v1:a }
    - server: https://index.docker.io/v1/
      username: hub
      password:
        secure: v1:1
    - server: ghcr.io
      username: "123"
      password:
        secure: v1:2
      email: e@x.y
`,
      ),
    );
  });

  const files = [
    "",
    "# of nothing yet",
    "encryptionsalt: v1:x\r\n",
    "config:   # none\n# end\n",
    "config: {}\n",
    "config: { a:b: c }\n",
    `config:\n  ${project}:registries: []   # none\n  a:b: c\n`,
    `config:\n  registries: [{ server: b.c, password: { secure: v1:b } }]\n`,
  ];
  for (const text of files) {
    it(`adds to ${JSON.stringify(text)}, and keeps what is there`, () => {
      const { config = {}, ...others } = (parse(text) ?? {}) as { config?: Record<string, object[]> | null };
      const key = "registries" in (config ?? {}) ? "registries" : registries;
      const [login] = loginsToImport(configJson({ "ghcr.io": auth("u", "p") }), text, key, "prod");
      assert.ok(login);
      const after = withLogins(text, [login], ["v1:1"], key);
      const added = { server: "ghcr.io", username: "u", password: { secure: "v1:1" } };
      assert.deepEqual(parse(after), {
        ...others,
        config: { ...config, [key]: [...(config?.[key] ?? []), added] },
      });
      for (const part of text.split(/\r?\n|[[{].*$/m)) {
        assert.ok(after.includes(part), part);
      }
    });
  }

  it("reads UTF-16 and byte order marks", () => {
    const text = configJson({ "ghcr.io": auth("ü", "p") });
    const little = Buffer.from(text, "utf16le");
    const written = [
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      little,
      Buffer.from(`\ufeff${text}`, "utf16le"),
      Buffer.from(little).swap16(),
      Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
    ];
    assert.deepEqual(
      written.map(configJsonText),
      written.map(() => text),
    );
    assert.throws(() => configJsonText(Buffer.from('{"ä"}', "latin1")), /is not valid UTF-8 or UTF-16/);
  });

  const jsonKey = JSON.stringify({ type: "service_account", private_key: "canary" }, undefined, 2);
  const refused: [title: string, json: string, reason: RegExp][] = [
    [
      "logins in a credential helper",
      '{"auths":{"ghcr.io":{}},"credsStore":"desktop"}',
      /^auths\["ghcr\.io"\] keeps its logins in a credential helper \(credsStore, credHelpers\)/,
    ],
    ["no login", configJson({}), /^the config\.json has no login in auths: nothing to import\.$/],
    ["no JSON", "canary", /^docker config is not JSON/],
    [
      "nothing but Docker's tokens",
      configJson({ "https://index.docker.io/v1/access-token": auth("hub", "canary") }),
      /^docker config has no login, only tokens that Docker keeps for itself: give username and a personal access token/,
    ],
    [
      "a JSON key of several lines",
      configJson({ "gcr.io": auth("_json_key", jsonKey) }),
      /^the config\.json: 1 problem\n {2}auths\["gcr\.io"\]\.password: contains a newline: give the JSON key in one line, as `jq -c \. key\.json` prints it\.$/,
    ],
    [
      "a control character",
      configJson({ "gcr.io": auth("u", "can\u0015ary") }),
      /auths\["gcr\.io"\]\.password: contains a control character/,
    ],
    [
      "a server that the stack file has, in another spelling",
      configJson({ "https://a.example.com/v2/": auth("u", "canary") }),
      /auths\["https:\/\/a\.example\.com\/v2\/"\]: kubernetes-private-registry:registries\[0\] of the stack file is for https:\/\/a\.example\.com\/v2\/ already: take one of the two out, or change the password with `npx --no kubernetes-private-registry rotate --stack prod --server https:\/\/a\.example\.com\/v2\/`/,
    ],
    [
      "two keys that are one to kubelet",
      configJson({ "b.c": auth("u", "canary"), "https://b.c": auth("u", "canary") }),
      /auths\["https:\/\/b\.c"\]\.server: is the same key to kubelet as auths\["b\.c"\]\.server/,
    ],
    [
      "a server that matches no image, and escape sequences in it",
      configJson({ "a\u001b[2J\u009bb": auth("u", "canary") }),
      /^the config\.json: 1 problem\n {2}auths\["a\\u001b\[2J\\u009bb"\]\.server: /,
    ],
  ];
  for (const [title, json, reason] of refused) {
    it(`refuses ${title}, without a password`, () => {
      assert.throws(
        () => loginsToImport(json, stackFile, registries, "prod"),
        (error: Error) => {
          assert.ok(error instanceof CommandError);
          assert.match(error.message, reason);
          assert.doesNotMatch(error.message, /can(?:\\u0015)?ary|\p{Cc}(?<!\n)/u);
          return true;
        },
      );
    });
  }

  it("refuses registries that it can't add to", () => {
    const json = configJson({ "ghcr.io": auth("u", "p") });
    assert.throws(
      () => loginsToImport(json, `config:\n  registries:\n    secure: v1:x\n`, "registries", "prod"),
      /registries is encrypted as a whole/,
    );
  });
});
