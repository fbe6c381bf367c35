import assert from "node:assert/strict";
import { isRecord, kindOf } from "../../components/lib/records";

class Registry {
  server = "quay.io";
}

describe("isRecord", () => {
  it("is so for what has its content in its members", () => {
    for (const value of [{}, { a: 1 }, Object.create(null), new Registry()]) {
      assert.equal(isRecord(value), true);
    }
  });

  it("is not so for anything else, even an object", () => {
    for (const value of [undefined, null, "a", 1, [], () => 1, new Map(), new Date(0), new Error("a")]) {
      assert.equal(isRecord(value), false);
    }
  });
});

describe("kindOf", () => {
  const kinds: [value: unknown, kind: string][] = [
    [undefined, "nothing"],
    [null, "nothing"],
    [[], "a list"],
    ["hunter2", "a string"],
    [0, "a number"],
    [false, "a boolean"],
    [{ a: 1 }, "an object"],
    [new Registry(), "an object"],
    [new Map([["password", "hunter2"]]), "an object of type Map"],
    [new Date(0), "an object of type Date"],
  ];

  it("is the type, in the terms of a config file and without the value", () => {
    for (const [value, kind] of kinds) {
      assert.equal(kindOf(value), kind);
    }
  });
});
