import assert from "node:assert/strict";
import { noneOf } from "../../../components/lib/logins/missingMembers";

describe("noneOf", () => {
  const missing: [members: string[], reason: string][] = [
    [["a", "b"], "is missing, and so is `b`: give at least one of them."],
    [["a", "b", "c"], "is missing, and so are `b` and `c`: give at least one of them."],
  ];
  for (const [members, reason] of missing) {
    it(`refuses a value without ${members.join(", ")}`, () => {
      assert.deepEqual(noneOf({ other: 1 }, members, "workloads.web"), [{ path: "workloads.web.a", reason }]);
    });
  }

  it("takes a value with one of the members, even if it is undefined", () => {
    assert.deepEqual(noneOf({ b: undefined }, ["a", "b"], ""), []);
  });

  for (const members of [undefined, []]) {
    it(`takes any value where ${JSON.stringify(members)} are asked for`, () => {
      assert.deepEqual(noneOf({}, members, ""), []);
    });
  }
});
