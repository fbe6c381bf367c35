import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { SecureContext } from "node:tls";
import * as tls from "node:tls";
import type * as undici from "undici";
import { packageVersion } from "../lib/packageVersion";
import { certificatesOf } from "../lib/logins/caBundle";
import { linkLocalCode } from "./connectionFailures";
import { ProxyConnectError } from "./errorCodes";
import { isLinkLocal } from "./linkLocal";
import { type Environment, type Proxy, proxyFor } from "./proxy";
import { Agent, buildConnector, Pool, ProxyAgent } from "./undici";

/** How requests reach a host. */
export interface Route {
  dispatcher: undici.Dispatcher;
  /** The proxy in between, if any. */
  proxy?: Proxy;
}

export interface RouteOptions {
  /** Most connections to one host. */
  connections: number;
  connectTimeoutSeconds: number;
  /** PEM, trusted in addition to all other CAs. */
  caBundle?: string;
  environment: Environment;
}

/** Kept-alive connections, directly to each host and through each proxy. */
export interface Routes {
  /** @throws ProxyVariableError if the environment variable for the URL can't be used as a proxy. */
  to(url: URL): Route;
  /**
   * Takes the code of a TLS error that came after the handshake with a host, for which undici only reports a closed
   * connection.
   */
  takeTlsError(host: string): string | undefined;
  close(): Promise<void>;
}

interface Connecting {
  connections: number;
  timeout: number;
  secureContext: SecureContext;
  /** Overrides NODE_TLS_REJECT_UNAUTHORIZED: containerd ignores it, and we are about to send a password. */
  rejectUnauthorized: true;
}

/** undici's type, which leaves out the socket. */
type Connect = (...args: Parameters<undici.buildConnector.connector>) => NodeJS.EventEmitter;

export function openRoutes(options: RouteOptions): Routes {
  const { connections, connectTimeoutSeconds, caBundle, environment } = options;
  const connecting = {
    connections,
    timeout: connectTimeoutSeconds * 1000,
    secureContext: trusting(caBundle),
    rejectUnauthorized: true,
  } as const;
  const tlsErrors = new Map<string, string>();
  const routes = new Map<string, Route>();
  return {
    to: (url) => {
      const proxy = proxyFor(url, environment);
      const key = proxy === undefined ? "" : `${proxy.variable} ${proxy.url.href}`;
      const route = routes.get(key) ?? {
        dispatcher: proxy === undefined ? directAgent(connecting, tlsErrors) : proxyAgent(connecting, proxy),
        proxy,
      };
      routes.set(key, route);
      return route;
    },
    takeTlsError: (host) => {
      const code = tlsErrors.get(host);
      tlsErrors.delete(host);
      return code;
    },
    close: async () => {
      await Promise.allSettled([...routes.values()].map(({ dispatcher }) => dispatcher.destroy()));
    },
  };
}

function directAgent(
  { connections, ...connecting }: Connecting,
  tlsErrors: Map<string, string>,
): undici.Dispatcher {
  const connect = buildConnector({ ...connecting, allowH2: false, lookup: lookupPublic }) as Connect;
  return new Agent({
    connections,
    connect: (target, callback) => {
      const socket = connect(target, callback);
      socket.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
        if (code.startsWith("ERR_SSL_")) {
          tlsErrors.set(target.host ?? target.hostname, code);
        }
      });
      return socket;
    },
  });
}

function proxyAgent(
  { connections, timeout, secureContext, rejectUnauthorized }: Connecting,
  { url, login }: Proxy,
): undici.Dispatcher {
  const options = {
    connections,
    allowH2: false,
    connectTimeout: timeout,
    requestTls: { timeout, secureContext, rejectUnauthorized, allowH2: false },
  };
  if (url.protocol === "socks5:") {
    const withLogin = new URL(url);
    withLogin.username = encodeURIComponent(login?.username.toString() ?? "");
    withLogin.password = encodeURIComponent(login?.password.toString() ?? "");
    return new ProxyAgent({ ...options, uri: withLogin.href });
  }
  const basic = login && Buffer.concat([login.username, Buffer.from(":"), login.password]).toString("base64");
  return new ProxyAgent({
    ...options,
    uri: url.href,
    headers: { "user-agent": userAgent },
    clientFactory: (origin, connecting) => new ProxyPool(origin, connecting),
    token: basic && `Basic ${basic}`,
    proxyTls: { timeout, secureContext: trusting(), rejectUnauthorized, allowH2: false },
  });
}

/** Connections to a proxy that mark its own failures, to tell them from those of the host behind it. */
class ProxyPool extends Pool {
  override async connect(options: undici.Dispatcher.ConnectOptions): Promise<undici.Dispatcher.ConnectData> {
    try {
      return await super.connect(options);
    } catch (error) {
      throw new ProxyConnectError(error);
    }
  }
}

/** Node's DNS lookup, except that it fails for a name with a link-local address. */
export const lookupPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      callback(error, []);
    } else if (addresses.some(({ address }) => isLinkLocal(address))) {
      callback(Object.assign(new Error("a link-local address"), { code: linkLocalCode }), []);
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      const [{ address, family } = { address: "", family: 4 }] = addresses;
      callback(null, address, family);
    }
  });
};

/** Since Node 22.15. */
const { getCACertificates } = tls as unknown as {
  getCACertificates: (type: "default" | "system") => string[];
};

/**
 * Trusts Node's CAs, `NODE_EXTRA_CA_CERTS`, the system's CAs as containerd does, and the certificates of `caBundle`. As
 * in Go, each of them is trusted on its own, whether it is a root, an intermediate or a server certificate.
 */
export function trusting(caBundle = ""): tls.SecureContext {
  const ca = new Set([
    ...getCACertificates("default"),
    ...getCACertificates("system"),
    ...certificatesOf(caBundle),
  ]);
  return tls.createSecureContext({ ca: [...ca], allowPartialTrustChain: true });
}

/** Sent with every request: some registries answer 403 to a client without a user agent. */
export const userAgent = `kubernetes-private-registry/${packageVersion}`;
