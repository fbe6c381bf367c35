import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Certificates, createCertificates } from "../test/support/registry/certificates";

/** How long each answer takes, network included, as for a registry in the same region. */
const answerMillis = 20;

/** Runs `work` with a registry that has every image. Its token service has a separate port, and both use TLS. */
export async function withRegistry<T>(work: (server: string, caPath: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "private-registry-bench-"));
  const servers: Server[] = [];
  try {
    const certificates = createCertificates(directory);
    const realm = await listen(servers, certificates, (_request, response) => {
      response.end(JSON.stringify({ token: "t0ken" }));
    });
    const registry = await listen(servers, certificates, (request, response) => {
      if (request.headers.authorization === "Bearer t0ken") {
        response.setHeader("docker-content-digest", `sha256:${"a".repeat(64)}`).end();
      } else {
        response.setHeader("www-authenticate", `Bearer realm="https://${realm}/token",service="bench"`);
        response.writeHead(401).end();
      }
    });
    return await work(registry, certificates.caPath);
  } finally {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    rmSync(directory, { recursive: true });
  }
}

/** Starts a server with slow answers, and returns its host and port. */
async function listen(
  servers: Server[],
  { cert, key }: Certificates,
  answer: RequestListener,
): Promise<string> {
  const server = createServer({ cert, key }, (request, response) => {
    void sleep(answerMillis).then(() => {
      answer(request, response);
    });
  });
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
