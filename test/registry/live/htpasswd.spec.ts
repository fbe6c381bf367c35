import assert from "node:assert/strict";
import { probeRegistry, resolveDigest } from "../../../components/registry/client";
import { assertFails, canaryPassword, failureOf } from "../../support/registry/preflightFailure";
import { basic, startRegistry, type TestRegistry } from "../../support/registry/registry";
import { requireRegistryTools } from "../../support/registry/registryTools";
import { stopAtEnd } from "../../support/runner/stopAtEnd";

const username = "janedoe";

describe("docker-registry with htpasswd", () => {
  const stopping = stopAtEnd();
  let registry: TestRegistry;
  let digest: string;

  before(async function () {
    requireRegistryTools(this);
    registry = stopping(await startRegistry());
    registry.setPassword("pusher", "pusher");
    digest = await registry.push("shop/web", "v1", basic("pusher", "pusher"));
  });

  beforeEach(() => {
    registry.setPassword(username, canaryPassword);
  });

  function probe(password = canaryPassword) {
    return probeRegistry({ server: registry.host, username, password, caBundle: registry.caBundle });
  }

  function resolve(image: string, password = canaryPassword) {
    const { host: server, caBundle } = registry;
    return resolveDigest({ image: `${server}/${image}`, server, username, password, caBundle });
  }

  it("takes the right password", async () => {
    assert.deepEqual(await probe(), { handshake: "basic" });
  });

  it("resolves a tag, a digest, and a tag with a digest", async () => {
    assert.deepEqual(await resolve("shop/web:v1"), { digest });
    assert.deepEqual(await resolve(`shop/web@${digest}`), { digest });
    assert.deepEqual(await resolve(`shop/web:v1@${digest}`), { digest });
  });

  it("refuses a wrong password, for the registry and for an image", async () => {
    await assertFails(probe("wrong"), "unauthorized", /refused the username and password \(401\)/);
    await assertFails(resolve("shop/web:v1", "wrong"), "unauthorized", /pulumi config set --secret/);
  });

  it("takes the new password only, once it is replaced", async () => {
    registry.setPassword(username, "new");
    assert.deepEqual(await probe("new"), { handshake: "basic" });
    await assertFails(probe(), "unauthorized", /not revoked/);
  });

  it("refuses a user who is revoked", async () => {
    registry.removeUser(username);
    await assertFails(probe(), "unauthorized", /not revoked/);
    await assertFails(resolve("shop/web:v1"), "unauthorized", /not revoked/);
  });

  it("says that a login is wanted when there is none", async () => {
    const { host, caBundle } = registry;
    await assertFails(
      resolveDigest({ image: `${host}/shop/web:v1`, caBundle }),
      "unauthorized",
      /wants a login for "127\.0\.0\.1:\d+\/shop\/web:v1" \(401\) and none is configured/,
    );
  });

  it("tells a missing tag, digest and repository", async () => {
    for (const image of ["shop/web:v2", "shop/web", `shop/web@sha256:${"0".repeat(64)}`, "shop/unknown:v1"]) {
      const failure = await failureOf(resolve(image));
      assert.equal(failure.reason, "notFound");
      assert.equal(failure.image, `${registry.host}/${image}`);
      assert.equal(failure.registry, registry.host);
      assert.ok(failure.message.includes(`has no image "${registry.host}/${image}" (404)`), failure.message);
    }
  });

  it("names caBundle when the CA is unknown", async () => {
    await assertFails(
      probeRegistry({ server: registry.host, username, password: canaryPassword }),
      "tls",
      /from a CA that is not known here \(\w+\)\. Give the CA's certificate in PEM as `caBundle`/,
    );
  });

  it("speaks https unless http is asked for, and says when that is the wrong one", async () => {
    for (const http of [{ server: `http://${registry.host}` }, { server: registry.host, insecure: true }]) {
      await assertFails(
        probeRegistry({ ...http, username, password: canaryPassword }),
        "notARegistry",
        /answered 400/,
      );
    }
  });
});
