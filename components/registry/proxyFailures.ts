import type { Asked } from "./asked";
import { isNotHttp, isPlain, isTlsCode } from "./connectionFailures";
import { proxyTarget } from "./noProxy";
import { PreflightError, PreflightReason } from "./preflightError";
import type { Proxy } from "./proxy";

/** A failure that is the proxy's fault. */
export interface ProxyFault {
  failure: PreflightError;
  /** Whether the proxy would fail for any other host too. */
  isForAll: boolean;
}

const noConnection = /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_PRX_\w+)$/;

/** What we know of the error of a request through a proxy. */
export interface ProxiedError {
  code: string;
  /** The proxy's answer, if it refused. */
  status?: number;
  /** Whether it happened before the proxy said anything about the host. */
  isOfProxy: boolean;
}

/**
 * How the proxy caused a request to fail; undefined if it did not. A failure for all hosts names none of them, so that
 * all share one error.
 *
 * @param url what was requested
 */
export function proxyFault(
  { registry }: Asked,
  proxy: Proxy,
  url: URL,
  { code, status, isOfProxy }: ProxiedError,
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
    const { host, port } = proxyTarget(url);
    return fault(
      false,
      `does not connect to ${JSON.stringify(`${host.includes(":") ? `[${host}]` : host}:${port}`)} (${status ?? code}). Ask its operators to allow it, or name the host in NO_PROXY if this machine reaches it without a proxy.`,
    );
  }
  // Over plain http the host itself does not speak TLS, so the error is the proxy's.
  if (isTlsCode(code) && (isOfProxy || url.protocol === "http:")) {
    return fault(true, tlsProblem(code));
  }
  if (isOfProxy && isNotHttp(code)) {
    return fault(true, `sent an answer that is not HTTP (${code}). Check host and port in the variable.`);
  }
  return isOfProxy || noConnection.test(code)
    ? fault(
        true,
        `can't be reached (${code}). Check the variable, and that this machine may use the proxy; NO_PROXY names the hosts that need none.`,
      )
    : undefined;
}

function tlsProblem(code: string): string {
  return isPlain(code)
    ? `does not speak TLS (${code}). Check host and port in the variable, and whether it is an https:// proxy at all.`
    : `fails during TLS (${code}). Check the host in the variable and the proxy's certificate; NODE_EXTRA_CA_CERTS names a file with the CA of a private one. A \`caBundle\` is for registries alone.`;
}

function unauthorized({ login }: Proxy): string {
  return login === undefined
    ? "wants a login, and the variable has none: write username:password@ before the host"
    : "refused the login in the variable: check it, and escape special characters in it (%40 for @)";
}
