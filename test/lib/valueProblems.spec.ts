import assert from "node:assert/strict";
import type { Shape } from "../../components/lib/shape";
import { resolvedProblems, valueProblems } from "../../components/lib/valueProblems";

const shape: Shape = {
  members: { a: "string", list: { listOf: { members: { b: "string" } } } },
  required: ["a"],
};

describe("resolvedProblems", () => {
  const problemsOf = (value: unknown, isRequired = false): string[] =>
    resolvedProblems(value, { path: "x", shape, isRequired }).map(({ path, reason }) => `${path}: ${reason}`);

  it("takes undefined for a value that is not given", () => {
    assert.deepEqual(problemsOf(undefined, true), ["x: is missing."]);
    assert.deepEqual(problemsOf(undefined), []);
  });

  const values: [what: string, value: unknown, problems: string[]][] = [
    ["a value that fits", { a: "text", list: [{ b: "text" }] }, []],
    [
      "undefined members, at any depth",
      { a: "text", list: [{ b: undefined, c: undefined }], d: undefined },
      [],
    ],
    ["an undefined member that is required", { a: undefined }, ["x.a: is missing."]],
    ["an undefined item", { a: "text", list: [undefined] }, ["x.list[0]: is nothing: give an object."]],
    ["null", null, ["x: is nothing: give an object."]],
    ["a Map", new Map(), ["x: is an object of type Map: give an object."]],
    [
      "members of a wrong kind",
      { a: 1, list: [{ b: null }] },
      ["x.a: is a number: give a string (write it in quotes).", "x.list[0].b: is nothing: give a string."],
    ],
  ];
  for (const [what, value, problems] of values) {
    it(`finds ${problems.length === 0 ? "nothing wrong" : "what is wrong"} with ${what}`, () => {
      assert.deepEqual(problemsOf(value), problems);
      assert.deepEqual(problemsOf(value, true), problems);
    });
  }
});

describe("valueProblems", () => {
  const throwing = {
    get a(): string {
      throw new Error("no\nconnection");
    },
  };
  const checked: [value: unknown, path: string, shownPath: string, reason: string][] = [
    [throwing, "", "arguments", "could not be checked: no connection"],
    [throwing, "x", "x", "could not be checked: no connection"],
    [{}, "", "a", "is missing."],
    [{}, "x", "x.a", "is missing."],
  ];
  for (const [value, path, shownPath, reason] of checked) {
    it(`reports, with the path ${JSON.stringify(path)}: ${shownPath} ${reason}`, () => {
      assert.deepEqual(valueProblems(value, shape, path), [{ path: shownPath, reason }]);
    });
  }
});
