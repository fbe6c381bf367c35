/**
 * What is known of an error of Node or undici: its code, or else its name. Nothing else of it is kept: it may hold what the
 * server sent, and the server may repeat the password.
 */
export function errorCode(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  // Node gives errors of OpenSSL a code of their own, but not those that a write ends in.
  const reason = code === "EPROTO" ? /:SSL routines:[^:]*:([\w /]{1,60}):/.exec(message)?.[1] : undefined;
  return reason === undefined ? (code ?? name) : `ERR_SSL_${reason.toUpperCase().replaceAll(" ", "_")}`;
}

/** The status with which a proxy refused, as undici's errors have it; undefined for all other errors. */
export function proxyStatus(error: unknown): number | undefined {
  const { message } = error as Error;
  const status = /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(message)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** A proxy has failed before it said whether it connects to the host. Of the error behind it the code alone is kept. */
export class ProxyConnectError extends Error {
  override readonly name = "ProxyConnectError";
  /** None that undici knows: it tries again after some. */
  readonly code = "ERR_PROXY";
  readonly reason: string;

  constructor(error: unknown) {
    super("no connection to the proxy");
    this.reason = errorCode(error);
  }
}
