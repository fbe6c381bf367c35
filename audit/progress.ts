import type { ReadOptions } from "./readCluster";

/** Seconds until people who wait are told what is done, and again. */
const quietSeconds = 3;

/** Says on standard error what an audit does, if it takes longer than a few seconds. */
export function startProgress(): {
  listeners: Required<Pick<ReadOptions, "onPage">> & { onStep: (step: string) => void };
  stop: () => void;
} {
  const read = new Map<string, number>();
  let step = "";
  const tell = (): void => {
    const counts = [...read].map(([resource, count]) => `${count} ${resource}`).join(", ");
    console.error(step === "" ? `read so far: ${counts === "" ? "nothing" : counts}` : step);
  };
  const timer = setInterval(tell, quietSeconds * 1000);
  return {
    listeners: {
      onPage: (resource, items) => read.set(resource, (read.get(resource) ?? 0) + items),
      onStep: (now) => {
        step = now;
      },
    },
    stop: () => {
      clearInterval(timer);
    },
  };
}
