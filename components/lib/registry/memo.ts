/** Starts the work of each key once; whoever asks again gets the same promise, also when it fails. */
export type Memo<T> = (key: readonly unknown[], work: () => Promise<T>) => Promise<T>;

/** From this length a string is numbered: a CA bundle may have 200 kB, and there is a key for each image. */
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
