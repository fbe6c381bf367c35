import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { connect, createServer as createTcpServer, type Socket } from "node:net";
import { preflight } from "../../../components/registry/runChecks";
import { userAgent } from "../../../components/registry/routes";
import { PreflightError } from "../../../components/registry/preflightError";
import { type Certificates, createCertificates } from "../../support/registry/certificates";
import { listen, startHttpServer, type TestServer } from "../../support/registry/httpServer";
import { basic } from "../../support/registry/registry";
import { requireRegistryTools } from "../../support/registry/registryTools";
import { type Stoppable, stopAtEnd } from "../../support/runner/stopAtEnd";
import { temporaryDirectory } from "../../support/runner/temporaryDirectory";

const login = { username: "janedoe", password: "c4n4ry" };

/** A proxy of the tests: `registry.test` and every other name is the registry on this machine. */
interface TestProxy extends Stoppable {
  host: string;
  /** `CONNECT host:port` or `GET http://...`, each with the login of the proxy. */
  asked: string[];
}

async function startProxy(
  registryHost: string,
  statusFor: (target: string, authorization?: string) => number,
): Promise<TestProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const record = ({ method = "", url = "", headers }: IncomingMessage): number => {
    const authorization = headers["proxy-authorization"];
    asked.push(`${method} ${url}${authorization === undefined ? "" : ` ${authorization}`}`);
    return statusFor(url, authorization);
  };
  const server: Server = createServer((request, response) => {
    const status = record(request);
    response.writeHead(status, status === 200 ? {} : { "content-type": "text/html" });
    response.end(status === 200 ? "{}" : "<html><title>Access denied by policy</title></html>");
  });
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    const status = record(request);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const [host = "", port = ""] = registryHost.split(":");
    const upstream = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on("error", () => socket.destroy());
  });
  const host = await listen(server);
  return {
    host,
    asked,
    stop: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.closeAllConnections();
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  };
}

function outcome(result: object): string {
  return result instanceof PreflightError ? `${result.reason}: ${result.message}` : JSON.stringify(result);
}

