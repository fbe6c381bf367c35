import { setTimeout as sleep } from "node:timers/promises";
import type * as undici from "undici";
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

// eslint-disable-next-line @typescript-eslint/no-require-imports -- as in ./routes
const { request } = require("undici/index.js") as typeof undici;

/** One request of a check. */
export interface Request {
  method: "GET" | "HEAD";
  url: URL;
  headers: Record<string, string>;
  /** Bytes of the body to keep. */
  bodyLimit: number;
  /** Ends the request and its retries. */
  signal: AbortSignal;
  asked: Asked;
}

/** Sends requests over kept-alive connections. */
export interface Transport {
  /**
   * The answer, whatever its status, after up to two retries of a network fault or a 5xx. Once the retries have not helped at
   * a registry, its further requests get none: they would cost a second for each image.
   *
   * @throws PreflightError when there is no answer; the signal's reason when it is aborted.
   */
  send(request: Request): Promise<Answer>;
  /** `host:port` of the proxy that requests of a URL go through; undefined for none, and for a variable that can't be used. */
  proxyOf(url: URL): string | undefined;
  /** By their origin, the hosts that have failed as a whole: each further request fails with the same error. */
  failedHosts: Map<string, PreflightError>;
  /** Drops every connection and every request under way. */
  close(): Promise<void>;
}

/** A try that got no answer. */
interface Fault {
  failure: PreflightError;
  /** Whether another try can't help. */
  isFinal: boolean;
  /** Whether it is the host's failure, whatever it is asked for. */
  isOfHost: boolean;
}

const retryDelays = [200, 800];

/**
 * A transport that goes through proxies as docker and containerd do. A host that has failed as a whole is not asked again, nor
 * is a proxy, by any transport that shares `proxies`.
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
        // Without it undici closes the connection after every HEAD.
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
