import assert from "node:assert/strict";
import { asPreflightError, PreflightError, PreflightReason } from "../../components/registry/preflightError";

describe("PreflightError", () => {
  const subjects: [image: string, shown: string][] = [
    ["web:v1", "web:v1"],
    ["r.example.com:5000/web:v1", "r.example.com:5000/web:v1"],
    ["jane:c4n4ry@r.example.com/web:v1", "...@r.example.com/web:v1"],
  ];
  for (const [image, shown] of subjects) {
    it(`concerns the image ${image} as ${shown}`, () => {
      const registry = "jane:c4n4ry@r.example.com";
      const error = new PreflightError(PreflightReason.NotFound, { registry, image }, "m");
      assert.deepEqual([error.registry, error.image], ["r.example.com", shown]);
    });
  }
});

describe("asPreflightError", () => {
  it("keeps a PreflightError as it is", () => {
    const error = new PreflightError(PreflightReason.Tls, { registry: "r" }, "m");
    assert.equal(asPreflightError(error), error);
  });

  const kinds: [error: unknown, kind: string][] = [
    [new TypeError("c4n4ry"), "TypeError"],
    [
      Object.assign(new TypeError("c4n4ry"), { code: "ERR_INVALID_ARG_TYPE" }),
      "TypeError, ERR_INVALID_ARG_TYPE",
    ],
    [Object.assign(new Error("c4n4ry"), { name: "the c4n4ry", code: "of c4n4ry" }), ""],
    [Object.assign(new Error("c4n4ry"), { code: 7 }), "Error"],
    ["c4n4ry", "string"],
    [undefined, "undefined"],
    [null, "object"],
  ];
  for (const [error, kind] of kinds) {
    it(`tells only the kind of another error: ${kind}`, () => {
      const failure = asPreflightError(error);
      assert.equal(failure.reason, "unexpected");
      assert.equal(failure.registry, "");
      assert.ok(failure.message.startsWith(`The check itself failed (${kind}), so nothing is known`));
      assert.doesNotMatch(JSON.stringify([failure, failure.message, failure.stack]), /c4n4ry/);
      assert.equal(failure.cause, undefined);
    });
  }
});
