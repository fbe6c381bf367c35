import type { Asked } from "./asked";
import { PreflightError, PreflightReason } from "./preflightError";
import type { Proxy } from "./proxy";

/** A proxy that did not do what it was asked for. */
export interface ProxyFault {
  failure: PreflightError;
  /** Whether the proxy would not do it for another host either. */
  isForAll: boolean;
}

const noConnection = /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_PRX_\w+)$/;

/**
 * What a proxy has to do with a request that failed, from the code of the error and the status that the proxy answered;
 * undefined when the proxy is not at fault. A failure for all hosts does not name one, so that it is one for all.
 *
 * @param host `host:port` that the proxy was to connect to
 */
export function proxyFault(
  { registry }: Asked,
  proxy: Proxy,
  host: string,
  { code, status }: { code: string; status?: number },
): ProxyFault | undefined {
  const fault = (isForAll: boolean, problem: string): ProxyFault => ({
    isForAll,
    failure: new PreflightError(
      PreflightReason.Unreachable,
      { registry },
      `The proxy ${JSON.stringify(proxy.url.host)} (environment variable ${proxy.variable}) ${problem}`,
    ),
  });
  if (status === 407 || code.startsWith("UND_ERR_SOCKS5_AUTH")) {
    return fault(true, `${unauthorized(proxy)} (${status ?? code}).`);
  }
  if (status !== undefined || code.startsWith("UND_ERR_SOCKS5")) {
    return fault(
      false,
      `does not connect to ${JSON.stringify(host)} (${status ?? code}). Ask its operators to allow it, or name the host in NO_PROXY if this machine reaches it without a proxy.`,
    );
  }
  return noConnection.test(code)
    ? fault(
        true,
        `can't be reached (${code}). Check the variable, and that this machine may use the proxy; NO_PROXY names the hosts that need none.`,
      )
    : undefined;
}

function unauthorized({ login }: Proxy): string {
  return login === undefined
    ? "wants a login, and the variable has none: write username:password@ before the host"
    : "refused the login in the variable: check it, and escape what is special in it (%40 for @)";
}
