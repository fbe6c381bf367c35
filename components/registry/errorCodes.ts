/**
 * The code of an error of Node or undici, else its name. Everything else is dropped: it may hold what the server sent, and
 * the server may repeat the password.
 */
export function errorCode(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException;
  // Node gives OpenSSL errors their own code, except for those that a write fails with.
  const reason = code === "EPROTO" ? /:SSL routines:[^:]*:([\w /]{1,60}):/.exec(message)?.[1] : undefined;
  return reason === undefined ? (code ?? name) : `ERR_SSL_${reason.toUpperCase().replaceAll(" ", "_")}`;
}

/** The status with which a proxy refused, from undici's error; undefined for any other error. */
export function proxyStatus(error: unknown): number | undefined {
  const { message } = error as Error;
  const status = /^Proxy (?:response|Authentication Required) \((\d{3})\)/.exec(message)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** A proxy failed before it said whether it can connect to the host. Keeps only the code of the underlying error. */
export class ProxyConnectError extends Error {
  override readonly name = "ProxyConnectError";
  /** A code unknown to undici, which retries after some of those it knows. */
  readonly code = "ERR_PROXY";
  readonly reason: string;

  constructor(error: unknown) {
    super("no connection to the proxy");
    this.reason = errorCode(error);
  }
}
