import assert from "node:assert/strict";
import { createLimit, createMemo } from "../../components/registry/concurrency";

describe("createMemo", () => {
  it("does the work of a key once, also when it fails", async () => {
    const memo = createMemo<number>();
    let done = 0;
    const work = () => Promise.resolve(++done);
    assert.equal(await memo(["a", undefined], work), 1);
    assert.equal(await memo(["a", undefined], work), 1);
    assert.equal(await memo(["b", undefined], work), 2);
    const failing = () => Promise.reject(new Error(`failed ${++done}`));
    await assert.rejects(memo(["c"], failing), /failed 3/);
    await assert.rejects(memo(["c"], failing), /failed 3/);
  });

  it("tells long strings apart", async () => {
    const memo = createMemo<number>();
    const [one, other] = ["a", "b"].map((end) => `${"x".repeat(100_000)}${end}`);
    let done = 0;
    const work = () => Promise.resolve(++done);
    for (const [key, expected] of [
      [[one], 1],
      [[other], 2],
      [[{ caBundle: one }], 3],
      [[one, other], 4],
      [[one], 1],
      [[`${"x".repeat(100_000)}b`], 2],
    ] as const) {
      assert.equal(await memo(key, work), expected);
    }
  });
});

describe("createLimit", () => {
  it("runs as many at once as it lets, in order, and goes on after a failure", async () => {
    const limit = createLimit(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const works = [0, 1, 2, 3].map((index) =>
      limit(async () => {
        begun.push(index);
        await new Promise<void>((resolve) => ends.push(resolve));
        if (index === 0) {
          throw new Error("failed");
        }
        return index;
      }),
    );
    assert.deepEqual(begun, [0, 1]);
    ends[0]?.();
    await assert.rejects(works[0] ?? Promise.resolve(), /failed/);
    ends[1]?.();
    assert.equal(await works[1], 1);
    assert.deepEqual(begun, [0, 1, 2, 3]);
    ends.forEach((end) => {
      end();
    });
    assert.deepEqual(await Promise.all(works.slice(1)), [1, 2, 3]);

    const later = [4, 5, 6].map((index) => limit(() => new Promise(() => begun.push(index))));
    assert.equal(later.length, 3);
    assert.deepEqual(begun, [0, 1, 2, 3, 4, 5]);
  });
});
