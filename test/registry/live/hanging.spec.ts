import assert from "node:assert/strict";
import type { RequestListener, ServerResponse } from "node:http";
import { createServer, type Socket } from "node:net";
import { preflight } from "../../../components/registry/runChecks";
import { PreflightError } from "../../../components/registry/preflightError";
import { listen, startHttpServer, type TestServer } from "../../support/registry/httpServer";
import { basic } from "../../support/registry/registry";
import { stopAtEnd } from "../../support/runner/stopAtEnd";

const login = { username: "janedoe", password: "c4n4ry" };
const timeoutSeconds = 1;
const count = 1000;

/** Messages, each with how many checks failed with it. */
function countOf(results: object[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) {
    const key = result instanceof PreflightError ? `${result.reason}: ${result.message}` : "good";
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** Twice the connections to one host. */
const checksAtOnce = 16;

describe("a host that does not answer", () => {
  const stopping = stopAtEnd();

  async function start(listener: RequestListener): Promise<TestServer> {
    return stopping(await startHttpServer(listener));
  }

  /** A host that takes connections and never says a word. */
  async function startSilent(): Promise<string> {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
    stopping({
      stop: () => {
        sockets.forEach((socket) => socket.destroy());
        server.close();
        return Promise.resolve();
      },
    });
    return listen(server);
  }

  /** 1,000 images within two time-outs, which is what the work of eight at a time may cost. */
  async function checkImages({ host }: TestServer): Promise<(object | PreflightError)[]> {
    const begin = performance.now();
    const { images } = await preflight(
      {
        registries: [],
        images: Array.from({ length: count }, (_, index) => ({
          image: `${host}/shop/app-${index}:v1`,
          server: `http://${host}`,
          ...login,
        })),
      },
      { timeoutSeconds },
    );
    const seconds = (performance.now() - begin) / 1000;
    assert.ok(seconds < 2 * timeoutSeconds + 0.5, `${seconds} s`);
    return images;
  }

  const late = `did not finish its answer within ${timeoutSeconds} s.`;

  it("costs one time-out when /v2/ answers and the manifests hang", async () => {
    const registry = await start(({ url, headers }, response) => {
      if (headers.authorization !== basic(login.username, login.password)) {
        response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
      } else if (url === "/v2/") {
        response.end("{}");
      }
    });
    const counts = countOf(await checkImages(registry));
    assert.deepEqual(Object.values(counts), [count]);
    assert.match(Object.keys(counts)[0] ?? "", new RegExp(`^timeout: The registry "127[^"]*" ${late}`));
    assert.ok(registry.requests.length <= 2 + 8, `${registry.requests.length} requests`);
  });

  it("costs one time-out when the token service hangs, which is named", async () => {
    const registry = await start(({ url = "", headers }, response) => {
      if (!url.startsWith("/token")) {
        const realm = `Bearer realm="http://${headers.host}/token"`;
        response.writeHead(401, { "www-authenticate": realm }).end();
      }
    });
    const counts = countOf(await checkImages(registry));
    assert.deepEqual(Object.values(counts), [count]);
    assert.match(
      Object.keys(counts)[0] ?? "",
      new RegExp(`^timeout: The token service "127[^"]*" of the registry "127[^"]*" ${late}`),
    );
    assert.equal(registry.requests.length, 2);
  });

  it("costs one time-out when the token service hangs for each repository", async () => {
    const registry = await start(({ url = "", headers }, response) => {
      if (url === "/token") {
        response.end('{"token":"t"}');
      } else if (!url.startsWith("/token")) {
        const realm = `Bearer realm="http://${headers.host}/token"`;
        response.writeHead(headers.authorization === "Bearer t" ? 200 : 401, { "www-authenticate": realm });
        response.end("{}");
      }
    });
    const counts = countOf(await checkImages(registry));
    assert.deepEqual(Object.values(counts), [count]);
    assert.match(Object.keys(counts)[0] ?? "", /^timeout: The token service/);
  });

  it("costs one time-out when the manifests come byte by byte", async () => {
    const timers: NodeJS.Timeout[] = [];
    const registry = await start(({ url, method }, response) => {
      if (url === "/v2/" || method === "HEAD") {
        response.end();
        return;
      }
      response.write("{");
      timers.push(setInterval(() => response.write(" "), 100));
    });
    const counts = countOf(await checkImages(registry));
    timers.forEach(clearInterval);
    assert.deepEqual(Object.values(counts), [count]);
    assert.match(Object.keys(counts)[0] ?? "", new RegExp(late));
  });

  it("costs one time-out when each image is redirected to another host that hangs", async () => {
    const silent = await Promise.all(Array.from({ length: 40 }, () => startSilent()));
    let asked = 0;
    const registry = await start(({ url = "" }, response) => {
      const location = `https://${silent[asked++ % silent.length]}/`;
      response.writeHead(url === "/v2/" ? 200 : 307, url === "/v2/" ? {} : { location }).end();
    });
    const counts = countOf(await checkImages(registry));
    assert.equal(
      Object.values(counts).reduce((sum, some) => sum + some),
      count,
    );
    assert.ok(Object.keys(counts).length <= checksAtOnce, JSON.stringify(counts));
    for (const message of Object.keys(counts)) {
      assert.match(message, new RegExp(`^timeout: The redirect target "127[^"]*" of .* ${late}`));
    }
    assert.ok(registry.requests.length <= 1 + checksAtOnce, `${registry.requests.length} requests`);
  });

  it("is tried three times when it breaks off its answers, or fails, and then once for each image", async () => {
    for (const fail of [
      (response: ServerResponse) => response.destroy(),
      (response: ServerResponse) => response.writeHead(503).end(),
    ]) {
      const registry = await start(({ url }, response) => {
        if (url === "/v2/") {
          response.end("{}");
        } else {
          fail(response);
        }
      });
      const { images } = await preflight({
        registries: [],
        images: Array.from({ length: 200 }, (_, index) => ({
          image: `${registry.host}/shop/app-${index}:v1`,
          insecure: true,
        })),
      });
      assert.deepEqual(Object.values(countOf(images)), [200]);
      assert.equal(registry.requests.length, 1 + 200 + 2 * checksAtOnce);
    }
  });

  it("does not keep another host from being checked", async () => {
    const silent = await start(() => undefined);
    const good = await start((_request, response) =>
      response.setHeader("docker-content-digest", `sha256:${"a".repeat(64)}`).end(),
    );
    const hosts = [silent.host, good.host];
    const { images } = await preflight(
      {
        registries: [],
        images: Array.from({ length: 100 }, (_, index) => ({
          image: `${hosts[index % 2]}/shop/app-${index}:v1`,
          insecure: true,
        })),
      },
      { timeoutSeconds },
    );
    assert.deepEqual(Object.values(countOf(images)), [50, 50]);
    assert.ok(images[1] && "digest" in images[1]);
  });

  it("is tried three times when it refuses connections, and not again for each repository", async () => {
    const closed = await startHttpServer(() => undefined);
    await closed.stop();
    let tokens = 0;
    const registry = await start(({ url = "", headers }, response) => {
      if (url.startsWith("/token?")) {
        tokens++;
        response.writeHead(307, { location: `https://${closed.host}/` }).end();
      } else {
        const realm = `Bearer realm="http://${headers.host}/token",service="s"`;
        response.writeHead(401, { "www-authenticate": realm }).end();
      }
    });
    const begin = performance.now();
    const { images } = await preflight(
      {
        registries: [],
        images: Array.from({ length: 200 }, (_, index) => ({
          image: `${registry.host}/shop/app-${index}:v1`,
          insecure: true,
        })),
      },
      { timeoutSeconds: 10 },
    );
    assert.ok(performance.now() - begin < 5000);
    const counts = countOf(images);
    assert.deepEqual(Object.values(counts), [200]);
    assert.match(Object.keys(counts)[0] ?? "", /^unreachable: The redirect target .* \(ECONNREFUSED\)/);
    assert.equal(tokens, 200);
  });
});
