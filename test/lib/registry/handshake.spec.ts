import assert from "node:assert/strict";
import { parseChallenges } from "../../../components/lib/registry/challenge";
import {
  basicAuthorization,
  type BearerHandshake,
  chooseHandshake,
  isTrustedRealm,
  tokenIn,
  tokenUrl,
} from "../../../components/lib/registry/handshake";
import { redirectTarget } from "../../../components/lib/registry/redirect";

function chosen(field: string) {
  return chooseHandshake(parseChallenges([field]));
}

function bearer(realm: string, service?: string): BearerHandshake {
  return { scheme: "bearer", realm: new URL(realm), service };
}

describe("chooseHandshake", () => {
  it("prefers Bearer to Basic, whatever their order", () => {
    const expected = bearer("https://auth.example.com/token", "registry");
    const offer = 'Bearer realm="https://auth.example.com/token",service=registry';
    assert.deepEqual(chosen(`Basic realm=x, ${offer}`), expected);
    assert.deepEqual(chosen(`${offer}, Basic realm=x`), expected);
  });

  it("takes Basic where Bearer is not usable, and nothing else", () => {
    assert.deepEqual(chosen('Bearer realm="/token", Basic'), { scheme: "basic" });
    assert.deepEqual(chosen("Bearer, Basic"), { scheme: "basic" });
    assert.deepEqual(chosen('Basic realm="https://auth.example.com/token"'), { scheme: "basic" });
    for (const field of ["", "Bearer", 'Bearer service="x"', "Negotiate, Digest realm=x"]) {
      assert.equal(chosen(field), undefined);
    }
  });
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
    ["data:text/plain,token", "https://registry.example.com", false],
  ];
  for (const [realm, origin, trusted] of cases) {
    it(`${trusted ? "trusts" : "does not trust"} ${realm} of ${origin}`, () => {
      assert.equal(isTrustedRealm(new URL(realm), origin), trusted);
    });
  }
});

describe("tokenUrl", () => {
  it("asks for the service and the scope, and keeps the realm's query without its user and fragment", () => {
    const url = tokenUrl(bearer("https://jane:pw@auth.example.com/token?a=b#c", "r & d"), "shop/web");
    assert.equal(
      url.href,
      "https://auth.example.com/token?a=b&service=r+%26+d&scope=repository%3Ashop%2Fweb%3Apull",
    );
  });

  it("asks for no scope when it is for the login alone", () => {
    assert.equal(tokenUrl(bearer("https://auth.example.com")).href, "https://auth.example.com/");
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
