import assert from "node:assert/strict";
import {
  checkShape,
  isPlainShape,
  isRequiredAt,
  notYetKnown,
  type Shape,
  shapeAt,
} from "../../components/lib/shape";

const pair: Shape = { members: { a: "string", b: { integer: [0, 9] } }, required: ["a"] };

/** Refuses texts that do not begin with an a. */
function notA(text: string): string | undefined {
  return text.startsWith("a") ? undefined : "begins with no a.";
}

const either: Shape = { members: { a: "string", b: "string" }, exactlyOne: ["a", "b"] };

function nested(levels: number): unknown {
  return levels === 0 ? "x" : [nested(levels - 1)];
}

describe("checkShape", () => {
  const fitting: [value: unknown, shape: Shape][] = [
    ["text", "string"],
    ["", "string"],
    [true, "boolean"],
    [null, "anything"],
    [{ a: [1] }, "anyObject"],
    [0, { integer: [0, 9] }],
    [9, { integer: [0, 9] }],
    ["one", { oneOf: ["one", "two"] }],
    [[], { listOf: "string" }],
    [["a", "b"], { listOf: "string" }],
    [{}, { mapOf: "string" }],
    [{ constructor: "a" }, { mapOf: "string" }],
    [{ a: "text" }, pair],
    [{ a: "text", b: 1 }, pair],
    [{}, { members: { a: "string" } }],
    ["ab", { text: notA }],
    [{ ab: 1 }, { mapOf: "anything", keys: notA }],
    [{ b: "text" }, either],
    [{ x: nested(63) }, "anyObject"],
    [{ a: [null, undefined, "", false, 0], b: { c: notYetKnown } }, "anyObject"],
    [
      { a: "text", c: 1 },
      { members: { a: "string" }, mayHaveOthers: true },
    ],
    ["text", { plain: "string" }],
    [{ a: notYetKnown, b: notYetKnown }, { plain: pair }],
    [notYetKnown, "boolean"],
    [notYetKnown, pair],
  ];
  for (const [value, shape] of fitting) {
    it(`finds nothing wrong with ${JSON.stringify(value)} for ${JSON.stringify(shape)}`, () => {
      assert.deepEqual(checkShape(value, shape, "x"), []);
    });
  }

  const misshapen: [value: unknown, shape: Shape, problems: string[]][] = [
    [1, "string", ["x: is a number: give a string (write it in quotes)."]],
    [true, "string", ["x: is a boolean: give a string (write it in quotes)."]],
    [null, "string", ["x: is nothing: give a string."]],
    [["a"], "string", ["x: is a list: give a string."]],
    ["true", "boolean", ["x: is a string: give a boolean."]],
    [1, "boolean", ["x: is a number: give a boolean."]],
    ["a", "anyObject", ["x: is a string: give an object."]],
    [[], "anyObject", ["x: is a list: give an object."]],
    [-1, { integer: [0, 9] }, ["x: is -1: give a whole number from 0 to 9."]],
    [10, { integer: [0, 9] }, ["x: is 10: give a whole number from 0 to 9."]],
    [0.5, { integer: [0, 9] }, ["x: is 0.5: give a whole number from 0 to 9."]],
    ["1", { integer: [0, 9] }, ["x: is a string: give a whole number from 0 to 9."]],
    [3, { oneOf: ["one", "two"] }, ["x: is a number: give one of one, two."]],
    ["tow", { oneOf: ["one", "two"] }, ['x: is "tow" (did you mean "two"?): give one of one, two.']],
    ["else", { oneOf: ["one", "two"] }, ['x: is "else": give one of one, two.']],
    [{ a: 1 }, { listOf: "string" }, ["x: is an object: give a list."]],
    [
      ["a", 1, null],
      { listOf: "string" },
      ["x[1]: is a number: give a string (write it in quotes).", "x[2]: is nothing: give a string."],
    ],
    [[], { mapOf: "string" }, ["x: is a list: give an object."]],
    [
      { a: null, "b c": null },
      { mapOf: "string" },
      ["x.a: is nothing: give a string.", 'x["b c"]: is nothing: give a string.'],
    ],
    ["b", { text: notA }, ["x: begins with no a."]],
    [1, { text: notA }, ["x: is a number: give a string (write it in quotes)."]],
    [
      { b: 1 },
      { mapOf: "string", keys: notA },
      ["x.b: the key begins with no a.", "x.b: is a number: give a string (write it in quotes)."],
    ],
    [{}, either, ["x: has 0 of a, b: give one of them."]],
    [{ a: "", b: "" }, either, ["x: has 2 of a, b: give one of them."]],
    [{ x: nested(64) }, "anyObject", ["x: is nested deeper than 64 levels."]],
    [{ a: null, b: [], x: nested(64) }, "anyObject", ["x: is nested deeper than 64 levels."]],
    [1, { plain: "string" }, ["x: is a number: give a string (write it in quotes)."]],
    ["a", pair, ["x: is a string: give an object."]],
    [{}, pair, ["x.a: is missing."]],
    [
      { b: 10, c: 1 },
      pair,
      [
        'x.c: is not a known name (did you mean "a"?). Expected one of: a, b.',
        "x.a: is missing.",
        "x.b: is 10: give a whole number from 0 to 9.",
      ],
    ],
  ];
  for (const [value, shape, problems] of misshapen) {
    it(`says what is wrong with ${JSON.stringify(value)} for ${JSON.stringify(shape)}`, () => {
      assert.deepEqual(
        checkShape(value, shape, "x").map(({ path, reason }) => `${path}: ${reason}`),
        problems,
      );
    });
  }

  it("does not take an inherited member for a given one", () => {
    const text: Shape = "string";
    const shape: Shape = { members: { toString: text }, required: ["toString"] };
    assert.deepEqual(checkShape({}, shape, ""), [{ path: "toString", reason: "is missing." }]);
  });

  it("checks a map's item under the key __proto__", () => {
    assert.deepEqual(checkShape(JSON.parse('{"__proto__":1}'), { mapOf: "boolean" }, "x"), [
      { path: "x.__proto__", reason: "is a number: give a boolean." },
    ]);
  });
});

