import { setTimeout as sleep } from "node:timers/promises";
import type { PreflightError } from "./preflightError";

/** What a run knows of its proxies, by URL. */
export interface ProxyGate {
  /** The proxies that fail for every host. */
  failed: Map<string, PreflightError>;
  /**
   * Runs work that sends through a proxy. The first request goes ahead of all others, for a second at most, so that a proxy
   * that refuses is asked only once.
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