describe("a proxy of the environment", () => {
  const stopping = stopAtEnd();
  let certificates: Certificates;
  let registry: TestServer;

  before(async function () {
    requireRegistryTools(this);
    certificates = createCertificates(
      stopping(temporaryDirectory()).path,
      "DNS:registry.test,DNS:other.test,IP:127.0.0.1",
    );
    registry = stopping(
      await startHttpServer(({ headers }, response) => {
        const isGood = headers.authorization === basic(login.username, login.password);
        response
          .writeHead(isGood ? 200 : 401, {
            "www-authenticate": "Basic realm=x",
            "docker-content-digest": `sha256:${"a".repeat(64)}`,
          })
          .end();
      }, certificates),
    );
  });

  const environment = process.env;

  beforeEach(() => {
    process.env = Object.fromEntries(Object.entries(environment).filter(([name]) => !/_proxy$/i.test(name)));
  });

  afterEach(() => {
    process.env = environment;
  });

  async function check(servers: string[], images: string[] = []) {
    const results = await preflight({
      registries: servers.map((server) => ({ server, ...login, caBundle: certificates.ca })),
      images: images.map((image) => ({ image, ...login, caBundle: certificates.ca })),
    });
    return [...results.registries, ...results.images].map(outcome);
  }

  it("gets the requests of https by CONNECT, with the login of its variable", async () => {
    const proxy = stopping(await startProxy(registry.host, () => 200));
    process.env["HTTPS_PROXY"] = `jane:p%40w@${proxy.host}`;
    assert.deepEqual(await check(["registry.test"], ["registry.test/shop/web:v1"]), [
      '{"handshake":"basic"}',
      `{"digest":"sha256:${"a".repeat(64)}"}`,
    ]);
    assert.deepEqual([...new Set(proxy.asked)], [`CONNECT registry.test:443 ${basic("jane", "p@w")}`]);
  });

  it("is not asked for this machine, nor for what NO_PROXY names", async () => {
    process.env["HTTPS_PROXY"] = "127.0.0.1:9";
    process.env["HTTP_PROXY"] = "127.0.0.1:9";
    assert.deepEqual(await check([registry.host]), ['{"handshake":"basic"}']);
    process.env["NO_PROXY"] = ".test";
    const [direct] = await check(["registry.test"]);
    assert.match(direct ?? "", /^unreachable: The registry "registry\.test" can't be reached \(E\w+\)/);
  });

  it("HTTP_PROXY is not for https, and gets whole URLs for http", async () => {
    const proxy = stopping(await startProxy(registry.host, () => 200));
    process.env["HTTP_PROXY"] = `http://${proxy.host}`;
    process.env["HTTPS_PROXY"] = "";
    assert.deepEqual(await check(["http://registry.test"]), ['{"handshake":"none"}']);
    assert.deepEqual(proxy.asked, ["GET http://registry.test/v2/"]);
    assert.match((await check(["registry.test"]))[0] ?? "", /^unreachable: The registry/);
    assert.equal(proxy.asked.length, 1);
  });

  it("refuses with 407: named with its variable and without the login, and asked once", async () => {
    const proxy = stopping(await startProxy(registry.host, () => 407));
    const images = Array.from({ length: 20 }, (_, index) => `registry.test/shop/app-${index}:v1`);
    process.env["HTTPS_PROXY"] = `http://jane:c4n4ry-proxy@${proxy.host}`;
    const outcomes = await check(["registry.test", "other.test"], images);
    assert.deepEqual(
      [...new Set(outcomes)],
      [
        `unreachable: The proxy "${proxy.host}" (environment variable HTTPS_PROXY) refused the login in the variable: check it, and escape special characters in it (%40 for @) (407).`,
      ],
    );
    assert.equal(proxy.asked.length, 1);
    process.env["HTTPS_PROXY"] = proxy.host;
    assert.match((await check(["registry.test"]))[0] ?? "", /wants a login, and the variable has none/);
  });

  it("refuses http with 407: the same", async () => {
    const proxy = stopping(await startProxy(registry.host, () => 407));
    process.env["http_proxy"] = proxy.host;
    const outcomes = await check(["http://registry.test", "http://other.test"]);
    assert.equal(new Set(outcomes).size, 1);
    assert.match(outcomes[0] ?? "", /\(environment variable http_proxy\) wants a login/);
    assert.equal(proxy.asked.length, 1);
  });

  it("refuses one host with 403: asked once for it, and others are reached", async () => {
    const proxy = stopping(
      await startProxy(registry.host, (target) => (target.startsWith("other.test") ? 403 : 200)),
    );
    process.env["HTTPS_PROXY"] = `jane:c4n4ry-proxy@${proxy.host}`;
    const images = ["a", "b", "c"].map((name) => `other.test/shop/${name}:v1`);
    const [good, ...refused] = await check(["registry.test", "other.test"], images);
    assert.deepEqual(good, '{"handshake":"basic"}');
    assert.deepEqual(
      [...new Set(refused)],
      [
        `unreachable: The proxy "${proxy.host}" (environment variable HTTPS_PROXY) does not connect to "other.test:443" (403). Ask its operators to allow it, or name the host in NO_PROXY if this machine reaches it without a proxy.`,
      ],
    );
    assert.equal(proxy.asked.filter((line) => line.includes("other.test")).length, 1);
  });

  it("refuses http with 403: what stands in between is named", async () => {
    const proxy = stopping(await startProxy(registry.host, () => 403));
    process.env["HTTP_PROXY"] = `jane:c4n4ry-proxy@${proxy.host}`;
    const [refused] = await check(["http://registry.test"]);
    assert.equal(
      refused,
      `notARegistry: The registry "registry.test" (through the proxy "${proxy.host}") did not accept the request (403). It says: "Access denied by policy".`,
    );
  });

  it("can't be reached: named, and asked once", async () => {
    const closed = await startProxy(registry.host, () => 200);
    await closed.stop();
    process.env["HTTPS_PROXY"] = `http://jane:c4n4ry-proxy@${closed.host}`;
    const outcomes = await check(["registry.test", "other.test"], ["registry.test/shop/web:v1"]);
    assert.equal(new Set(outcomes).size, 1);
    assert.match(
      outcomes[0] ?? "",
      /^unreachable: The proxy "127\.0\.0\.1:\d+" \(environment variable HTTPS_PROXY\) can't be reached \(ECONNREFUSED\)\. Check the variable/,
    );
    assert.doesNotMatch(outcomes[0] ?? "", /c4n4ry|jane/);
  });

  it("fails during TLS, or is none: the proxy is named and not the registry, without advice for another host", async () => {
    const secure = stopping(await startHttpServer((_request, response) => response.end(), certificates));
    const other = createTcpServer((socket) => {
      socket.on("error", () => undefined).once("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
    });
    const plain = await listen(other);
    for (const [variable, value, problem] of [
      [
        "HTTPS_PROXY",
        `https://jane:c4n4ry@${secure.host}`,
        /fails during TLS \(UNABLE_\w+\).* NODE_EXTRA_CA_CERTS/,
      ],
      [
        "HTTP_PROXY",
        `https://jane:c4n4ry@${secure.host}`,
        /fails during TLS \(UNABLE_\w+\).* NODE_EXTRA_CA_CERTS/,
      ],
      [
        "HTTPS_PROXY",
        `https://jane:c4n4ry@${plain}`,
        /does not speak TLS \(ERR_SSL_\w+\)\. Check host and port/,
      ],
      [
        "HTTP_PROXY",
        `https://jane:c4n4ry@${plain}`,
        /does not speak TLS \(ERR_SSL_\w+\)\. Check host and port/,
      ],
      ["HTTPS_PROXY", `http://jane:c4n4ry@${plain}`, /sent an answer that is not HTTP \(\w+\)/],
    ] as const) {
      process.env[variable] = value;
      const scheme = variable === "HTTP_PROXY" ? "http://" : "";
      const outcomes = await check([`${scheme}registry.test`, `${scheme}other.test`]);
      process.env[variable] = "";
      assert.equal(new Set(outcomes).size, 1);
      assert.match(outcomes[0] ?? "", problem);
      assert.match(
        outcomes[0] ?? "",
        new RegExp(`^unreachable: The proxy "127[^"]*" .*variable ${variable}`),
      );
      assert.doesNotMatch(outcomes[0] ?? "", /c4n4ry|jane|insecure|server with/);
    }
    other.close();
  });

  it("hears who asks", async () => {
    const agents: (string | undefined)[] = [];
    const server = createServer();
    server.on("connect", ({ headers }: IncomingMessage, socket: Socket) => {
      agents.push(headers["user-agent"]);
      socket.end("HTTP/1.1 403 No\r\n\r\n");
    });
    process.env["HTTPS_PROXY"] = await listen(server);
    await check(["registry.test"]);
    server.close();
    assert.deepEqual(agents, [userAgent]);
  });

  it("a variable that is not a proxy's address is named once, without its value", async () => {
    for (const value of ["http://jane:c4n4ry/@proxy:1", "ftp://jane:c4n4ry@proxy", "not a proxy c4n4ry"]) {
      process.env["HTTPS_PROXY"] = value;
      const outcomes = await check(["registry.test", "other.test"]);
      assert.equal(new Set(outcomes).size, 1);
      assert.match(outcomes[0] ?? "", /^unreachable: The environment variable HTTPS_PROXY /);
      assert.doesNotMatch(outcomes[0] ?? "", /c4n4ry|jane/);
    }
  });

  it("speaks SOCKS5", async () => {
    const targets: string[] = [];
    const [registryHost = "", registryPort = ""] = registry.host.split(":");
    const server = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        socket.write(Buffer.from([5, 0]));
        socket.once("data", (request: Buffer) => {
          targets.push(request.subarray(5, -2).toString());
          const upstream = connect(Number(registryPort), registryHost, () => {
            socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
            upstream.pipe(socket).pipe(upstream);
          });
          upstream.on("error", () => socket.destroy());
        });
      });
    });
    process.env["HTTPS_PROXY"] = `socks5h://${await listen(server)}`;
    assert.deepEqual(await check(["registry.test"]), ['{"handshake":"basic"}']);
    assert.deepEqual([...new Set(targets)], ["registry.test"]);
    server.close();
  });
});
