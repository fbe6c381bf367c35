import assert from "node:assert/strict";
import fc from "fast-check";
import { mergeByName } from "../../components/lib/mergeByName";

describe("mergeByName", () => {
  const merges: [title: string, base: unknown, patch: unknown, merged: unknown][] = [
    ["replaces a value", 1, 2, 2],
    ["replaces a value by null", 1, null, null],
    ["keeps what is not patched", 1, undefined, 1],
    ["adds members", { a: 1 }, { b: 2 }, { a: 1, b: 2 }],
    ["replaces members, and keeps their order", { a: 1, b: 1 }, { b: 2, a: 3 }, { a: 3, b: 2 }],
    ["merges objects in objects", { a: { b: 1, c: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
    ["keeps a member that is patched by undefined", { a: 1 }, { a: undefined }, { a: 1 }],
    ["replaces an object by a list", { a: 1 }, [1], [1]],
    ["replaces a list without names", [1, 2], [3], [3]],
    ["replaces a list by one without names", [{ name: "a" }], [1], [1]],
    [
      "replaces a list of which one item has no name",
      [{ name: "a" }, {}],
      [{ name: "a", x: 1 }],
      [{ name: "a", x: 1 }],
    ],
    ["replaces a list whose names are no texts", [{ name: 1 }], [{ name: 2 }], [{ name: 2 }]],
    [
      "merges named items in the place of the first, and adds others at the end",
      [
        { name: "a", x: 1 },
        { name: "b", x: 1 },
      ],
      [
        { name: "c", x: 2 },
        { name: "b", y: 2 },
      ],
      [
        { name: "a", x: 1 },
        { name: "b", x: 1, y: 2 },
        { name: "c", x: 2 },
      ],
    ],
    ["keeps named items that an empty list patches", [{ name: "a" }], [], [{ name: "a" }]],
    [
      "merges the items of an item",
      [{ name: "a", env: [{ name: "X", value: "1" }] }],
      [{ name: "a", env: [{ name: "X", value: "2" }] }],
      [{ name: "a", env: [{ name: "X", value: "2" }] }],
    ],
  ];
  for (const [title, base, patch, merged] of merges) {
    it(title, () => {
      assert.deepEqual(mergeByName(base, patch), merged);
    });
  }

  it("does not look into objects of classes", () => {
    const date = new Date(0);
    const merged = mergeByName({ a: { b: 1 } }, { a: date }) as { a: unknown };
    assert.equal(merged.a, date);
  });

  it("replaces objects of classes as a whole", () => {
    assert.deepEqual(mergeByName(new Date(0), { a: 1 }), { a: 1 });
  });

  it("merges objects without prototype", () => {
    const patch = Object.assign(Object.create(null) as object, { b: 2 });
    assert.deepEqual(mergeByName({ a: 1 }, patch), { a: 1, b: 2 });
  });

  it("takes no inherited member for one of the base", () => {
    assert.deepEqual(mergeByName({}, { toString: undefined }), { toString: undefined });
  });

  it("sets no prototype", () => {
    const patch = JSON.parse('{"__proto__":{"polluted":true}}') as object;
    const merged = mergeByName({ a: 1 }, patch) as object;
    assert.equal(Object.getPrototypeOf(merged), Object.prototype);
    assert.deepEqual(Object.keys(merged), ["a", "__proto__"]);
    assert.equal("polluted" in {}, false);
  });

  const named = fc.uniqueArray(
    fc.record(
      { name: fc.constantFrom("a", "b", "c"), x: fc.jsonValue() },
      { requiredKeys: ["name"], noNullPrototype: true },
    ),
    { selector: ({ name }) => name },
  );
  const value = fc.oneof(
    fc.jsonValue(),
    named,
    fc.dictionary(fc.constantFrom("a", "b"), named, { noNullPrototype: true }),
  );

  it("changes nothing when a value patches itself", () => {
    fc.assert(
      fc.property(value, (base) => {
        assert.deepEqual(mergeByName(base, base), base);
      }),
    );
  });

  it("changes nothing when a patch is repeated", () => {
    fc.assert(
      fc.property(value, value, (base, patch) => {
        const once = mergeByName(base, patch);
        assert.deepEqual(mergeByName(once, patch), once);
      }),
    );
  });

  it("leaves base and patch as they were", () => {
    fc.assert(
      fc.property(value, value, (base, patch) => {
        const before = structuredClone([base, patch]);
        mergeByName(base, patch);
        assert.deepEqual([base, patch], before);
      }),
    );
  });
});
