import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import type { SecureContext } from "node:tls";
import * as tls from "node:tls";
import type * as undici from "undici";
import { certificatesOf } from "../lib/caBundle";
import { linkLocalCode } from "./connectionFailures";
import { ProxyConnectError } from "./errorCodes";
import { isLinkLocal } from "./linkLocal";
import { type Environment, type Proxy, proxyFor } from "./proxy";

// By this name Bun loads the package, and not the part of undici that it brings itself.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- the types have no such name
const { Agent, buildConnector, Pool, ProxyAgent } = require("undici/index.js") as typeof undici;

/** How requests get to a host. */
export interface Route {
  dispatcher: undici.Dispatcher;
  /** The proxy that they go through, if any. */
  proxy?: Proxy;
}

export interface RouteOptions {
  /** Connections to one host at most. */
  connections: number;
  connectTimeoutSeconds: number;
  /** PEM, trusted beside all other CAs. */
  caBundle?: string;
  environment: Environment;
}

/** Kept-alive connections, straight to each host and through each proxy. */
export interface Routes {
  /** @throws ProxyVariableError where a variable of the environment names no proxy that can be used. */
  to(url: URL): Route;
  /**
   * The code of an error of TLS that came after the handshake with a host, and that nobody has taken yet: undici says only that
   * the connection was closed.
   */
  takeTlsError(host: string): string | undefined;
  close(): Promise<void>;
}

interface Connecting {
  connections: number;
  timeout: number;
  secureContext: SecureContext;
  /** Whatever NODE_TLS_REJECT_UNAUTHORIZED says: containerd does not know it, and a password is about to be sent. */
  rejectUnauthorized: true;
}

/** As undici's, whose types leave the socket out. */
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

/** Connections to a proxy, whose own failures can be told from those of the host behind it. */
class ProxyPool extends Pool {
  override async connect(options: undici.Dispatcher.ConnectOptions): Promise<undici.Dispatcher.ConnectData> {
    try {
      return await super.connect(options);
    } catch (error) {
      throw new ProxyConnectError(error);
    }
  }
}

/** Node's own lookup of a name, which fails for a name that has a link-local address. */
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
 * Whom to trust: the CAs that Node brings, those of `NODE_EXTRA_CA_CERTS`, those of the system, as containerd does, and the
 * certificates of `caBundle`. As in Go, each of these is trusted by itself, be it a CA, one between, or a server's own.
 */
export function trusting(caBundle = ""): tls.SecureContext {
  const ca = new Set([
    ...getCACertificates("default"),
    ...getCACertificates("system"),
    ...certificatesOf(caBundle),
  ]);
  return tls.createSecureContext({ ca: [...ca], allowPartialTrustChain: true });
}

/* eslint-disable-next-line @typescript-eslint/no-require-imports -- by the package's own name: the file is not at one place beside the sources and the compiled code */
const { version } = require("kubernetes-private-registry/package.json") as { version: string };

/** What every request says of its sender: some registries answer 403 to a client without a name. */
export const userAgent = `kubernetes-private-registry/${version}`;
