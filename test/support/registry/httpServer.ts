import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import type { Certificates } from "./certificates";
import type { Stoppable } from "../runner/stopAtEnd";

/** A server of a test's own on an ephemeral port of 127.0.0.1. */
export interface TestServer extends Stoppable {
  /** Such as `127.0.0.1:40123`. */
  host: string;
  /** What it was asked, in order. */
  requests: { method: string; url: string; authorization?: string }[];
}

/** Starts an HTTP server, with TLS when certificates are given. */
export async function startHttpServer(
  listener: RequestListener,
  certificates?: Certificates,
): Promise<TestServer> {
  const requests: TestServer["requests"] = [];
  const recording: RequestListener = (request, response) => {
    const { method = "", url = "", headers } = request;
    const { authorization } = headers;
    requests.push({ method, url, ...(authorization !== undefined && { authorization }) });
    listener(request, response);
  };
  const server = certificates
    ? createHttpsServer({ key: certificates.key, cert: certificates.cert }, recording)
    : createHttpServer(recording);
  const host = await listen(server);
  return {
    host,
    requests,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Listens on an ephemeral port of 127.0.0.1 and returns `host:port`. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
