import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { createServer, type Socket } from "node:net";
import { probeRegistry, resolveDigest } from "../../../components/registry/client";
import { createCertificates } from "../../support/registry/certificates";
import { listen, startHttpServer } from "../../support/registry/httpServer";
import { assertFails, canaryPassword, failureOf } from "../../support/registry/preflightFailure";
import { requireRegistryTools } from "../../support/registry/registryTools";
import { type Stoppable, stopAtEnd } from "../../support/runner/stopAtEnd";
import { temporaryDirectory } from "../../support/runner/temporaryDirectory";

const login = { username: "janedoe", password: canaryPassword };

describe("a registry that does not answer as it should", () => {
  const stopping = stopAtEnd();

  async function hostOf(listener: RequestListener): Promise<string> {
    return stopping(await startHttpServer(listener)).host;
  }

  async function rawHost(onConnection: (socket: Socket) => void): Promise<string> {
    const server = stopping(await startRawServer(onConnection));
    return server.host;
  }

  function probe(server: string, timeoutSeconds = 5) {
    return probeRegistry({ server, ...login, timeoutSeconds });
  }

  it("refuses connections: unreachable, after two more tries", async () => {
    const server = await startRawServer(() => undefined);
    await server.stop();
    await assertFails(
      probe(server.host),
      "unreachable",
      /can't be reached \(ECONNREFUSED\)\. The check runs where pulumi runs, not in the cluster/,
    );
  });

  it("has no address: unreachable", async () => {
    await assertFails(probe("registry.invalid"), "unreachable", /can't be reached \(E\w+\)/);
  });

  it("never answers: cut when the time is up", async () => {
    const host = await rawHost(() => undefined);
    await assertFails(probe(`http://${host}`, 0.3), "timeout", /did not finish its answer within 0\.3 s/);
  });

  it("never answers the TLS handshake: cut when the time is up", async () => {
    const host = await rawHost(() => undefined);
    await assertFails(probe(host, 0.3), "timeout", /did not finish its answer within 0\.3 s/);
  });

  it("sends one byte a second: cut when the time is up, though bytes still come", async () => {
    const timers: NodeJS.Timeout[] = [];
    const host = await hostOf((_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write("{");
      timers.push(setInterval(() => response.write(" "), 1000));
    });
    await assertFails(probe(`http://${host}`, 1.5), "timeout", /within 1\.5 s/);
    timers.forEach(clearInterval);
  });

  it("answers a manifest without end: cut at a limit", async () => {
    const host = await hostOf((request, response) => {
      if (request.url === "/v2/" || request.method === "HEAD") {
        response.end();
        return;
      }
      const more = (): void => {
        while (response.write("x".repeat(65536)));
      };
      response.on("drain", more);
      more();
    });
    await assertFails(
      resolveDigest({ image: `${host}/shop/web:v1`, insecure: true }),
      "notARegistry",
      /with something that is not its manifest/,
    );
  });

  it("sends something other than HTTP: not a registry, and its words are not repeated", async () => {
    const host = await rawHost((socket) => {
      socket.on("data", (data) => socket.end(data));
    });
    await assertFails(probe(`http://${host}`), "notARegistry", /sent an answer that is not HTTP \(\w+\)/);
  });

  it("sends headers without end: not a registry", async () => {
    const host = await rawHost((socket) => {
      socket.on("data", () => socket.write(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(100_000)}`));
    });
    await assertFails(probe(`http://${host}`), "notARegistry", /not HTTP \(\w+OVERFLOW\)/);
  });

  it("closes the connection: unreachable, after two more tries", async () => {
    let connections = 0;
    const host = await rawHost((socket) => {
      connections++;
      socket.on("data", () => socket.destroy());
    });
    await assertFails(probe(`http://${host}`), "unreachable", /can't be reached \(\w+\)/);
    assert.equal(connections, 3);
  });

  it("speaks plain http: TLS is not given up, and no request is sent", async () => {
    const server = stopping(await startHttpServer((_request, response) => response.end()));
    await assertFails(probe(server.host), "tls", /does not speak TLS.*write the server with `http:\/\/`/);
    assert.deepEqual(server.requests, []);
  });

  it("has a certificate for another name", async function () {
    requireRegistryTools(this);
    const certificates = createCertificates(stopping(temporaryDirectory()).path, "DNS:registry.example.com");
    const { host } = stopping(await startHttpServer((_request, response) => response.end(), certificates));
    await assertFails(
      probeRegistry({ server: host, ...login, caBundle: certificates.ca }),
      "tls",
      /certificate for another host name/,
    );
  });

  it("is not asked when the arguments can't be right", async () => {
    const server = stopping(await startHttpServer((_request, response) => response.end()));
    const image = `${server.host}/shop/web:v1`;
    const caBundle = "/etc/ssl/ca.pem";
    for (const [check, message] of [
      [probeRegistry({ server: "*.example.com", ...login }), /names many hosts/],
      [probeRegistry({ server: `jane:${canaryPassword}@${server.host}`, ...login }), /user information/],
      [probeRegistry({ server: server.host, ...login, caBundle }), /caBundle .* is not a certificate in PEM/],
      [resolveDigest({ image: "Shop/web:v1:v2" }), /"Shop\/web:v1:v2"/],
      [resolveDigest({ image, username: "janedoe" }), /only a username or only a password/],
    ] as const) {
      const failure = await failureOf(check);
      assert.equal(failure.reason, "invalid");
      assert.match(failure.message, message);
    }
    assert.deepEqual(server.requests, []);
  });
});

async function startRawServer(onConnection: (socket: Socket) => void): Promise<Stoppable & { host: string }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onConnection(socket);
  });
  const host = await listen(server);
  return {
    host,
    stop: async () => {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
