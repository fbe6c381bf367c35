import assert from "node:assert/strict";
import { jsonTextOf, parsedJson } from "../../../components/lib/logins/jsonText";

describe("jsonTextOf", () => {
  it("writes an object as JSON", () => {
    assert.equal(jsonTextOf({ auths: {} }), '{"auths":{}}');
  });

  for (const value of ['{"auths":{}}', ["a"], null, undefined, 7]) {
    it(`leaves ${JSON.stringify(value)} as it is`, () => {
      assert.equal(jsonTextOf(value), value);
    });
  }

  it("leaves an object as it is that is nested too deeply to be written", () => {
    let deep = {};
    for (let level = 0; level < 50_000; level += 1) {
      deep = { deep };
    }
    assert.ok(jsonTextOf(deep) === deep);
  });
});

describe("parsedJson", () => {
  it("reads JSON", () => {
    assert.deepEqual(parsedJson('{"a":[1]}'), { a: [1] });
  });

  it("is undefined for another text", () => {
    assert.equal(parsedJson("{a:1}"), undefined);
  });
});