describe("checkShape, of an object for a manifest", () => {
  it("names each value that a manifest can't hold", () => {
    const value = { a: [0, NaN], b: { "c d": Infinity }, run: () => 1, map: new Map(), big: 1n };
    const hint = "give an object, a list, a string, a number or a boolean.";
    assert.deepEqual(checkShape(value, "anyObject", "x"), [
      { path: "x.a[1]", reason: `is NaN: ${hint}` },
      { path: 'x.b["c d"]', reason: `is Infinity: ${hint}` },
      { path: "x.run", reason: `is a function: ${hint}` },
      { path: "x.map", reason: `is an object of type Map: ${hint}` },
      { path: "x.big", reason: `is a bigint: ${hint}` },
    ]);
  });
});

describe("checkShape, of a value that is not yet known where it must be", () => {
  const plainValue = "give a plain value, because it decides what is created.";
  const hints: [shape: Shape, hint: string][] = [
    ["string", plainValue],
    [{ listOf: "string" }, plainValue],
    [{ mapOf: "string" }, plainValue],
    [pair, "give a plain object, whose members may be Outputs."],
  ];
  for (const [shape, hint] of hints) {
    it(`asks for a plain ${JSON.stringify(shape)}`, () => {
      assert.deepEqual(checkShape(notYetKnown, { plain: shape }, "x"), [
        { path: "x", reason: `is an Output: ${hint}` },
      ]);
    });
  }
});

describe("the shape of a member", () => {
  const members: [shape: Shape, key: string, inner: Shape, isRequired: boolean][] = [
    ["string", "0", "anything", false],
    ["anyObject", "a", "anything", false],
    [{ integer: [0, 9] }, "a", "anything", false],
    [{ listOf: "boolean" }, "0", "boolean", true],
    [{ mapOf: "boolean" }, "a", "boolean", false],
    [pair, "a", "string", true],
    [pair, "b", { integer: [0, 9] }, false],
    [pair, "c", "anything", false],
    [pair, "constructor", "anything", false],
    [either, "a", "string", false],
    [{ members: { logins: "anything" } }, "logins", "anything", true],
    [{ plain: pair }, "a", "string", true],
    [{ plain: { listOf: pair } }, "0", pair, true],
    [{ plain: { mapOf: pair } }, "a", pair, false],
  ];
  for (const [shape, key, inner, isRequired] of members) {
    it(`${key} of ${JSON.stringify(shape)} is ${JSON.stringify(inner)}${isRequired ? ", required" : ""}`, () => {
      assert.deepEqual(shapeAt(shape, key), inner);
      assert.equal(isRequiredAt(shape, key), isRequired);
    });
  }
});

describe("isPlainShape", () => {
  it("is true of a plain shape alone, whatever is in it", () => {
    assert.deepEqual(
      ([{ plain: "string" }, "string", pair, { listOf: { plain: "string" } }] as Shape[]).map(isPlainShape),
      [true, false, false, false],
    );
  });
});
