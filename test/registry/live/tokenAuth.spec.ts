import assert from "node:assert/strict";
import { probeRegistry, resolveDigest } from "../../../components/registry/client";
import { assertFails, canaryPassword } from "../../support/registry/preflightFailure";
import { basic, startRegistry, type TestRegistry } from "../../support/registry/registry";
import { requireRegistryTools } from "../../support/registry/registryTools";
import { stopAtEnd } from "../../support/runner/stopAtEnd";
import { startTokenServer, type TestTokenServer } from "../../support/registry/tokenServer";

const username = "janedoe";

describe("docker-registry with token auth", () => {
  const stopping = stopAtEnd();
  let tokenServer: TestTokenServer;
  let registry: TestRegistry;
  let digest: string;

  before(async function () {
    requireRegistryTools(this);
    tokenServer = stopping(await startTokenServer());
    registry = stopping(await startRegistry(tokenServer.tokenAuth));
    digest = await registry.push("shop/web", "v1", tokenServer.pushAuthorization("shop/web"));
    await registry.push("secret/app", "v1", tokenServer.pushAuthorization("secret/app"));
  });

  beforeEach(() => {
    tokenServer.lifetimeSeconds = 60;
    tokenServer.users.set(username, { password: canaryPassword, pulls: ["shop/web", "shop/unknown"] });
    tokenServer.requests.length = 0;
  });

  function probe(password = canaryPassword) {
    return probeRegistry({ server: registry.host, username, password, caBundle: registry.caBundle });
  }

  function resolve(image: string, password = canaryPassword) {
    const { host: server, caBundle } = registry;
    return resolveDigest({ image: `${server}/${image}`, server, username, password, caBundle });
  }

  it("takes the right password", async () => {
    assert.deepEqual(await probe(), { handshake: "bearer" });
  });

  it("resolves with a token of the service on another host that the registry names", async () => {
    assert.deepEqual(await resolve("shop/web:v1"), { digest });
    const authorization = basic(username, canaryPassword);
    assert.deepEqual(tokenServer.requests, [
      { method: "GET", url: "/token?service=test-registry", authorization },
      {
        method: "GET",
        url: "/token?service=test-registry&scope=repository%3Ashop%2Fweb%3Apull",
        authorization,
      },
    ]);
  });

  it("refuses a wrong password and quotes the token service", async () => {
    const words = /refused the username and password \(401\).*It says: "incorrect username or password"/;
    await assertFails(probe("wrong"), "unauthorized", words);
    await assertFails(resolve("shop/web:v1", "wrong"), "unauthorized", words);
  });

  it("refuses a user who is revoked", async () => {
    tokenServer.users.delete(username);
    await assertFails(resolve("shop/web:v1"), "unauthorized", /not revoked/);
  });

  it("tells a repository without permission from a wrong password", async () => {
    await assertFails(
      resolve("secret/app:v1"),
      "forbidden",
      /accepted the login but does not let it pull from "secret\/app" \(401\)\. Give this user permission/,
    );
  });

  it("tells a missing tag and an unknown repository", async () => {
    await assertFails(resolve("shop/web:v2"), "notFound", /has no image/);
    await assertFails(resolve("shop/unknown:v1"), "notFound", /has no image/);
  });

  it("tells a token that the registry does not take from a wrong password", async () => {
    tokenServer.lifetimeSeconds = -3600;
    await assertFails(
      probe(),
      "unauthorized",
      /refused the token \(401\) that its own token service had just given out.*The password is right/,
    );
  });

  it("says that a login is wanted when there is none", async () => {
    const { host, caBundle } = registry;
    await assertFails(
      resolveDigest({ image: `${host}/shop/web:v1`, caBundle }),
      "unauthorized",
      /wants a login for .* \(401\) and none is configured/,
    );
    assert.deepEqual(
      tokenServer.requests.map(({ authorization }) => authorization),
      [undefined],
    );
  });
});
