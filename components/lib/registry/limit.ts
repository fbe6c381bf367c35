/** Runs the work at once, or when work that was given before has ended. */
export type Limit = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets `concurrency` works run at the same time, and the others wait in order. */
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
