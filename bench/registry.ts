import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** How long each answer takes: as of a registry in the same region, network included. */
const answerMillis = 20;

/** Runs `work` beside a registry with token auth that has every image. */
export async function withRegistry<T>(work: (server: string) => Promise<T>): Promise<T> {
  const server = createServer((request, response) => {
    const url = `http://${request.headers.host ?? ""}`;
    void sleep(answerMillis).then(() => {
      if (request.url?.startsWith("/token") === true) {
        response.end(JSON.stringify({ token: "t0ken" }));
      } else if (request.headers.authorization === "Bearer t0ken") {
        response.setHeader("docker-content-digest", `sha256:${"a".repeat(64)}`).end();
      } else {
        response.setHeader("www-authenticate", `Bearer realm="${url}/token",service="bench"`);
        response.writeHead(401).end();
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await work(`127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
