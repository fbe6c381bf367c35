import assert from "node:assert/strict";
import { notKnown } from "../../components/lib/served/known";
import { knownValues } from "../../policy/knownValues";
import { policyProps, unknownText } from "../support/policyProps";

describe("knownValues", () => {
  it("copies the properties that the SDK gives, and marks what is not known", () => {
    const given = policyProps({
      metadata: { name: unknownText, labels: { app: "web" } },
      list: [1, unknownText, { name: "a" }, null, true],
      whole: unknownText,
    });
    assert.deepEqual(knownValues(given), {
      metadata: { name: notKnown, labels: { app: "web" } },
      list: [1, notKnown, { name: "a" }, null, true],
      whole: notKnown,
    });
  });

  it("copies members with the names of inherited ones", () => {
    const given = JSON.parse('{"__proto__":{"polluted":true},"constructor":"x"}') as unknown;
    const copy = knownValues(given) as object;
    assert.deepEqual(Object.entries(copy), Object.entries(given as object));
    assert.equal(Object.getPrototypeOf(copy), Object.prototype);
  });

  it("leaves what is no object as it is", () => {
    for (const value of [undefined, null, 1, "text", true]) {
      assert.equal(knownValues(value), value);
    }
  });

  it("does not take another error for a value that is not known", () => {
    const failing = {
      get name(): string {
        throw new TypeError("broken");
      },
    };
    assert.throws(() => knownValues(failing), /^TypeError: broken$/);
  });
});
