import { setTimeout as sleep } from "node:timers/promises";
import type { Answer } from "./answer";
import type { Asked } from "./asked";
import { concernsHost, connectionFailure, isTransient, linkLocalCode } from "./connectionFailures";
import { errorCode, ProxyConnectError, proxyStatus } from "./errorCodes";
import { isLinkLocal } from "./linkLocal";
import { PreflightError, PreflightReason } from "./preflightError";
import { ProxyVariableError } from "./proxy";
import { proxyFault } from "./proxyFailures";
import type { ProxyGate } from "./proxyGate";
import { openRoutes, type Route, type RouteOptions, userAgent } from "./routes";
import { request } from "./undici";

/** One request of a check. */
export interface Request {
  method: "GET" | "HEAD";
  url: URL;
  headers: Record<string, string>;
  /** How many bytes of the body to keep. */
  bodyLimit: number;
  /** Aborts the request and its retries. */
  signal: AbortSignal;
  asked: Asked;
}

/** Sends requests over kept-alive connections. */
export interface Transport {
  /**
   * The answer, with any status, after up to two retries of a network error or a 5xx. Once retries have not helped at a
   * registry, its further requests get none, which would cost a second for each image.
   *
   * @throws PreflightError if there is no answer; the signal's reason if it is aborted.
   */
  send(request: Request): Promise<Answer>;
  /** `host:port` of the proxy for a URL; undefined if there is none, or its variable can't be used. */
  proxyOf(url: URL): string | undefined;
  /** The hosts that can't be reached at all, by origin: all further requests fail with the same error. */
  failedHosts: Map<string, PreflightError>;
  /** Drops every connection and every request under way. */
  close(): Promise<void>;
}

/** An attempt that got no answer. */
interface Fault {
  failure: PreflightError;
  /** Whether a retry can't help. */
  isFinal: boolean;
  /** Whether all requests to the host would fail. */
  isOfHost: boolean;
}

const retryDelays = [200, 800];

/**
 * A transport that uses proxies as docker and containerd do. It does not ask an unreachable host again, nor a failed proxy; all
 * transports with the same `proxies` share the latter.
 */
export function openTransport(options: RouteOptions, proxies: ProxyGate): Transport {
  const routes = openRoutes(options);
  const failedHosts = new Map<string, PreflightError>();
  const failingRegistries = new Set<string>();

  function routeTo({ url, asked }: Request): Route {
    try {
      return routes.to(url);
    } catch (error) {
      throw error instanceof ProxyVariableError
        ? new PreflightError(PreflightReason.Unreachable, { registry: asked.registry }, error.message)
        : error;
    }
  }

  async function tryOnce(wanted: Request, { dispatcher, proxy }: Route): Promise<Answer | Fault> {
    const { method, url, bodyLimit, signal, asked } = wanted;
    try {
      const { statusCode, headers, body } = await request(url, {
        method,
        headers: { ...wanted.headers, "user-agent": userAgent },
        signal,
        dispatcher,
        // Otherwise undici closes the connection after every HEAD.
        reset: false,
      });
      return { status: statusCode, headers, ...(await readUpTo(bodyLimit, body)) };
    } catch (error) {
      signal.throwIfAborted();
      const isOfProxy = error instanceof ProxyConnectError;
      const code = isOfProxy ? error.reason : errorCode(error);
      const fault = proxy && proxyFault(asked, proxy, url, { code, status: proxyStatus(error), isOfProxy });
      if (proxy && fault) {
        if (fault.isForAll) {
          proxies.failed.set(proxy.url.href, fault.failure);
        }
        return { failure: fault.failure, isFinal: true, isOfHost: !fault.isForAll };
      }
      return faultOf(asked, (code === "UND_ERR_SOCKET" && routes.takeTlsError(url.host)) || code);
    }
  }

  async function sendWithRetries(wanted: Request, route: Route, delays = retryDelays): Promise<Answer> {
    const outcome = await tryOnce(wanted, route);
    const isFault = "failure" in outcome;
    const mayPass = isFault ? !outcome.isFinal : outcome.status >= 500;
    const { registry } = wanted.asked;
    const [delay, ...laterDelays] = delays;
    if (mayPass && delay !== undefined && !failingRegistries.has(registry)) {
      await sleep(delay, undefined, { signal: wanted.signal });
      return sendWithRetries(wanted, route, laterDelays);
    }
    if (mayPass) {
      failingRegistries.add(registry);
    }
    if (!isFault) {
      return outcome;
    }
    if (outcome.isOfHost) {
      failedHosts.set(wanted.url.origin, outcome.failure);
    }
    throw outcome.failure;
  }

  async function send(wanted: Request): Promise<Answer> {
    const { url, asked } = wanted;
    const failed = failedHosts.get(url.origin);
    if (failed !== undefined) {
      throw failed;
    }
    if (isLinkLocal(url.hostname)) {
      throw connectionFailure(asked, linkLocalCode);
    }
    const route = routeTo(wanted);
    return route.proxy
      ? proxies.afterFirst(route.proxy.url.href, () => sendWithRetries(wanted, route))
      : sendWithRetries(wanted, route);
  }

  function proxyOf(url: URL): string | undefined {
    try {
      return routes.to(url).proxy?.url.host;
    } catch {
      return undefined;
    }
  }

  return { send, proxyOf, failedHosts, close: () => routes.close() };
}

function faultOf(asked: Asked, code: string): Fault {
  const isOfHost = concernsHost(code);
  const failure = connectionFailure(isOfHost ? { ...asked, image: undefined } : asked, code);
  return { failure, isFinal: !isTransient(failure), isOfHost };
}

async function readUpTo(
  limit: number,
  stream: AsyncIterable<Buffer>,
): Promise<Pick<Answer, "body" | "truncated">> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > limit) {
      break;
    }
  }
  return { body: Buffer.concat(chunks).subarray(0, limit), truncated: size > limit };
}
