import { setTimeout as sleep } from "node:timers/promises";
import type { PreflightError } from "./preflightError";

/** What is known of the proxies in a run, by their URLs. */
export interface ProxyGate {
  /** The proxies that have failed as a whole. */
  failed: Map<string, PreflightError>;
  /**
   * Does the work, which sends something through a proxy. The first one goes ahead of all others, for a second at most: a proxy
   * that refuses it is asked once.
   */
  afterFirst<T>(proxy: string, work: () => Promise<T>): Promise<T>;
}

export function createProxyGate(): ProxyGate {
  const failed = new Map<string, PreflightError>();
  const firsts = new Map<string, Promise<unknown>>();
  return {
    failed,
    afterFirst: async (proxy, work) => {
      const first = firsts.get(proxy);
      if (first === undefined) {
        const result = work();
        const ended = result.catch(() => undefined);
        firsts.set(proxy, Promise.race([ended, sleep(1000, undefined, { ref: false })]));
        return result;
      }
      await first;
      const failure = failed.get(proxy);
      if (failure !== undefined) {
        throw failure;
      }
      return work();
    },
  };
}
