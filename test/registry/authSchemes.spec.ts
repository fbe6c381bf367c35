import assert from "node:assert/strict";
import { parseChallenges } from "../../components/registry/challenge";
import {
  basicAuthorization,
  type BearerHandshake,
  chooseHandshake,
  isTrustedRealm,
  joinScopes,
  pullScope,
  tokenIn,
  tokenUrl,
} from "../../components/registry/authSchemes";
import { redirectTarget } from "../../components/registry/answer";

function chosen(field: string) {
  return chooseHandshake(parseChallenges([field]), "http://registry.example.com:5000");
}

function bearer(realm: string, service?: string, scopes: string[] = []): BearerHandshake {
  return { scheme: "bearer", realm: new URL(realm), service, scopes };
}

describe("chooseHandshake", () => {
  it("prefers Bearer to Basic, whatever their order", () => {
    const expected = bearer("https://auth.example.com/token", "registry");
    const offer = 'Bearer realm="https://auth.example.com/token",service=registry';
    assert.deepEqual(chosen(`Basic realm=x, ${offer}`), expected);
    assert.deepEqual(chosen(`${offer}, Basic realm=x`), expected);
  });

  it("takes Basic where no Bearer is offered, and nothing else", () => {
    assert.deepEqual(chosen("Negotiate, Basic"), { scheme: "basic" });
    assert.deepEqual(chosen('Basic realm="https://auth.example.com/token"'), { scheme: "basic" });
    for (const field of ["", "Negotiate, Digest realm=x"]) {
      assert.equal(chosen(field), undefined);
    }
  });

  it("has the scopes of the challenge, and a realm without its user and fragment", () => {
    assert.deepEqual(
      chosen('Bearer realm="https://jane:pw@auth.example.com/token?a=b#c",service="s",scope="one  two"'),
      bearer("https://auth.example.com/token?a=b", "s", ["one", "two"]),
    );
  });

  it("takes the first Bearer whose realm can be used", () => {
    assert.deepEqual(
      chosen('Bearer realm="/token", Bearer realm="https://auth.example.com/token"'),
      bearer("https://auth.example.com/token"),
    );
  });

  // As containerd, which does not pull with Basic either where Bearer is offered.
  const unusable = [
    "Bearer",
    'Bearer service="x"',
    'Bearer realm="/token", Basic',
    "Bearer realm=https://auth.example.com/token, Basic",
    'Bearer realm="auth.example.com/token"',
    'Bearer realm="//auth.example.com/token"',
    'Bearer realm="https:auth.example.com/token"',
    'Bearer realm="https:/auth.example.com/token"',
    'Bearer realm="https:///auth.example.com/token"',
    'Bearer realm="https:auth.example.com/token?https://auth.example.com"',
    'Bearer realm=" https://auth.example.com/token"',
    'Bearer realm=" http://auth.example.com/token"',
    'Bearer realm="https://auth.example.com\\\\@evil.test/token"',
    'Bearer realm="https://auth.example.com/to ken"',
    'Bearer realm="https://auth.example.com:port/token"',
    'Bearer realm="https://"',
    'Bearer realm="https://b\u00fccher.example/token"',
  ];
  for (const field of unusable) {
    it(`refuses a realm that is no whole URL: ${field}`, () => {
      const handshake = chosen(field);
      assert.ok(handshake?.scheme === "refused");
      assert.equal(handshake.problem, "unusable");
    });
  }

  it("has the realm that it refuses, which is empty where there is none", () => {
    const refused = { scheme: "refused", problem: "unusable" };
    assert.deepEqual(chosen("Bearer"), { ...refused, realm: "" });
    assert.deepEqual(chosen('Bearer realm="/token"'), { ...refused, realm: "/token" });
  });

  it("takes a realm without TLS at the origin of a registry without TLS", () => {
    const realm = "http://registry.example.com:5000/token";
    assert.deepEqual(chosen(`Bearer realm="${realm}"`), bearer(realm));
  });

  const insecure: [realm: string, shown: string][] = [
    ["http://auth.example.com/token", "auth.example.com"],
    ["http://jane:pw@auth.example.com/token", "auth.example.com"],
    ["http://registry.example.com/token", "registry.example.com"],
    ["blob:https://registry.example.com/x", "blob:"],
    ["blob:http://registry.example.com:5000/x", "blob:"],
    ["ftp://registry.example.com/token", "registry.example.com"],
    ["ws://registry.example.com:5000/token", "registry.example.com:5000"],
    ["wss://registry.example.com/token", "registry.example.com"],
    ["file:///etc/passwd", "file:"],
    ["data:text/plain,token", "data:"],
    ["javascript:alert(1)", "javascript:"],
    ["filesystem:https://registry.example.com/x", "filesystem:"],
  ];
  for (const [realm, shown] of insecure) {
    it(`refuses a realm that gets no password: ${realm}`, () => {
      const expected = { scheme: "refused", problem: "insecure", realm: shown };
      assert.deepEqual(chosen(`Bearer realm="${realm}", Basic`), expected);
    });
  }
});

