import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { probeRegistry, resolveDigest } from "../../../components/registry/client";
import { type Certificates, createCertificates } from "../../support/registry/certificates";
import { startHttpServer, type TestServer } from "../../support/registry/httpServer";
import { assertFails, canaryPassword } from "../../support/registry/preflightFailure";
import { basic } from "../../support/registry/registry";
import { requireRegistryTools } from "../../support/registry/registryTools";
import { stopAtEnd } from "../../support/runner/stopAtEnd";
import { temporaryDirectory } from "../../support/runner/temporaryDirectory";

const login = { username: "janedoe", password: canaryPassword };
const authorization = basic(login.username, login.password);
const digest = `sha256:${"a".repeat(64)}`;
const manifestPath = "/v2/shop/web/manifests/v1";

describe("who is sent the password", () => {
  const stopping = stopAtEnd();
  let certificates: Certificates;

  before(function () {
    requireRegistryTools(this);
    certificates = createCertificates(stopping(temporaryDirectory()).path);
  });

  async function startHttps(listener: RequestListener): Promise<TestServer> {
    return stopping(await startHttpServer(listener, certificates));
  }

  /** A registry with Basic that redirects its manifests. */
  function startRedirecting(location: string): Promise<TestServer> {
    return startHttps(({ url, headers }, response) => {
      if (headers.authorization !== authorization) {
        response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end();
      } else {
        response
          .writeHead(url === manifestPath ? 307 : 200, { location, "docker-content-digest": digest })
          .end();
      }
    });
  }

  function resolve({ host }: TestServer) {
    return resolveDigest({ image: `${host}/shop/web:v1`, server: host, ...login, caBundle: certificates.ca });
  }

  it("not another host to which the registry redirects: it is asked without", async () => {
    const storage = await startHttps((_request, response) =>
      response.setHeader("docker-content-digest", digest).end(),
    );
    const registry = await startRedirecting(`https://${storage.host}/stored`);
    assert.deepEqual(await resolve(registry), { digest });
    assert.deepEqual(storage.requests, [{ method: "HEAD", url: "/stored" }]);
  });

  it("not the registry itself after a redirect to another host and back", async () => {
    const storage = await startHttps((_request, response) =>
      response.writeHead(302, { location: `https://${registry.host}/back` }).end(),
    );
    const registry = await startRedirecting(`https://${storage.host}/stored`);
    await assertFails(resolve(registry), "redirect", /redirects/);
    assert.deepEqual(registry.requests.at(-1), { method: "HEAD", url: "/back" });
  });

  it("the registry's own host, to which it redirects", async () => {
    const registry = await startRedirecting("/v2/elsewhere/manifests/v1");
    assert.deepEqual(await resolve(registry), { digest });
    assert.deepEqual(registry.requests.at(-1), {
      method: "HEAD",
      url: "/v2/elsewhere/manifests/v1",
      authorization,
    });
  });

  it("not another host that wants a login of its own", async () => {
    const storage = await startHttps((_request, response) =>
      response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end(),
    );
    const registry = await startRedirecting(`https://${storage.host}/stored`);
    await assertFails(
      resolve(registry),
      "redirect",
      /redirects \(307\) to "https:\/\/127.*no password is sent there/,
    );
    assert.deepEqual(storage.requests, [{ method: "HEAD", url: "/stored" }]);
  });

  it("nobody over http: such a redirect is not followed", async () => {
    const storage = stopping(await startHttpServer((_request, response) => response.end()));
    const registry = await startRedirecting(`http://${storage.host}/stored`);
    await assertFails(resolve(registry), "redirect", /redirects \(307\) to "http:\/\/127/);
    assert.deepEqual(storage.requests, []);
  });

  it("nobody in a circle: the redirects end", async () => {
    const registry = await startRedirecting(manifestPath);
    await assertFails(resolve(registry), "redirect", /redirects more than 3 times/);
    assert.equal(registry.requests.filter(({ url }) => url === manifestPath).length, 4);
  });

  it("not a token service over http that the registry names", async () => {
    const realm = stopping(await startHttpServer((_request, response) => response.end('{"token":"t"}')));
    const registry = await startHttps((_request, response) =>
      response.writeHead(401, { "www-authenticate": `Bearer realm="http://${realm.host}/token"` }).end(),
    );
    const { host: server } = registry;
    for (const check of [
      probeRegistry({ server, ...login, caBundle: certificates.ca }),
      resolve(registry),
      resolveDigest({ image: `${server}/shop/web:v1`, caBundle: certificates.ca }),
    ]) {
      await assertFails(check, "insecureRealm", /names a token service \("127.*so the password was not sent/);
    }
    assert.deepEqual(realm.requests, []);
  });

  it("not a registry whose certificate is not trusted, whatever NODE_TLS_REJECT_UNAUTHORIZED says", async () => {
    const registry = await startHttps((_request, response) => response.end("{}"));
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      await assertFails(probeRegistry({ server: registry.host, ...login }), "tls", /\(UNABLE_\w+\)/);
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
    assert.deepEqual(registry.requests, []);
  });

  it("not another https host to which /v2/ redirects, which is asked without a login", async () => {
    const open = await startHttps((_request, response) =>
      response.setHeader("docker-content-digest", digest).end(),
    );
    const closed = await startHttps((_request, response) =>
      response.writeHead(401, { "www-authenticate": "Basic realm=x" }).end(),
    );
    for (const { host } of [open, closed]) {
      const registry = await startHttps(({ url }, response) => {
        response.writeHead(307, { location: `https://${host}${url}` }).end();
      });
      const check = resolve(registry);
      if (host === open.host) {
        assert.deepEqual(await check, { digest });
      } else {
        await assertFails(
          check,
          "redirect",
          /to "https:\/\/127.*, which wants a login \(401\), and no password/,
        );
      }
    }
    assert.deepEqual(
      [...open.requests, ...closed.requests].map(({ url, authorization: sent }) => `${url} ${sent}`),
      ["/v2/ undefined", `${manifestPath} undefined`, "/v2/ undefined"],
    );
  });

  it("nobody else, by a redirect of what is to prove the login: neither of /v2/ nor of a token service", async () => {
    const other = await startHttps((_request, response) => response.end('{"token":"t"}'));
    const basicRegistry = await startHttps(({ headers }, response) => {
      const isAnonymous = headers.authorization === undefined;
      response.writeHead(isAnonymous ? 401 : 307, {
        "www-authenticate": "Basic realm=x",
        location: `https://${other.host}/v2/`,
      });
      response.end();
    });
    const withTokens = await startHttps(({ url, headers }, response) => {
      const realm = `Bearer realm="https://${headers.host}/token"`;
      response.writeHead(url === "/v2/" ? 401 : 307, {
        "www-authenticate": realm,
        location: `https://${other.host}/token`,
      });
      response.end();
    });
    for (const { host: server } of [basicRegistry, withTokens]) {
      await assertFails(
        probeRegistry({ server, ...login, caBundle: certificates.ca }),
        "redirect",
        /redirects \(307\) to "https:\/\/127.*, and no password is sent there/,
      );
    }
    assert.deepEqual(other.requests, []);
  });

  it("not a token service that the answer of another host names", async () => {
    const realm = await startHttps((_request, response) => response.end('{"token":"t"}'));
    const storage = await startHttps((_request, response) =>
      response.writeHead(401, { "www-authenticate": `Bearer realm="https://${realm.host}/token"` }).end(),
    );
    const registry = await startHttps(({ url }, response) => {
      response.writeHead(url === "/v2/" ? 200 : 307, { location: `https://${storage.host}/stored` }).end();
    });
    await assertFails(resolve(registry), "redirect", /no password is sent there/);
    assert.deepEqual(realm.requests, []);
  });
});
