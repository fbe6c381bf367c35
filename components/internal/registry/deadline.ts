import type { Asked } from "../../lib/registry/asked";
import { timedOut } from "../../lib/registry/connectionFailures";
import { PreflightError } from "../../lib/registry/preflightError";

/**
 * The result of `work`, which has `seconds` for all that it does: its own requests, which the signal ends, and
 * what it waits for that others began.
 *
 * @throws PreflightError `timeout`
 */
export async function withDeadline<T>(
  seconds: number,
  asked: Asked,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(seconds * 1000);
  try {
    return await Promise.race([work(signal), rejectionOf(signal)]);
  } catch (error) {
    throw signal.aborted && !(error instanceof PreflightError) ? timedOut(asked, seconds) : error;
  }
}

function rejectionOf(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => {
      reject(signal.reason as Error);
    });
  });
}
