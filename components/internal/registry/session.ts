import type { RegistryAccess } from "../../lib/registry/access";
import type { Handshake } from "../../lib/registry/handshake";
import type { Authorization, Refusal } from "./authorize";
import { createMemo, type Memo } from "../../lib/registry/memo";
import { openTransport, type Transport } from "./transport";

/** What the checks of one run share: connections, and everything that has been asked once. */
export interface Session {
  /** The time that each check and each shared step has. */
  timeoutSeconds: number;
  transportOf(registry: RegistryAccess): Transport;
  handshakes: Memo<Handshake | undefined>;
  logins: Memo<Handshake | undefined>;
  tokens: Memo<Authorization | Refusal>;
}

export interface SessionOptions {
  timeoutSeconds: number;
  /** Connections to one host at most. */
  connections: number;
}

/** The result of `work` in a session of its own, whose connections are dropped at the end. */
export async function withSession<T>(
  { timeoutSeconds, connections }: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const transports = new Map<string | undefined, Transport>();
  const transportOf = ({ caBundle }: RegistryAccess): Transport => {
    const transport =
      transports.get(caBundle) ??
      openTransport({
        connections,
        connectTimeoutSeconds: timeoutSeconds + 1,
        caBundle,
      });
    transports.set(caBundle, transport);
    return transport;
  };
  try {
    return await work({
      timeoutSeconds,
      transportOf,
      handshakes: createMemo(),
      logins: createMemo(),
      tokens: createMemo(),
    });
  } finally {
    for (const transport of transports.values()) {
      await transport.close();
    }
  }
}
