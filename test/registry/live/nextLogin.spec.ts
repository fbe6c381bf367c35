import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import { preflight } from "../../../components/registry/runChecks";
import { PreflightError } from "../../../components/registry/preflightError";
import { startHttpServer, type TestServer } from "../../support/registry/httpServer";
import { basic } from "../../support/registry/registry";
import { stopAtEnd } from "../../support/runner/stopAtEnd";

const digest = `sha256:${"a".repeat(64)}`;

/** A registry with Basic that answers a user's pull with what is written in the user's name: a status. */
const answerByUser: RequestListener = ({ headers, url }, response) => {
  const [, sent = ""] = (headers.authorization ?? "").split(" ");
  const [user = ""] = Buffer.from(sent, "base64").toString().split(":");
  if (user === "" || user === "401") {
    response.writeHead(401, { "www-authenticate": 'Basic realm="test"' }).end();
  } else if (url === "/v2/") {
    response.writeHead(200).end();
  } else if (user !== "silent") {
    response.writeHead(Number(user), { "docker-content-digest": digest }).end();
  }
};

describe("preflight of an image with several logins", () => {
  const stopping = stopAtEnd();
  let registry: TestServer;

  before(async () => {
    registry = stopping(await startHttpServer(answerByUser));
  });

  beforeEach(() => {
    registry.requests.length = 0;
  });

  async function pull(...users: string[]): Promise<string[]> {
    const [first, ...next] = users.map((username) => ({
      image: `${registry.host}/shop/web:v1`,
      username,
      password: "p",
      insecure: true,
    }));
    const { images, earlier } = await preflight(
      { registries: [], images: [{ ...first, image: first?.image ?? "", next }] },
      { timeoutSeconds: 1 },
    );
    return [...(earlier[0] ?? []), ...images].map((result) =>
      result instanceof PreflightError ? result.reason : result.digest,
    );
  }

  function askedAs(user: string): number {
    return registry.requests.filter(({ authorization }) => authorization === basic(user, "p")).length;
  }

  it("asks with the next one after each failure, as kubelet does, and with none after a success", async () => {
    assert.deepEqual(await pull("401", "403", "404", "429", "200", "500"), [
      "unauthorized",
      "forbidden",
      "notFound",
      "rateLimited",
      digest,
    ]);
    assert.equal(askedAs("500"), 0);
  });

  it("has the failures of all when none is accepted, and never asks without a login after them", async () => {
    assert.deepEqual(await pull("401", "404"), ["unauthorized", "notFound"]);
    assert.deepEqual(
      registry.requests.filter(({ authorization }) => authorization === undefined).map(({ url }) => url),
      ["/v2/"],
    );
  });

  it("asks with no other one where the host does not answer", async () => {
    assert.deepEqual(await pull("silent", "200"), ["timeout"]);
    assert.equal(askedAs("200"), 0);
  });

  it("asks with no other one where the host can't be reached", async () => {
    const gone = await startHttpServer(answerByUser);
    await gone.stop();
    const check = { image: `${gone.host}/shop/web:v1`, insecure: true, password: "p" };
    const { images, earlier } = await preflight({
      registries: [],
      images: [{ ...check, username: "401", next: [{ ...check, username: "200" }] }],
    });
    assert.deepEqual(earlier, [[]]);
    const [failure] = images;
    assert.ok(failure instanceof PreflightError);
    assert.match(failure.message, /can't be reached \(ECONNREFUSED\)/);
  });
});
