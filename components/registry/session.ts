import type { RegistryAccess } from "./access";
import type { Answer } from "./answer";
import type { Asked } from "./asked";
import { createMemo, type Memo } from "./concurrency";
import { timedOut } from "./connectionFailures";
import { baseUrl } from "./endpoint";
import type { Handshake, Login } from "./handshake";
import type { PreflightError } from "./preflightError";
import { createProxyGate } from "./proxyGate";
import { openTransport, type Request, type Transport } from "./transport";

/** What became of a login at `/v2/`. */
export interface LoggedIn {
  /** What the registry asks for there; undefined when it asks for nothing, so that the login was not sent. */
  handshake: Handshake | undefined;
  /** Whether the registry or its token service has taken the login. */
  isProven: boolean;
}

/** What goes into `Authorization`: nothing for an anonymous request to a registry that would take Basic. */
export interface Authorization {
  header?: string;
  /** The token that the header holds. */
  token?: string;
}

/** The token service does not give this login what it asked for: 401, 403, or 400, which also stands for missing scopes. */
export interface Refusal {
  refusal: Answer;
  /** Who refused, for the message. */
  asked: Asked;
}

/** What the checks of one run share: connections, everything that has been asked once, and what has failed as a whole. */
export interface Session {
  /** The time that each check and each shared step has. */
  timeoutSeconds: number;
  /** Who is asked, for messages: the registry, or what the URL names. */
  asked(registry: RegistryAccess, more?: Partial<Asked>, url?: URL): Asked;
  /** As Transport, with the connections for the registry. */
  send(registry: RegistryAccess, request: Request): Promise<Answer>;
  /**
   * The failure of a check whose time is up: of the host that it waits for, which nobody asks again, nor the registry that
   * named that host.
   *
   * @param asked what the check is about
   */
  timeIsUp(asked: Asked): PreflightError;
  handshakes: Memo<Handshake | undefined>;
  logins: Memo<LoggedIn>;
  tokens: Memo<Authorization | Refusal>;
}

export interface SessionOptions {
  timeoutSeconds: number;
  /** Connections to one host at most. */
  connections: number;
  /** The logins of all checks. */
  hidden: readonly Login[];
}

/** The result of `work` in a session of its own, whose connections are dropped at the end. */
export async function withSession<T>(
  { timeoutSeconds, connections, hidden }: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const proxies = createProxyGate();
  const transports = new Map<string | undefined, Transport>();
  const underWay = new Map<Request, { transport: Transport; registry: RegistryAccess }>();

  function transportFor({ caBundle }: RegistryAccess): Transport {
    const connectTimeoutSeconds = timeoutSeconds + 1;
    const options = { connections, connectTimeoutSeconds, caBundle, environment: process.env };
    const transport = transports.get(caBundle) ?? openTransport(options, proxies);
    transports.set(caBundle, transport);
    return transport;
  }

  function asked(registry: RegistryAccess, more: Partial<Asked> = {}, url = baseUrl(registry)): Asked {
    return { registry: registry.host, hidden, proxy: transportFor(registry).proxyOf(url), ...more };
  }

  async function send(registry: RegistryAccess, request: Request): Promise<Answer> {
    const transport = transportFor(registry);
    const failed = transport.failedHosts.get(registry.origin);
    if (failed !== undefined) {
      throw failed;
    }
    underWay.set(request, { transport, registry });
    try {
      return await transport.send(request);
    } finally {
      underWay.delete(request);
    }
  }

  function timeIsUp(waiting: Asked): PreflightError {
    const ofRegistry = [...underWay].filter(([request]) => request.asked.registry === waiting.registry);
    const awaited =
      ofRegistry.find(([request]) => request.asked.image === waiting.image) ??
      ofRegistry.find(([request]) => request.asked.image === undefined);
    if (awaited === undefined) {
      return timedOut(waiting, timeoutSeconds);
    }
    const [request, { transport, registry }] = awaited;
    const { failedHosts } = transport;
    const { origin } = request.url;
    const failure =
      failedHosts.get(origin) ?? timedOut({ ...request.asked, image: undefined }, timeoutSeconds);
    failedHosts.set(origin, failure);
    // A registry may send each image to another host, which does not answer either.
    failedHosts.set(registry.origin, failedHosts.get(registry.origin) ?? failure);
    return failure;
  }

  try {
    return await work({
      timeoutSeconds,
      asked,
      send,
      timeIsUp,
      handshakes: createMemo(),
      logins: createMemo(),
      tokens: createMemo(),
    });
  } finally {
    await Promise.allSettled([...transports.values()].map((transport) => transport.close()));
  }
}
