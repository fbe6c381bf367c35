import assert from "node:assert/strict";
import dns from "node:dns";
import { readdirSync, readFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { mock } from "node:test";
import { probeRegistry, resolveDigest } from "../../../components/registry/client";
import { preflight } from "../../../components/registry/runChecks";
import { PreflightError } from "../../../components/registry/preflightError";
import { startHttpServer, type TestServer } from "../../support/registry/httpServer";
import { assertFails, canaryPassword, failureOf } from "../../support/registry/preflightFailure";
import { basic } from "../../support/registry/registry";
import { stopAtEnd } from "../../support/runner/stopAtEnd";

const login = { username: "janedoe", password: canaryPassword };
const authorization = basic(login.username, login.password);
const digest = `sha256:${"a".repeat(64)}`;

type Found = (error: null, addresses: dns.LookupAddress[]) => void;

describe("a check, whatever is wrong around it", () => {
  const stopping = stopAtEnd();
  const environment = process.env;

  afterEach(() => {
    process.env = environment;
  });

  async function start(listener: RequestListener): Promise<TestServer> {
    return stopping(await startHttpServer(listener));
  }

  /** A registry with Basic, which answers every good login. */
  const basicRegistry: RequestListener = ({ headers }, response) => {
    const isGood = headers.authorization !== undefined;
    response.writeHead(isGood ? 200 : 401, {
      "www-authenticate": "Basic realm=x",
      "docker-content-digest": digest,
    });
    response.end();
  };

  it("says who asks in every request, token requests and redirects among them", async () => {
    const agents = new Set<string | undefined>();
    const registry = await start(({ url = "", headers }, response) => {
      agents.add(headers["user-agent"]);
      if (url.startsWith("/token")) {
        response.end('{"token":"t"}');
      } else if (headers.authorization === undefined) {
        response.writeHead(401, { "www-authenticate": `Bearer realm="http://${headers.host}/token"` }).end();
      } else if (url.includes("/manifests/")) {
        response.writeHead(307, { location: "/stored" }).end();
      } else {
        response.writeHead(200, { "docker-content-digest": digest }).end();
      }
    });
    assert.deepEqual(
      await resolveDigest({ image: `${registry.host}/shop/web:v1`, insecure: true, ...login }),
      { digest },
    );
    const { version } = JSON.parse(readFileSync(join(__dirname, "../../../package.json"), "utf8")) as {
      version: string;
    };
    assert.deepEqual([...agents], [`kubernetes-private-registry/${version}`]);
    assert.deepEqual(
      registry.requests.map(({ url }) => url.replace(/\?.*/, "")),
      ["/v2/", "/token", "/v2/", "/token", "/v2/shop/web/manifests/v1", "/stored"],
    );
  });

  it("follows /v2/ to /v2, with the login", async () => {
    const registry = await start((request, response) => {
      if (request.url === "/v2/") {
        response.writeHead(301, { location: "/v2" }).end();
      } else {
        basicRegistry(request, response);
      }
    });
    assert.deepEqual(await probeRegistry({ server: `http://${registry.host}`, ...login }), {
      handshake: "basic",
    });
    assert.deepEqual(registry.requests.at(-1), { method: "GET", url: "/v2", authorization });
  });

  it("takes any characters in a login", async () => {
    const registry = await start(basicRegistry);
    for (const [username, password] of [
      ["jané\u0000", "p\nw"],
      ["日本", "\ud800"],
      ["a:b", ":"],
      ["\r\nx: y", "\u2028"],
      ["u".repeat(3000), "p".repeat(3000)],
    ] as const) {
      assert.deepEqual(await probeRegistry({ server: `http://${registry.host}`, username, password }), {
        handshake: "basic",
      });
    }
  });

  it("never throws anything but a PreflightError", async () => {
    const odd: RequestListener[] = [
      (_request, response) =>
        response.writeHead(401, { "www-authenticate": 'Bearer realm="http://[x"' }).end(),
      (_request, response) => response.writeHead(401, { "www-authenticate": ["", "Bearer", ","] }).end(),
      (_request, response) => response.writeHead(302, { location: "http://[" }).end(),
      (_request, response) => response.writeHead(302, { location: "https://127.0.0.1:99999/" }).end(),
      (_request, response) => response.writeHead(302, { location: "blob:https://127.0.0.1/x" }).end(),
      (_request, response) => response.writeHead(302, { location: "" }).end(),
      (_request, response) => response.writeHead(999).end("\u0000"),
      (_request, response) => response.writeHead(200, { "content-length": "5" }).end("{"),
      (_request, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("no gzip"),
      (_request, response) => response.writeHead(407).end(),
      ({ socket }) => socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
      ({ socket }) => socket.end("HTTP/1.1 200 OK\r\nconnection: x\r\nfoo bar\r\n\r\n"),
    ];
    for (const listener of odd) {
      const { host } = await start(listener);
      await failureOf(probeRegistry({ server: `http://${host}`, ...login, timeoutSeconds: 3 }));
      await failureOf(
        resolveDigest({ image: `${host}/shop/web:v1`, insecure: true, ...login, timeoutSeconds: 3 }),
      );
    }
  });

  it("ends in a PreflightError for arguments that no type allows", async () => {
    for (const check of [
      { server: 5 },
      { server: "registry.test", caBundle: 7 },
      { server: "registry.test", username: null, password: {} },
      null,
    ]) {
      const failure = await failureOf(probeRegistry({ ...login, ...check } as never));
      assert.ok(["unexpected", "invalid", "timeout", "unreachable"].includes(failure.reason));
    }
  });

  it("ends in a PreflightError without any arguments", async () => {
    for (const none of [undefined, null, 5, "x", []]) {
      for (const check of [probeRegistry, resolveDigest]) {
        assert.equal((await failureOf(check(none as never))).reason, "unexpected");
      }
    }
  });

  it("refuses a time-out in which nothing can be asked, and takes any other", async () => {
    const registry = await start(basicRegistry);
    const within = (timeoutSeconds: unknown) =>
      probeRegistry({ server: `http://${registry.host}`, ...login, timeoutSeconds } as never);
    for (const [seconds, shown] of [
      [0, "0"],
      [-1, "-1"],
      [-Infinity, "-Infinity"],
      [NaN, "NaN"],
      ["5", "a value of the type string"],
      [null, "a value of the type object"],
    ] as const) {
      await assertFails(within(seconds), "invalid", new RegExp(`^timeoutSeconds is ${shown}: give a number`));
    }
    assert.equal(registry.requests.length, 0);
    for (const seconds of [undefined, 5, 1e9, Infinity]) {
      assert.deepEqual(await within(seconds), { handshake: "basic" });
    }
  });

  it("never rejects, and has one failure for each check that could not be made", async () => {
    const hostile = { server: 5, ...login } as never;
    const { registries, images } = await preflight({
      registries: [hostile, hostile],
      images: [{ image: {} } as never, { image: 1n } as never],
    });
    assert.deepEqual(
      [...registries, ...images].map((result) => result instanceof PreflightError && result.reason),
      ["unexpected", "unexpected", "unexpected", "unexpected"],
    );
  });

  it("uses nothing of the environment but the proxy's variables", async () => {
    const registry = await start(basicRegistry);
    process.env = { ...environment, HTTP_PROXY: "blob:x", HTTPS_PROXY: "%", NO_PROXY: "[,//,%" };
    assert.deepEqual(await probeRegistry({ server: `http://${registry.host}`, ...login }), {
      handshake: "basic",
    });
    await assertFails(
      probeRegistry({ server: "registry.test", ...login }),
      "unreachable",
      /^The environment variable HTTPS_PROXY is not the address of a proxy/,
    );
  });

  it("hides a login that is yet to be sent, also one of another check", async () => {
    const words =
      (secret: string): RequestListener =>
      (_request, response) => {
        response.writeHead(429).end(JSON.stringify({ errors: [{ message: `hello ${secret}` }] }));
      };
    const other = { username: "other-user", password: "other-c4n4ry" };
    for (const secret of [canaryPassword, encodeURIComponent(canaryPassword), login.username]) {
      const { host } = await start(words(secret));
      const { message } = await failureOf(probeRegistry({ server: `http://${host}`, ...login }));
      assert.match(message, /answered 429/);
      assert.doesNotMatch(message, /It says/);
    }
    const { host } = await start(words(other.password));
    const { registries } = await preflight({
      registries: [
        { server: `http://${host}`, ...login },
        { server: "http://127.0.0.1:9", ...other },
      ],
      images: [],
    });
    assert.ok(registries[0] instanceof PreflightError);
    assert.doesNotMatch(registries[0].message, /It says/);
  });

  it("hides a login in the redirect of a request before it, and in the realm", async () => {
    for (const headers of [
      { location: "http://c4n4ry.example.com/" },
      { "www-authenticate": 'Bearer realm="http://c4n4ry.example.com/token"' },
      { "www-authenticate": 'Bearer realm="/c4n4ry"' },
    ]) {
      const status = "location" in headers ? 302 : 401;
      const { host } = await start((_request, response) => response.writeHead(status, headers).end());
      const check = { server: `http://${host}`, username: "u", password: "c4n4ry" };
      await failureOf(probeRegistry(check));
      await failureOf(resolveDigest({ ...check, image: `${host}/a/b` }));
    }
  });

  describe("of a link-local address", () => {
    it("is not made: not of the registry, however it is written", async () => {
      for (const server of [
        "169.254.169.254:80",
        "http://169.254.169.254",
        "[fe80::1]:5000",
        "[::ffff:a9fe:a9fe]:80",
      ]) {
        await assertFails(probeRegistry({ server, ...login }), "invalid", /has a link-local address/);
      }
    });

    it("is not made: not of a token service, nor of a redirect's target", async () => {
      const registry = await start(({ url, headers }, response) => {
        if (url === "/v2/") {
          response
            .writeHead(401, { "www-authenticate": 'Bearer realm="https://169.254.169.254/token"' })
            .end();
        } else {
          response.writeHead(307, { location: "https://[fe80::1]/", host: headers.host }).end();
        }
      });
      await assertFails(
        probeRegistry({ server: `http://${registry.host}`, ...login }),
        "invalid",
        /^The token service "169\.254\.169\.254" of the registry .* has a link-local address/,
      );
      const open = await start(({ url }, response) => {
        response.writeHead(url === "/v2/" ? 200 : 307, { location: "https://[fe80::1]/" }).end();
      });
      await assertFails(
        resolveDigest({ image: `${open.host}/shop/web:v1`, insecure: true }),
        "invalid",
        /^The redirect target "\[fe80::1\]" of the registry .* has a link-local address/,
      );
    });

    it("is not made: not of a name that has one among its addresses", async () => {
      const asked: string[] = [];
      const lookup = mock.method(dns, "lookup", ((name: string, _options: object, callback: Found) => {
        asked.push(name);
        callback(null, [
          { address: "127.0.0.1", family: 4 },
          { address: "::ffff:169.254.169.254", family: 6 },
        ]);
      }) as never);
      try {
        await assertFails(
          probeRegistry({ server: "http://metadata.test", ...login }),
          "invalid",
          /has a link-local address/,
        );
      } finally {
        lookup.mock.restore();
      }
      assert.deepEqual(asked, ["metadata.test"]);
    });
  });

  it("loads undici by the name under which Bun has no part of its own", () => {
    const directory = join(__dirname, "../../../components/registry");
    for (const file of readdirSync(directory)) {
      const text = readFileSync(join(directory, file), "utf8");
      assert.doesNotMatch(text, /^import (?!type)[^;]*from "undici"|require\("undici"\)/m, file);
    }
  });
});
