import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { preflight } from "../../../components/registry/runChecks";
import { PreflightError } from "../../../components/registry/preflightError";
import { startHttpServer } from "../../support/registry/httpServer";
import { basic, startRegistry, type TestRegistry } from "../../support/registry/registry";
import { requireRegistryTools } from "../../support/registry/registryTools";
import { stopAtEnd } from "../../support/runner/stopAtEnd";
import { startTokenServer, type TestTokenServer } from "../../support/registry/tokenServer";

const login = { username: "janedoe", password: "c4n4ry" };
const paths = Array.from({ length: 200 }, (_, index) => `shop/app-${index}`);

function outcome(result: object): string {
  return result instanceof PreflightError ? result.reason : "good";
}

describe("preflight of many checks", () => {
  const stopping = stopAtEnd();
  let withHtpasswd: TestRegistry;
  let tokenServer: TestTokenServer;
  let withTokens: TestRegistry;

  before(async function () {
    requireRegistryTools(this);
    withHtpasswd = stopping(await startRegistry());
    withHtpasswd.setPassword(login.username, login.password);
    tokenServer = stopping(await startTokenServer());
    tokenServer.users.set(login.username, { password: login.password, pulls: paths });
    withTokens = stopping(await startRegistry(tokenServer.tokenAuth));
    for (const path of paths) {
      await withHtpasswd.push(path, "v1", basic(login.username, login.password));
      await withTokens.push(path, "v1", tokenServer.pushAuthorization(path));
    }
  });

  beforeEach(() => {
    tokenServer.requests.length = 0;
  });

  function registryCheck({ host: server, caBundle }: TestRegistry) {
    return { server, ...login, caBundle };
  }

  function imageCheck(registry: TestRegistry, image: string) {
    return { ...registryCheck(registry), image: `${registry.host}/${image}` };
  }

  it("checks 200 images of one registry with one login, with Basic and with a token each", async () => {
    for (const registry of [withHtpasswd, withTokens]) {
      const { images } = await preflight({
        registries: [registryCheck(registry)],
        images: paths.map((path) => imageCheck(registry, `${path}:v1`)),
      });
      assert.deepEqual([...new Set(images.map(outcome))], ["good"]);
    }
    assert.equal(tokenServer.requests.length, 1 + paths.length);
  });

  it("asks for one token for each repository, and checks equal images once", async () => {
    const images = ["shop/app-1:v1", "shop/app-1:v2", "shop/app-2:v1", "shop/app-1:v1"];
    const results = await preflight({
      registries: [registryCheck(withTokens), registryCheck(withTokens)],
      images: images.map((image) => imageCheck(withTokens, image)),
    });
    assert.deepEqual(results.registries, [{ handshake: "bearer" }, { handshake: "bearer" }]);
    assert.deepEqual(results.images.map(outcome), ["good", "notFound", "good", "good"]);
    assert.equal(results.images[0], results.images[3]);
    assert.deepEqual(
      tokenServer.requests.map(({ url }) => new URL(url, "https://localhost").searchParams.get("scope")),
      [null, "repository:shop/app-1:pull", "repository:shop/app-2:pull"],
    );
  });

  it("tries a wrong password once, whatever the number of images", async () => {
    const { registries, images } = await preflight({
      registries: [{ ...registryCheck(withTokens), password: "wrong" }],
      images: paths.map((path) => ({ ...imageCheck(withTokens, `${path}:v1`), password: "wrong" })),
    });
    assert.deepEqual(registries.map(outcome), ["unauthorized"]);
    assert.deepEqual([...new Set(images)], registries);
    assert.equal(tokenServer.requests.length, 1);
  });

  it("keeps the order, and goes on where one fails", async () => {
    const { registries, images } = await preflight({
      registries: [
        { ...registryCheck(withHtpasswd), password: "wrong" },
        registryCheck(withTokens),
        { server: "*.example.com", ...login },
      ],
      images: [
        imageCheck(withTokens, "shop/app-1:v1"),
        { image: "Not/An:Image" },
        imageCheck(withHtpasswd, "shop/app-1:missing"),
        imageCheck(withHtpasswd, "shop/app-1:v1"),
      ],
    });
    assert.deepEqual(registries.map(outcome), ["unauthorized", "good", "invalid"]);
    assert.deepEqual(images.map(outcome), ["good", "invalid", "notFound", "good"]);
  });

  it("waits once for a registry that never answers", async () => {
    const silent = stopping(await startHttpServer(() => undefined));
    const { images } = await preflight(
      {
        registries: [],
        images: paths.map((path) => ({ image: `${silent.host}/${path}`, insecure: true })),
      },
      { timeoutSeconds: 0.5 },
    );
    assert.deepEqual([...new Set(images.map(outcome))], ["timeout"]);
    assert.equal(silent.requests.length, 1);
  });

  it("has no more requests under way at a host than asked for", async () => {
    let most = 0;
    const startSlow = async (): Promise<string> => {
      let underWay = 0;
      const slow: RequestListener = (_request, response) => {
        most = Math.max(most, ++underWay);
        setTimeout(() => {
          underWay--;
          response.setHeader("docker-content-digest", `sha256:${"a".repeat(64)}`).end();
        }, 10);
      };
      return stopping(await startHttpServer(slow)).host;
    };
    const hosts = [await startSlow(), await startSlow()];
    const images = paths
      .slice(0, 20)
      .map((path, index) => ({ image: `${hosts[index % 2]}/${path}`, insecure: true }));
    await preflight({ registries: [], images }, { connections: 3 });
    assert.equal(most, 3);
  });
});
