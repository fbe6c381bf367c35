import assert from "node:assert/strict";
import {
  type Answer,
  computedDigest,
  isRedirect,
  isRegistryAnswer,
  jsonBody,
  secondsUntilRetry,
  serverMessage,
  statedDigest,
} from "../../components/registry/answer";

const hex = "a".repeat(64);
const now = Date.parse("2026-01-01T00:00:00Z");

function answer(body = "", headers: Answer["headers"] = {}): Answer {
  return { status: 200, headers, body: Buffer.from(body), truncated: false };
}

describe("isRegistryAnswer", () => {
  it("takes JSON, nothing, or anything with the header of the API's version", () => {
    assert.ok(isRegistryAnswer(answer("{}")));
    assert.ok(isRegistryAnswer(answer("")));
    assert.ok(isRegistryAnswer(answer("OK", { "docker-distribution-api-version": "registry/2.0" })));
  });

  it("does not take a web page", () => {
    assert.ok(!isRegistryAnswer(answer("<html></html>")));
    assert.ok(!isRegistryAnswer(answer('"text"')));
  });
});

describe("jsonBody and isRedirect", () => {
  it("are the JSON of the body, if it is any", () => {
    assert.deepEqual(jsonBody(answer('{"a":[1]}')), { a: [1] });
    assert.equal(jsonBody(answer("{")), undefined);
  });

  it("are for the statuses that send the client elsewhere", () => {
    const statuses = [200, 300, 301, 302, 303, 304, 305, 306, 307, 308, 309, 401];
    assert.deepEqual(
      statuses.filter((status) => isRedirect({ ...answer(), status })),
      [301, 302, 303, 307, 308],
    );
  });
});

describe("statedDigest", () => {
  it("is a well-formed digest of the algorithm", () => {
    const stated = { "docker-content-digest": `sha256:${hex}` };
    assert.equal(statedDigest(answer("", stated), "sha256"), `sha256:${hex}`);
    assert.equal(statedDigest(answer("", stated), "sha512"), undefined);
    assert.equal(statedDigest(answer("", { "docker-content-digest": "sha256:abc" }), "sha256"), undefined);
    assert.equal(statedDigest(answer(), "sha256"), undefined);
  });
});

describe("computedDigest", () => {
  const manifest = '{"schemaVersion":2}';

  it("is that of the bytes of a whole manifest", () => {
    const digest = "sha256:bafebd36189ad3688b7b3915ea55d461e0bfcfbdde11e54b0a123999fb6be50f";
    assert.equal(computedDigest(answer(manifest), "sha256"), digest);
    assert.match(computedDigest(answer(manifest), "sha512") ?? "", /^sha512:[0-9a-f]{128}$/);
  });

  it("is nothing for a part of one, or for something else", () => {
    assert.equal(computedDigest({ ...answer(manifest), truncated: true }, "sha256"), undefined);
    for (const body of ["", "<html>", "[]", "null", "{}", '{"schemaVersion":"2"}']) {
      assert.equal(computedDigest(answer(body), "sha256"), undefined);
    }
  });
});

describe("secondsUntilRetry", () => {
  const cases: [Answer["headers"], number | undefined][] = [
    [{}, undefined],
    [{ "retry-after": "0" }, 0],
    [{ "retry-after": "30" }, 30],
    [{ "retry-after": "604800" }, 604_800],
    [{ "retry-after": "604801" }, undefined],
    [{ "retry-after": "1000000000000" }, undefined],
    [{ "retry-after": "30x", "ratelimit-reset": "20" }, 20],
    [{ "retry-after": "x30", "ratelimit-reset": "20" }, 20],
    [{ "retry-after": "-30", "ratelimit-reset": "20" }, 20],
    [{ "retry-after": "2026-01-01T00:00:30Z" }, 30],
    [{ "retry-after": "Thu, 01 Jan 2026 00:01:00 GMT" }, 60],
    [{ "retry-after": "Thu, 01 Jan 2026 01:01:00 +0100" }, 60],
    [{ "retry-after": "Thu, 01 Jan 2025 00:00:00 GMT" }, undefined],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after": "soon", "ratelimit-reset": "20" }, 20],
    [{ "x-ratelimit-reset": String(now / 1000 + 90) }, 90],
    [{ "x-retry-after": ["45", "50"] }, 45],
    [{ "retry-after": "9".repeat(400) }, undefined],
    [{ "retry-after": "+275760-09-13T00:00:00.000Z" }, undefined],
  ];
  for (const [headers, seconds] of cases) {
    it(`is ${seconds ?? "unknown"} for ${JSON.stringify(headers).slice(0, 60)}`, () => {
      assert.equal(secondsUntilRetry(answer("", headers), now), seconds);
    });
  }
});

describe("serverMessage", () => {
  const cases: [string, string | undefined][] = [
    ['{"errors":[{"code":"DENIED","message":"no access"}]}', "no access"],
    ['{"errors":[{"code":"DENIED"}]}', "DENIED"],
    ['{"errors":[]}', undefined],
    ['{"errors":[null]}', undefined],
    ['{"errors":"x","message":"y"}', "y"],
    ['{"details":"incorrect username or password"}', "incorrect username or password"],
    ['{"error":"invalid_request","error_description":"no service"}', "no service"],
    ['{"message":{"a":1}}', undefined],
    ["null", undefined],
    ["<html>", undefined],
  ];
  for (const [body, message] of cases) {
    it(`is ${message ?? "nothing"} for ${body}`, () => {
      assert.equal(serverMessage(answer(body)), message);
    });
  }

  const texts: [contentType: string, body: string, message: string | undefined][] = [
    ["text/plain", "no access", "no access"],
    ["Text/Plain; charset=utf-8", "no access", "no access"],
    ["text/plain", " \n", undefined],
    ["text/plain", `${"x".repeat(4096)}y`, "x".repeat(4096)],
    ["text/plaintext", "no access", undefined],
    ["x-text/plain", "no access", undefined],
    ["text/html", "no access", undefined],
    ["text/html", "<html><title>Not found</title>", "Not found"],
    ["text/html", "<html><title> </title>", undefined],
  ];
  for (const [type, body, message] of texts) {
    it(`is ${message?.slice(0, 9) ?? "nothing"} for ${JSON.stringify(body.slice(0, 30))} as ${type}`, () => {
      assert.equal(serverMessage(answer(body, { "content-type": type })), message);
    });
  }
});
