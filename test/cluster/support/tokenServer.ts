import type { RegistryLogin } from "../../../components";
import { startHttpServer, type TestServer } from "../../support/registry/httpServer";
import type { Scene } from "./scene";

/** Hands out logins of a test registry as a cloud does: each is accepted for some seconds, beside those before it. */
export interface TokenServer extends TestServer {
  /** A new login. */
  ask(): Promise<RegistryLogin>;
  /** Resolves when none of the logins handed out so far is accepted any more. */
  allExpired(): Promise<void>;
}

export async function startTokenServer(scene: Scene, lifetimeSeconds: number): Promise<TokenServer> {
  const { registry } = scene;
  const expiries: Promise<void>[] = [];
  const timers = new Set<NodeJS.Timeout>();

  function revokeLater({ username }: RegistryLogin): Promise<void> {
    return new Promise((resolve, reject) => {
      timers.add(
        setTimeout(() => {
          registry.remove(username).then(resolve, reject);
        }, lifetimeSeconds * 1000),
      );
    });
  }

  const server = await startHttpServer((_request, response) => {
    scene.user(registry).then(
      (login) => {
        expiries.push(revokeLater(login));
        response.end(JSON.stringify(login));
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });

  return {
    ...server,
    ask: async () => {
      const response = await fetch(`http://${server.host}/`);
      if (!response.ok) {
        throw new Error(await response.text());
      }
      return (await response.json()) as RegistryLogin;
    },
    allExpired: async () => {
      await Promise.all(expiries);
    },
    stop: async () => {
      timers.forEach(clearTimeout);
      await server.stop();
    },
  };
}
