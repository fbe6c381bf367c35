import type { Asked } from "./asked";
import type { Session } from "./session";

const longestTimer = 2 ** 31 - 1;

/**
 * The result of `work`, which has the session's time for all that it does: its own requests, which the signal ends, and
 * what it waits for that others began.
 *
 * @throws PreflightError `timeout`
 */
export async function withDeadline<T>(
  session: Session,
  asked: Asked,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => {
        // First of all, while what the check waits for is still under way.
        reject(session.timeIsUp(asked));
        controller.abort();
      },
      Math.min(session.timeoutSeconds * 1000, longestTimer),
    );
  });
  try {
    return await Promise.race([timeIsUp, work(controller.signal)]);
  } finally {
    clearTimeout(timer);
  }
}
