import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type JsonMember,
  jsonMembers,
  NestingError,
  wellFormed,
} from "../../../components/lib/kubelet/jsonMembers";

describe("jsonMembers", () => {
  const objects: [string, JsonMember[]][] = [
    ["{}", []],
    [" { } ", []],
    ['{"a":1}', [{ name: "a", json: "1" }]],
    [
      '{"a":1,"a":2}',
      [
        { name: "a", json: "1" },
        { name: "a", json: "2" },
      ],
    ],
    [
      '{ "b" : [ 1 , {"c":"]}"} ] ,\n"1": {"d":{}},"a":"\\\\\\"," }',
      [
        { name: "b", json: '[ 1 , {"c":"]}"} ]' },
        { name: "1", json: '{"d":{}}' },
        { name: "a", json: '"\\\\\\","' },
      ],
    ],
    [String.raw`{"\u0061:\"}\ud800":null}`, [{ name: 'a:"}\ufffd', json: "null" }]],
    ['{"__proto__":true}', [{ name: "__proto__", json: "true" }]],
  ];
  for (const [json, members] of objects) {
    it(`reads ${JSON.stringify(json)}`, () => {
      assert.deepEqual(jsonMembers(json), members);
    });
  }

  for (const json of ["null", "[]", '[{"a":1}]', '"{}"', "1", "true"]) {
    it(`reads no members in ${json}`, () => {
      assert.equal(jsonMembers(json), undefined);
    });
  }

  for (const json of ["", "{", '{"a":1,}', "{'a':1}", '{"a":01}', "\ufeff{}", "{}x"]) {
    it(`throws for ${JSON.stringify(json)}`, () => {
      assert.throws(() => jsonMembers(json), SyntaxError);
    });
  }

  it("reads 10000 levels and no more", () => {
    const nested = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
    assert.equal(jsonMembers(nested(10_000))?.length, 1);
    const error = new NestingError("nested deeper than 10000 levels");
    assert.equal(error.name, "NestingError");
    assert.throws(() => jsonMembers(nested(10_001)), error);
  });

  it("reads what JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(2), (value, space) => {
        const members = jsonMembers(JSON.stringify(value, undefined, space)) ?? [];
        assert.deepEqual(
          members.map(({ name, json }) => [name, JSON.parse(json) as unknown]),
          Object.entries(JSON.parse(JSON.stringify(value)) as object),
        );
      }),
    );
  });
});

describe("wellFormed", () => {
  it("replaces halves of surrogate pairs", () => {
    assert.equal(wellFormed("\udd11a\ud83d\ud83d\udd11\ud83d"), "\ufffda\ufffd\u{1f511}\ufffd");
  });
});
