/** Runs the work as soon as there is a free slot, in order. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** A limit of `concurrency` slots. */
export function createLimit(concurrency: number): Limit {
  const waiting: (() => void)[] = [];
  let free = concurrency;
  return async (work) => {
    if (free > 0) {
      free--;
    } else {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) {
        free++;
      } else {
        next();
      }
    }
  };
}

/** Starts the work of each key once. Later calls get the same promise, even if it rejects. */
export type Memo<T> = (key: readonly unknown[], work: () => Promise<T>) => Promise<T>;

/** Longer strings become a number in the key: a CA bundle may have 200 kB, and each image has a key. */
const longString = 1000;

export function createMemo<T>(): Memo<T> {
  const promises = new Map<string, Promise<T>>();
  const numbers = new Map<string, number>();

  function shortened(_name: string, value: unknown): unknown {
    if (typeof value !== "string" || value.length < longString) {
      return value;
    }
    const number = numbers.get(value) ?? numbers.size;
    numbers.set(value, number);
    return { longString: number };
  }

  return (key, work) => {
    const text = JSON.stringify(key, shortened);
    const promise = promises.get(text) ?? work();
    promises.set(text, promise);
    return promise;
  };
}
