import type { RegistryAccess } from "./access";
import type { Answer } from "./answer";
import type { Asked } from "./asked";
import type { Handshake, Login } from "./authSchemes";
import { createMemo, type Memo } from "./concurrency";
import { timedOut } from "./connectionFailures";
import { baseUrl } from "./endpoint";
import type { PreflightError } from "./preflightError";
import { createProxyGate } from "./proxyGate";
import { openTransport, type Request, type Transport } from "./transport";

/** The result of a login at `/v2/`. */
export interface LoggedIn {
  /** What the registry asks for there; undefined if it asks for nothing, so that the login was not sent. */
  handshake: Handshake | undefined;
  /** Whether the registry or its token service accepted the login. */
  isProven: boolean;
}

/** The `Authorization` header; none for an anonymous request to a registry with Basic. */
export interface Authorization {
  header?: string;
  /** The token in the header. */
  token?: string;
}

/** The token service refuses the request: 401, 403, or 400, which some services answer to a request without scopes. */
export interface Refusal {
  refusal: Answer;
  /** Who refused, for the message. */
  asked: Asked;
}

/** What the checks of a run share: connections, previous answers, and failed hosts. */
export interface Session {
  /** The timeout of each check and each shared step. */
  timeoutSeconds: number;
  /** Whom a request asks, for messages. */
  asked(registry: RegistryAccess, more?: Partial<Asked>, url?: URL): Asked;
  /** Sends a request over the connections for the registry. */
  send(registry: RegistryAccess, request: Request): Promise<Answer>;
  /**
   * The failure of a check that has timed out. Names the host that it waits for, and marks that host and the registry that
   * referred to it as failed, so that neither is asked again.
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
  /** Most connections to one host. */
  connections: number;
  /** The logins of all checks. */
  hidden: readonly Login[];
}

/** Runs `work` in its own session, and closes the connections at the end. */
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
    // The registry too: it may redirect each image to a different host that does not answer.
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
