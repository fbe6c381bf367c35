/** Starts the work of each key once; whoever asks again gets the same promise, also when it fails. */
export type Memo<T> = (key: readonly unknown[], work: () => Promise<T>) => Promise<T>;

export function createMemo<T>(): Memo<T> {
  const promises = new Map<string, Promise<T>>();
  return (key, work) => {
    const text = JSON.stringify(key);
    const promise = promises.get(text) ?? work();
    promises.set(text, promise);
    return promise;
  };
}
