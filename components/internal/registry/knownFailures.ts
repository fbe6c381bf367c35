import { setTimeout as sleep } from "node:timers/promises";
import type { PreflightError } from "../../lib/registry/preflightError";

/** What failed as a whole in a run, and is not asked again. */
export interface KnownFailures {
  /** By the origin of the host. */
  hosts: Map<string, PreflightError>;
  /** By the URL of the proxy. */
  proxies: Map<string, PreflightError>;
  /**
   * Does the work, which sends something through a proxy. The first one goes ahead of all others, for a second at most: a proxy
   * that refuses it is asked once.
   */
  afterFirst<T>(proxy: string, work: () => Promise<T>): Promise<T>;
}

export function createKnownFailures(): KnownFailures {
  const proxies = new Map<string, PreflightError>();
  const firsts = new Map<string, Promise<unknown>>();
  return {
    hosts: new Map(),
    proxies,
    afterFirst: async (proxy, work) => {
      const first = firsts.get(proxy);
      if (first === undefined) {
        const result = work();
        const ended = result.catch(() => undefined);
        firsts.set(proxy, Promise.race([ended, sleep(1000, undefined, { ref: false })]));
        return result;
      }
      await first;
      const failure = proxies.get(proxy);
      if (failure !== undefined) {
        throw failure;
      }
      return work();
    },
  };
}
