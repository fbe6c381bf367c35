import assert from "node:assert/strict";
import fc from "fast-check";
import { leaksIn } from "./support/leaks";

const secret = 'S3cr€t "quoted" \\ back%slash';

describe("the leak scanner of the engine tests", () => {
  const planted: Record<string, string> = {
    raw: `password=${secret};`,
    "JSON-escaped": JSON.stringify({ password: secret }),
    "JSON-escaped twice": JSON.stringify(JSON.stringify({ password: secret })),
    "URL-escaped": `https://registry.example.com/?password=${encodeURIComponent(secret)}`,
    hex: Buffer.from(secret).toString("hex"),
  };

  for (const [form, text] of Object.entries(planted)) {
    it(`finds a secret that is ${form}`, () => {
      assert.ok(leaksIn(text, { secret }).includes(`secret: ${form}`));
    });
  }

  it("finds a secret in base64, whatever stands around it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ maxLength: 9 }), (before, after) => {
        const text = Buffer.concat([before, Buffer.from(secret), after]).toString("base64");
        assert.deepEqual(leaksIn(text, { secret }), [`secret: base64 at ${before.length % 3}`]);
      }),
    );
  });

  it("finds nothing in other texts", () => {
    assert.deepEqual(leaksIn(Buffer.from("another password").toString("base64"), { secret }), []);
  });
});
