import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { probeRegistry, resolveDigest } from "../../../components/registry/client";
import { startHttpServer, type TestServer } from "../../support/registry/httpServer";
import { assertFails, canaryPassword } from "../../support/registry/preflightFailure";
import { basic } from "../../support/registry/registry";
import { stopAtEnd } from "../../support/runner/stopAtEnd";

const login = { username: "janedoe", password: canaryPassword };
const authorization = basic(login.username, login.password);
const digest = `sha256:${"a".repeat(64)}`;
const pullScope = "repository:shop/web:pull";

/** What a registry with a token service of its own does; the token names the scopes that it was given out for. */
interface Behaviour {
  /** The challenge of `/v2/`, and of a manifest where that is another one. */
  challenge: (host: string) => string;
  manifestChallenge?: (host: string) => string;
  /** The scopes that a token must have at `/v2/` and for the manifest. */
  baseScopes?: string[];
  manifestScopes?: string[];
  token?: (response: ServerResponse, url: URL) => boolean;
}

describe("the realm and the scopes of a challenge", () => {
  const stopping = stopAtEnd();

  async function start(behaviour: Behaviour): Promise<TestServer> {
    const { challenge, manifestChallenge = challenge, baseScopes = [], manifestScopes = [] } = behaviour;
    const answer = ({ url = "", headers }: IncomingMessage, response: ServerResponse): void => {
      const { pathname, searchParams } = new URL(url, "http://localhost");
      if (pathname === "/token") {
        if (behaviour.token?.(response, new URL(url, "http://localhost")) !== true) {
          const scopes = Buffer.from(JSON.stringify(searchParams.getAll("scope"))).toString("base64url");
          response.writeHead(headers.authorization === authorization ? 200 : 401);
          response.end(JSON.stringify({ token: scopes }));
        }
        return;
      }
      const wanted = pathname === "/v2/" ? baseScopes : manifestScopes;
      const [, token] = /^Bearer (.*)/.exec(headers.authorization ?? "") ?? [];
      const scopes =
        token === undefined
          ? undefined
          : (JSON.parse(Buffer.from(token, "base64url").toString()) as string[]);
      if (scopes && wanted.every((scope) => scopes.includes(scope))) {
        response.writeHead(200, { "docker-content-digest": digest }).end();
      } else {
        const field = (pathname === "/v2/" ? challenge : manifestChallenge)(headers.host ?? "");
        response.writeHead(401, { "www-authenticate": field }).end();
      }
    };
    return stopping(await startHttpServer(answer));
  }

  const probe = ({ host }: TestServer) => probeRegistry({ server: `http://${host}`, ...login });
  const resolve = ({ host }: TestServer) =>
    resolveDigest({ image: `${host}/shop/web:v1`, server: `http://${host}`, ...login });
  const bearer = (host: string, more = "") => `Bearer realm="http://${host}/token",service="s"${more}`;
  const scopesOf = ({ requests }: TestServer) =>
    requests
      .filter(({ url }) => url.startsWith("/token"))
      .map(({ url }) => new URL(url, "http://localhost").searchParams.getAll("scope"));

  const refused: [realm: (host: string) => string, reason: string, message: RegExp][] = [
    [(host) => `"blob:http://${host}/x"`, "insecureRealm", /names a token service \("blob:"\)/],
    [(host) => `"blob:https://${host}/x"`, "insecureRealm", /names a token service \("blob:"\)/],
    [(host) => `"ftp://${host}/token"`, "insecureRealm", /that is not reached over https/],
    [() => '"http://localhost:1/token"', "insecureRealm", /"localhost:1".*the password was not sent/],
    [() => '"/token"', "notARegistry", /its realm \("\/token"\) is not the whole URL/],
    [(host) => `http://${host}/token`, "notARegistry", /its realm \("http"\) is not the whole URL/],
    [() => '"https:/token"', "notARegistry", /is not the whole URL/],
  ];
  for (const [realm, reason, message] of refused) {
    it(`sends no password for the realm ${realm("HOST")}`, async () => {
      const registry = await start({ challenge: (host) => `Bearer realm=${realm(host)}, Basic realm="x"` });
      await assertFails(probe(registry), reason, message);
      await assertFails(resolve(registry), reason, message);
      assert.deepEqual(
        registry.requests.filter((request) => request.authorization !== undefined),
        [],
      );
    });
  }

  it("takes no login from the realm", async () => {
    const registry = await start({ challenge: (host) => `Bearer realm="http://eve:other@${host}/token"` });
    assert.deepEqual(await probe(registry), { handshake: "bearer" });
    assert.deepEqual(registry.requests[1], { method: "GET", url: "/token", authorization });
  });

  it("gets a token for the scope that a manifest's challenge asks for, beside its own", async () => {
    const other = "repository:mirror/shop/web:pull";
    const registry = await start({
      challenge: bearer,
      manifestChallenge: (host) => bearer(host, `,scope="${other}"`),
      manifestScopes: [other, pullScope],
    });
    assert.deepEqual(await resolve(registry), { digest });
    assert.deepEqual(scopesOf(registry), [[], [pullScope], [other, pullScope]]);
  });

  it("asks for a scope once more, and not for ever", async () => {
    let count = 0;
    const registry = await start({
      challenge: bearer,
      manifestChallenge: (host) => bearer(host, `,scope="registry:catalog:${++count}"`),
      manifestScopes: ["never"],
    });
    await assertFails(resolve(registry), "forbidden", /does not let it pull/);
    assert.equal(count, 3);
  });

  it("asks for the scope of the challenge of /v2/ where none is not enough", async () => {
    const registry = await start({
      challenge: (host) => bearer(host, ',scope="registry:catalog:*"'),
      baseScopes: ["registry:catalog:*"],
    });
    assert.deepEqual(await probe(registry), { handshake: "bearer" });
    assert.deepEqual(scopesOf(registry), [[], ["registry:catalog:*"]]);
  });

  it("leaves the scope of the challenge of /v2/ out where none is enough, as docker login does", async () => {
    const registry = await start({
      challenge: (host) => bearer(host, ',scope="repository:user/image:pull"'),
    });
    assert.deepEqual(await resolve(registry), { digest });
    assert.deepEqual(scopesOf(registry), [[], [pullScope]]);
  });

  describe("a token service that gives out nothing without a scope", () => {
    const needingScope = (response: ServerResponse, { searchParams }: URL): boolean => {
      if (searchParams.has("scope")) {
        return false;
      }
      response.writeHead(400).end('{"details":"a scope is required"}');
      return true;
    };

    it("is asked for that of the challenge", async () => {
      const challenge = (host: string) => bearer(host, ',scope="registry:catalog:*"');
      const registry = await start({ challenge, token: needingScope });
      assert.deepEqual(await probe(registry), { handshake: "bearer" });
    });

    it("proves a login by images alone", async () => {
      const registry = await start({ challenge: bearer, token: needingScope });
      assert.deepEqual(await probe(registry), { handshake: "none" });
      assert.deepEqual(await resolve(registry), { digest });
      await assertFails(
        resolveDigest({ image: `${registry.host}/shop/web:v1`, insecure: true, ...login, password: "x" }),
        "unauthorized",
        /refused the username and password \(401\)/,
      );
    });
  });

  it("shows the token service's own reason for a 400, for the login and for an image", async () => {
    const registry = await start({
      challenge: bearer,
      token: (response, { searchParams }) => {
        const isWrong = searchParams.has("scope");
        response
          .writeHead(isWrong ? 400 : 200)
          .end(isWrong ? '{"details":"no such client"}' : '{"token":"W10"}');
        return true;
      },
    });
    await assertFails(
      resolve(registry),
      "notARegistry",
      /^The token service .* \(400\)\. It says: "no such client"/,
    );
    const always = await start({
      challenge: bearer,
      token: (response) => {
        response.writeHead(400).end('{"details":"no such client"}');
        return true;
      },
    });
    await assertFails(
      probe(always),
      "notARegistry",
      /^The token service .* \(400\)\. It says: "no such client"/,
    );
  });

  it("follows a redirect of the token service on its own origin, with the login", async () => {
    const registry = await start({
      challenge: bearer,
      token: (response, { pathname, searchParams }) => {
        if (pathname === "/token" && !searchParams.has("again")) {
          response.writeHead(307, { location: "/token?again=1" }).end();
          return true;
        }
        return false;
      },
    });
    assert.deepEqual(await probe(registry), { handshake: "bearer" });
    assert.deepEqual(registry.requests[2], { method: "GET", url: "/token?again=1", authorization });
  });
});
