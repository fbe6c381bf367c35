import assert from "node:assert/strict";
import {
  decodeDockerConfigJson,
  DockerConfigError,
  dockerConfigLogins,
  encodeDockerConfigJson,
  type RegistryLogin,
} from "../../../components/lib/kubelet/dockerConfigJson";
import { readVectorFile, readVectors } from "../../support/data/vectors";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("encodeDockerConfigJson", () => {
  const login = { server: "registry.example.com", username: "janedoe", password: "hunter2" };

  it("writes the logins in the order of the servers' UTF-8 bytes", () => {
    const servers = ["\u{1f511}", "\uffee", "b", "a.b", "10", "9", "__proto__", "a"];
    const json = encodeDockerConfigJson(servers.map((server) => ({ ...login, server })));
    const entry = '{"username":"janedoe","password":"hunter2","auth":"amFuZWRvZTpodW50ZXIy"}';
    const inOrder = ["10", "9", "__proto__", "a", "a.b", "b", "\uffee", "\u{1f511}"];
    assert.equal(json, `{"auths":{${inOrder.map((server) => `"${server}":${entry}`).join(",")}}}`);
  });

  it("writes no logins", () => {
    assert.equal(encodeDockerConfigJson([]), '{"auths":{}}');
  });

  it("writes only what a docker config has", () => {
    const more: RegistryLogin = { ...login, email: "j@e.com", ...{ expiresAt: "2030-01-01T00:00:00Z" } };
    assert.equal(
      encodeDockerConfigJson([more]),
      '{"auths":{"registry.example.com":{"username":"janedoe","password":"hunter2","email":"j@e.com","auth":"amFuZWRvZTpodW50ZXIy"}}}',
    );
  });

  const refused: [RegistryLogin[], string][] = [
    [[{ ...login, server: "" }], "logins[0].server is empty: give server, username and password."],
    [[login, { ...login, username: "" }], "logins[1].username is empty: give server, username and password."],
    [[{ ...login, password: "" }], "logins[0].password is empty: give server, username and password."],
    [
      [{ server: login.server, username: "janedoe" } as RegistryLogin],
      "logins[0].password is empty: give server, username and password.",
    ],
    [
      [{ ...login, server: "\ud83d" }],
      "logins[0].server contains half of a surrogate pair: give Unicode text.",
    ],
    [
      [{ ...login, username: "a\udd11" }],
      "logins[0].username contains half of a surrogate pair: give Unicode text.",
    ],
    [
      [{ ...login, password: "\ud83da" }],
      "logins[0].password contains half of a surrogate pair: give Unicode text.",
    ],
    [
      [{ ...login, email: "\ud83d" }],
      "logins[0].email contains half of a surrogate pair: give Unicode text.",
    ],
    [
      [login, { ...login, server: "a.b" }, { ...login, password: "other" }],
      'logins[2].server is "registry.example.com", the same as in an earlier login: keep one of the two.',
    ],
  ];
  for (const [logins, message] of refused) {
    it(`refuses: ${message}`, () => {
      assert.throws(() => encodeDockerConfigJson(logins), { name: "DockerConfigError", message });
    });
  }

  interface KubectlVector {
    id?: string;
    input: { username: string; password: string; email?: string; server?: string };
    dockerconfigjson?: string;
    error?: string;
  }
  const named = JSON.parse(readVectorFile("kubectl-named.json")) as { cases: KubectlVector[] };
  for (const { id, input, dockerconfigjson } of [
    ...readVectors<KubectlVector>("kubectl.jsonl"),
    ...named.cases,
  ]) {
    it(`agrees with kubectl on ${id ?? JSON.stringify(input).slice(0, 60)}`, () => {
      const logins = [{ server: "https://index.docker.io/v1/", ...input }];
      if (dockerconfigjson === undefined) {
        assert.throws(() => encodeDockerConfigJson(logins), DockerConfigError);
      } else {
        assert.equal(encodeDockerConfigJson(logins), dockerconfigjson);
      }
    });
  }
});

