import assert from "node:assert/strict";
import { componentInputs } from "../../components/internal/componentInputs";
import { maxDepth } from "../../components/lib/shape";

/** A value with this many levels below it. */
function nested(levels: number): object {
  return levels === 0 ? {} : { a: nested(levels - 1) };
}

describe("the inputs of a component", () => {
  it("leave out what is nested too deeply for the engine, and keep the rest", () => {
    const deepest = nested(maxDepth);
    assert.deepEqual(componentInputs({ deepest, deeper: nested(maxDepth + 1), plain: 1 }), {
      deepest,
      deeper: undefined,
      plain: 1,
    });
  });
});
