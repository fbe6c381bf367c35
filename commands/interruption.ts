import { constants } from "node:os";
import { CommandError } from "./commandError";

/** The signals that end a command: Ctrl-C, `kill`, and a closed terminal. */
export const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const controller = new AbortController();

/** Aborts with a CommandError at the first signal. Signals no longer end the process by themselves. */
export const interruption: AbortSignal = controller.signal;

export function catchSignals(): void {
  for (const signal of endingSignals) {
    process.on(signal, () => {
      controller.abort(interrupted(signal));
    });
  }
}

export function interrupted(signal: (typeof endingSignals)[number]): CommandError {
  return new CommandError("interrupted.", 128 + constants.signals[signal]);
}

/** The result of the work, unless an interruption comes first. */
export function orInterrupted<T>(work: Promise<T>): Promise<T> {
  return new Promise((done, failed) => {
    const stop = (): void => {
      failed(interruption.reason as CommandError);
    };
    interruption.addEventListener("abort", stop);
    work.then(done, failed).finally(() => {
      interruption.removeEventListener("abort", stop);
    });
    if (interruption.aborted) {
      stop();
    }
  });
}