describe("decodeDockerConfigJson", () => {
  const read: [string, string, RegistryLogin[]][] = [
    [
      "username, password and email",
      '{"auths":{"a.b":{"username":"u","password":"p","email":"e"}}}',
      [{ server: "a.b", username: "u", password: "p", email: "e" }],
    ],
    [
      "auth before username and password",
      `{"auths":{"a.b":{"username":"x","password":"y","auth":"${base64("u:p:q")}"}}}`,
      [{ server: "a.b", username: "u", password: "p:q" }],
    ],
    [
      "what docker login writes, in the order of the text",
      `{"auths":{"b":{"auth":"${base64("u:é")}"},"10":{"auth":"${base64("v:q")}"}},"credsStore":"desktop","HttpHeaders":{"User-Agent":"x"}}`,
      [
        { server: "b", username: "u", password: "é" },
        { server: "10", username: "v", password: "q" },
      ],
    ],
    [
      "servers of whatever name",
      '{"auths":{"__proto__":{"username":"u","password":"p"},"constructor":{"username":"v","password":"q"}}}',
      [
        { server: "__proto__", username: "u", password: "p" },
        { server: "constructor", username: "v", password: "q" },
      ],
    ],
    [
      "a login beside the tokens that Docker keeps for itself, without these",
      `{"auths":{"https://index.docker.io/v1/":{"auth":"${base64("u:p")}"},"https://index.docker.io/v1/access-token":{"auth":"${base64("u:a")}"},"https://index.docker.io/v1/refresh-token":{"auth":"${base64("u:r")}"}}}`,
      [{ server: "https://index.docker.io/v1/", username: "u", password: "p" }],
    ],
    ["no login", '{"auths":{}}', []],
  ];
  for (const [title, json, logins] of read) {
    it(`reads ${title}`, () => {
      assert.deepEqual(decodeDockerConfigJson(json), logins);
    });
  }

  const helper =
    "keeps its logins in a credential helper (credsStore, credHelpers), which kubelet can't ask: give username and password, as `docker-credential-<helper> get` prints them.";
  const noAuths =
    'docker config has no auths: give {"auths":{"<server>":{"username":"...","password":"..."}}}.';
  const noBase64 =
    'auths["a.b"].auth is not base64 (letters, digits, "+" and "/"): give the base64 of username:password.';
  const noColon = 'auths["a.b"].auth has no colon when decoded: give the base64 of username:password.';
  const noJson = "docker config is not JSON: give the text of a Docker config.json.";
  const isBase64 = "docker config is base64, as the data of a Secret is shown: decode it first.";
  const noLogin = 'auths["a.b"] has no login: give username and password, or auth.';
  const refused: [string, string][] = [
    ["", noJson],
    ["hunter2", noJson],
    ["{'auths':{}}", noJson],
    [base64("no JSON"), noJson],
    [base64('{"auths":{}}'), isBase64],
    [`${base64(`\n{"auths":{"a.b":{"auth":"${base64("u:p")}"}}}`).slice(0, 20)}\n`, isBase64],
    ["[]", "docker config is a list: give an object."],
    ['"x"', "docker config is a string: give an object."],
    ["null", noAuths],
    ["{}", noAuths],
    ['{"auth":{"a.b":{}}}', noAuths],
    ['{"auths":null}', noAuths],
    ['{"auths":{"a.b":{"username":"u","password":"p"}},"auths":null}', noAuths],
    [
      '{"auths":{"https://index.docker.io/v1/access-token":{"auth":"YTpi"}}}',
      "docker config has no login, only tokens that Docker keeps for itself: give username and a personal access token for https://index.docker.io/v1/.",
    ],
    [
      '\ufeff{"auths":{}}',
      "docker config begins with a byte order mark, which kubelet can't read: save it as UTF-8 without one.",
    ],
    ...(["utf16le", "latin1"] as const).map((encoding): [string, string] => [
      // What is left of UTF-16, with and without its mark, where it was read as UTF-8.
      Buffer.from(encoding === "latin1" ? "\xff\xfe{\0}\0" : '{"auths":{}}', encoding).toString(),
      "docker config is UTF-16, as Windows PowerShell writes files: save it as UTF-8.",
    ]),
    ['{"credsStore":"desktop"}', `docker config ${helper}`],
    ['{"auths":{},"credHelpers":{"a.b":"ecr-login"}}', `docker config ${helper}`],
    ['{"auths":{"a.b":{}},"credsStore":"desktop"}', `auths["a.b"] ${helper}`],
    [
      `{"a.b":{"auth":"${base64("u:p")}"}}`,
      'docker config is an old .dockercfg, without auths: give {"auths":...} with all of it inside.',
    ],
    [
      '{"a.b":{"username":"u","password":"p"}}',
      'docker config is an old .dockercfg, without auths: give {"auths":...} with all of it inside.',
    ],
    ['{"auths":{"a.b":{}}}', noLogin],
    ['{"auths":{"a.b":null}}', noLogin],
    [`{"auths":{"a.b":{"auth":"${base64(":")}"}}}`, noLogin],
    [
      '{"auths":{"a.b":{"username":"u"}}}',
      'auths["a.b"] has no password: kubelet would try the login without it.',
    ],
    [
      '{"auths":{"a.b":{"password":"p"}}}',
      'auths["a.b"] has no username: kubelet would try the login without it.',
    ],
    [
      `{"auths":{"a.b":{"identitytoken":"t","auth":"${base64("u:")}"}},"credsStore":"desktop"}`,
      'auths["a.b"] has an identity token, which kubelet ignores: give username and password, such as an access token of the registry.',
    ],
    ['{"auths":{"a.b":{"auth":"hunter2!"}}}', noBase64],
    ['{"auths":{"a.b":{"auth":"dTr__vs-"}}}', noBase64],
    ['{"auths":{"a.b":{"auth":"dTpwdw="}}}', noBase64],
    [`{"auths":{"a.b":{"auth":"${base64("hunter2")}"}}}`, noColon],
    [
      `{"auths":{"a.b":{"auth":"${Buffer.from("u:\xe9", "latin1").toString("base64")}"}}}`,
      'auths["a.b"] has an auth that is not UTF-8 when decoded: give the base64 of username:password in UTF-8.',
    ],
    ['{"auths":[]}', "auths is a list: give an object."],
    ['{"auths":{"a.b":"dTpw"}}', 'auths["a.b"] is a string: give an object.'],
    ['{"auths":{"a.b":{"email":1}}}', 'auths["a.b"].email is a number: give a string.'],
    ['{"auths":{"localhost":{"auth":["dTpw"]}}}', "auths.localhost.auth is a list: give a string."],
    ['{"auths":{},"HttpHeaders":"x"}', "HttpHeaders is a string: give an object."],
    ['{"auths":{},"HttpHeaders":{"X-Meta":true}}', "HttpHeaders.X-Meta is a boolean: give a string."],
    [
      '{"auths":{"https://u:hunter2@a.b/c":{}}}',
      'auths["...@a.b/c"] has no login: give username and password, or auth.',
    ],
    ['{"auths":{"a.b/c@d":{}}}', 'auths["...@d"] has no login: give username and password, or auth.'],
  ];
  for (const [json, message] of refused) {
    it(`refuses ${json.slice(0, 60)}`, () => {
      assert.throws(() => decodeDockerConfigJson(json), { name: "DockerConfigError", message });
    });
  }
});

describe("dockerConfigLogins", () => {
  it("has no logins of a text in another encoding", () => {
    const { logins, errors } = dockerConfigLogins('\ufeff{"auths":{"a.b":{"auth":"dTpw"}}}');
    assert.deepEqual(logins, []);
    assert.equal(errors.length, 1);
  });

  for (const [what, wrong] of Object.entries({ "can't be read": { auth: "!" }, "have no login": {} })) {
    it(`stops after the first hundred servers that ${what}`, () => {
      const auths = Object.fromEntries(Array.from({ length: 102 }, (_, index) => [`r${index}.io`, wrong]));
      const { errors } = dockerConfigLogins(JSON.stringify({ auths }));
      assert.equal(errors.length, 100);
      assert.match(errors[99]?.message ?? "", /^auths\["r99\.io"\]/);
    });
  }
});
