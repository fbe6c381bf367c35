import type { Asked } from "./asked";
import type { Session } from "./session";

const longestTimer = 2 ** 31 - 1;

/**
 * Runs `work` within the session's timeout. The signal aborts its own requests; requests of other checks that it waits
 * for count towards the timeout too.
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
        // Before aborting, while the request that the check waits for is still under way.
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
