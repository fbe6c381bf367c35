import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { probeRegistry, resolveDigest } from "../../../components/registry/client";
import { startHttpServer, type TestServer } from "../../support/registry/httpServer";
import { assertFails, canaryPassword, failureOf } from "../../support/registry/preflightFailure";
import { basic } from "../../support/registry/registry";
import { stopAtEnd } from "../../support/runner/stopAtEnd";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const login = { username: "janedoe", password: canaryPassword };
const authorization = basic(login.username, login.password);
const digest = `sha256:${"a".repeat(64)}`;
const manifest = JSON.stringify({ schemaVersion: 2, layers: [] });

const open: Answer = (response) => response.end("{}");
const found: Answer = (response) => response.setHeader("docker-content-digest", digest).end();

function status(code: number, headers: Record<string, string | string[]> = {}, body = ""): Answer {
  return (response) => response.writeHead(code, headers).end(body);
}

/** Answers one after the other, the last one for good. */
function inTurn(...answers: Answer[]): Answer {
  return (response, request) => {
    const [answer] = answers.length > 1 ? answers.splice(0, 1) : answers;
    answer?.(response, request);
  };
}

describe("what a registry answers", () => {
  const stopping = stopAtEnd();

  /** A plain-http registry: answers by path, `found` for everything else. */
  async function start(answers: Record<string, Answer>): Promise<TestServer> {
    return stopping(
      await startHttpServer((request, response) => {
        const [path = ""] = (request.url ?? "").split("?");
        (answers[path] ?? found)(response, request);
      }),
    );
  }

  function probe({ host }: TestServer) {
    return probeRegistry({ server: `http://${host}`, ...login });
  }

  function resolve({ host }: TestServer, image = "shop/web:v1") {
    return resolveDigest({ image: `${host}/${image}`, server: `http://${host}`, ...login });
  }

  describe("GET /v2/", () => {
    it("200 without a login: the login is not sent", async () => {
      const registry = await start({ "/v2/": open });
      assert.deepEqual(await probe(registry), { handshake: "none" });
      assert.deepEqual(registry.requests, [{ method: "GET", url: "/v2/" }]);
    });

    it("HTML, 404 or an unusable challenge: not a registry", async () => {
      for (const [answer, message] of [
        [
          status(200, { "content-type": "text/html" }, "<html></html>"),
          /answered \/v2\/ with something other/,
        ],
        [status(404), /answered 404, which is not how a registry answers/],
        [status(401), /answered 401 without a Basic or Bearer challenge/],
        [status(401, { "www-authenticate": "Negotiate, Digest realm=x" }), /without a Basic or Bearer/],
        [
          status(401, { "www-authenticate": 'Bearer realm="nowhere"' }),
          /its realm \("nowhere"\) is not the whole URL/,
        ],
      ] as const) {
        await assertFails(probe(await start({ "/v2/": answer })), "notARegistry", message);
      }
    });

    it("a redirect is not followed", async () => {
      const target = await start({});
      const registry = await start({ "/v2/": status(302, { location: `http://${target.host}/v2/` }) });
      await assertFails(probe(registry), "redirect", /redirects \(302\) to "http:\/\/127/);
      assert.deepEqual(target.requests, []);
    });

    it("several challenges: Bearer is chosen, in one field or in several", async () => {
      for (const challenges of [
        (realm: string) => [`Negotiate, Basic realm="a, b", Bearer realm="${realm}",service="x"`],
        (realm: string) => ["Basic realm=x", `BEARER  Realm = "${realm}", service="x"`],
      ]) {
        const answers: Record<string, Answer> = { "/token": status(200, {}, '{"access_token":"t"}') };
        const registry = await start(answers);
        const challenge = { "www-authenticate": challenges(`http://${registry.host}/token`) };
        answers["/v2/"] = inTurn(status(401, challenge), open);
        assert.deepEqual(await probe(registry), { handshake: "bearer" });
        assert.deepEqual(registry.requests.slice(1), [
          { method: "GET", url: "/token?service=x", authorization },
          { method: "GET", url: "/v2/", authorization: "Bearer t" },
        ]);
      }
    });
  });

  describe("its token service", () => {
    async function startWithToken(token: Answer): Promise<TestServer> {
      const answers: Record<string, Answer> = { "/token": token };
      const registry = await start(answers);
      const realm = `Bearer realm="http://${registry.host}/token"`;
      answers["/v2/"] = inTurn(status(401, { "www-authenticate": realm }), open);
      return registry;
    }

    it("answers without a token: not a registry", async () => {
      for (const body of ["<html></html>", "[]", "{}", '{"token":7}', '{"token":"a\\nb"}']) {
        const registry = await startWithToken(status(200, {}, body));
        await assertFails(
          resolve(registry),
          "notARegistry",
          /^The token service "127\.0\.0\.1:\d+" of the registry "127\.0\.0\.1:\d+" answered 200 without a token/,
        );
      }
    });

    it("fails or is not there: the message says that it is the token service", async () => {
      for (const [code, reason] of [
        [404, "notARegistry"],
        [429, "rateLimited"],
      ] as const) {
        const registry = await startWithToken(status(code));
        await assertFails(probe(registry), reason, /^The token service "127.* of the registry "127/);
      }
    });

    it("refuses with 403 and with 401: the same to us", async () => {
      for (const code of [401, 403]) {
        const registry = await startWithToken(status(code));
        await assertFails(resolve(registry), "unauthorized", /refused the username and password/);
      }
    });

    it("takes the login and refuses the scope: no permission", async () => {
      const registry = await startWithToken((response, { url }) => {
        response.writeHead(url?.includes("scope=") ? 401 : 200).end('{"token":"t"}');
      });
      await assertFails(resolve(registry), "forbidden", /does not let it pull from "shop\/web" \(401\)/);
    });

    it("repeats what it was sent: it is not quoted", async () => {
      for (const repeated of [canaryPassword, encodeURIComponent(canaryPassword), authorization]) {
        const registry = await startWithToken(
          status(401, {}, JSON.stringify({ message: `no: ${repeated}` })),
        );
        assert.doesNotMatch((await failureOf(probe(registry))).message, /It says/);
      }
    });
  });

  describe("a manifest", () => {
    it("200 with a digest", async () => {
      const registry = await start({ "/v2/": open });
      assert.deepEqual(await resolve(registry), { digest });
      assert.deepEqual(
        registry.requests.map(({ method, url }) => `${method} ${url}`),
        ["GET /v2/", "HEAD /v2/shop/web/manifests/v1"],
      );
    });

    it("without a digest, or 405 for HEAD: the digest is that of the bytes", async () => {
      const computed = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
      for (const head of [status(200), status(405), status(200, { "docker-content-digest": "md5:x" })]) {
        const registry = await start({
          "/v2/": open,
          "/v2/shop/web/manifests/v1": (response, request) => {
            (request.method === "HEAD" ? head : status(200, {}, manifest))(response, request);
          },
        });
        assert.deepEqual(await resolve(registry), { digest: computed });
      }
    });

    it("another digest than the one asked for, or no manifest: not a registry", async () => {
      const registry = await start({
        "/v2/": open,
        "/v2/shop/web/manifests/html": status(200, {}, "<html></html>"),
        "/v2/shop/web/manifests/json": status(200, {}, '{"hello":"world"}'),
      });
      for (const image of [`shop/web@sha256:${"b".repeat(64)}`, "shop/web:html", "shop/web:json"]) {
        await assertFails(resolve(registry, image), "notARegistry", /something that is not its manifest/);
      }
    });

    it("wants a login that /v2/ did not: the same handshake, then", async () => {
      const registry = await start({
        "/v2/": open,
        "/v2/shop/web/manifests/v1": (response, request) => {
          const known = request.headers.authorization === authorization;
          (known ? found : status(401, { "www-authenticate": "Basic realm=x" }))(response, request);
        },
      });
      assert.deepEqual(await resolve(registry), { digest });
      await assertFails(
        resolveDigest({ image: `${registry.host}/shop/web:v1`, insecure: true, ...login, password: "wrong" }),
        "unauthorized",
        /refused the username and password/,
      );
    });

    it("403: no permission, in the registry's words", async () => {
      const basicChallenge = status(401, { "www-authenticate": "Basic realm=x" });
      const registry = await start({
        "/v2/": inTurn(basicChallenge, open),
        "/v2/shop/web/manifests/v1": status(403),
      });
      await assertFails(resolve(registry), "forbidden", /does not let it pull from "shop\/web" \(403\)/);
    });
  });

  describe("trouble", () => {
    it("429: says when to try again, and is not retried", async () => {
      const registry = await start({
        "/v2/": open,
        "/v2/shop/web/manifests/v1": status(429, { "retry-after": "30" }),
      });
      await assertFails(
        resolve(registry),
        "rateLimited",
        /answered 429: too many requests\. Try again in 30 s, at 2/,
      );
      assert.equal(registry.requests.length, 2);
    });

    it("5xx, then good: retried", async () => {
      const registry = await start({
        "/v2/": inTurn(status(503), open),
        "/v2/shop/web/manifests/v1": inTurn(status(500), status(502), found),
      });
      assert.deepEqual(await resolve(registry), { digest });
    });

    it("5xx at every one of three tries: unavailable, in the registry's words", async () => {
      const body = JSON.stringify({ errors: [{ code: "UNAVAILABLE", message: "read\u0007-only" }] });
      const registry = await start({ "/v2/": status(503, {}, body) });
      await assertFails(
        probe(registry),
        "unavailable",
        /failed with 503 on every try.*It says: "read -only"/,
      );
      assert.equal(registry.requests.length, 3);
    });

    it("4xx: not retried", async () => {
      for (const code of [400, 404, 418]) {
        const registry = await start({ "/v2/": status(code) });
        await failureOf(probe(registry));
        assert.equal(registry.requests.length, 1);
      }
    });
  });
});