describe("isTrustedRealm", () => {
  const cases: [string, string, boolean][] = [
    ["https://auth.example.com/token", "https://registry.example.com", true],
    ["https://auth.example.com/token", "http://registry.example.com", true],
    ["http://registry.example.com/token", "http://registry.example.com", true],
    ["http://registry.example.com/token", "https://registry.example.com", false],
    ["http://registry.example.com:81/token", "http://registry.example.com", false],
    ["http://auth.example.com/token", "http://registry.example.com", false],
    ["ftp://registry.example.com/token", "https://registry.example.com", false],
    ["blob:https://registry.example.com/x", "https://registry.example.com", false],
    ["blob:http://registry.example.com/x", "http://registry.example.com", false],
    ["data:text/plain,token", "null", false],
  ];
  for (const [realm, origin, trusted] of cases) {
    it(`${trusted ? "trusts" : "does not trust"} ${realm} of ${origin}`, () => {
      assert.equal(isTrustedRealm(new URL(realm), origin), trusted);
    });
  }
});

describe("tokenUrl", () => {
  it("asks for the service and each scope, and keeps the realm's query", () => {
    const url = tokenUrl(bearer("https://auth.example.com/token?a=b", "r & d"), [
      pullScope("shop/web"),
      "x:y:z",
    ]);
    assert.equal(
      url.href,
      "https://auth.example.com/token?a=b&service=r+%26+d&scope=repository%3Ashop%2Fweb%3Apull&scope=x%3Ay%3Az",
    );
  });

  it("asks for no scope when it is for the login alone", () => {
    assert.equal(tokenUrl(bearer("https://auth.example.com")).href, "https://auth.example.com/");
  });
});

describe("joinScopes", () => {
  it("has each scope once, in order", () => {
    assert.deepEqual(joinScopes(["c", "a"], ["b", "c"]), ["a", "b", "c"]);
  });
});

describe("tokenIn", () => {
  it("finds token and access_token", () => {
    assert.equal(tokenIn({ token: "a.long~token", access_token: "b" }), "a.long~token");
    assert.equal(tokenIn({ access_token: "b" }), "b");
    assert.equal(tokenIn({ token: "", access_token: "b" }), "b");
  });

  it("finds nothing that can't go into a header", () => {
    for (const answer of [
      undefined,
      null,
      7,
      "a",
      [],
      {},
      { token: 7 },
      { token: "a\r\nx: y" },
      { token: "ä" },
    ]) {
      assert.equal(tokenIn(answer), undefined);
    }
  });
});

describe("basicAuthorization", () => {
  it("is UTF-8 in base64, with the password's colons", () => {
    const header = basicAuthorization({ username: "jane", password: "pä:ß" });
    assert.equal(header, "Basic amFuZTpww6Q6w58=");
  });
});

describe("redirectTarget", () => {
  const from = new URL("http://registry.example.com/v2/");
  const cases: [string | undefined, string | undefined][] = [
    [undefined, undefined],
    ["/elsewhere", "http://registry.example.com/elsewhere"],
    ["https://cdn.example.com/x", "https://cdn.example.com/x"],
    ["https://jane:pw@cdn.example.com/x", "https://cdn.example.com/x"],
    ["http://cdn.example.com/x", undefined],
    ["//cdn.example.com/x", undefined],
    ["http://registry.example.com:81/x", undefined],
    ["file:///etc/passwd", undefined],
    ["http://[", undefined],
  ];
  for (const [location, target] of cases) {
    it(`is ${target ?? "nothing"} for ${location ?? "no Location"}`, () => {
      assert.equal(redirectTarget(from, location)?.href, target);
    });
  }
});
