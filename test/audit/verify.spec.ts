import assert from "node:assert/strict";
import type { AuditReport } from "../../audit/auditCluster";
import { requireTools } from "../support/runner/tools";
import { stopAtEnd } from "../support/runner/stopAtEnd";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";
import { type Certificates, createCertificates } from "../support/registry/certificates";
import { startHttpServer, type TestServer } from "../support/registry/httpServer";
import { type ApiObjects, startApiServer } from "../support/cluster/apiServer";
import { account, login, podSpec, pullSecret, workload } from "../support/cluster/objects";
import { fakeKubectl, runAudit } from "../support/cluster/auditRun";

const digest = `sha256:${"a".repeat(64)}`;

describe("audit --verify", function () {
  this.timeout(60_000);
  const stopLater = stopAtEnd();
  let certificates: Certificates;
  let registry: TestServer;
  let folder: string;

  before(async function () {
    requireTools(this, "tests of audit --verify", { openssl: "openssl" });
    folder = stopLater(temporaryDirectory()).path;
    certificates = createCertificates(folder);
    // It takes one password, and serves the repository public/app without any.
    const server = await startHttpServer(({ headers, url = "" }, response) => {
      const [, sent = ""] = (headers.authorization ?? "").split(" ");
      const isAccepted = Buffer.from(sent, "base64").toString() === "c4n4ry-user:c4n4ry-pass";
      if (!isAccepted && (sent !== "" || !url.startsWith("/v2/public/app/"))) {
        response.writeHead(401, { "www-authenticate": 'Basic realm="test"' }).end();
      } else if (url.includes("/missing/")) {
        response.writeHead(404).end();
      } else {
        response.writeHead(200, { "docker-content-digest": digest }).end();
      }
    }, certificates);
    registry = stopLater(server);
  });

  beforeEach(() => {
    registry.requests.length = 0;
  });

  /** Runs the command, which reads its CA only at the start of a process. */
  async function verify(
    objects: ApiObjects,
    ask?: string,
  ): Promise<{ report: AuditReport; text: string; code: number }> {
    const server = await startApiServer({
      ...objects,
      serviceaccounts: [account("shop/default"), account("old/default")],
    });
    try {
      const { code, stdout, stderr } = await runAudit(["--verify", "--output", "json"], {
        ...fakeKubectl(folder, server.socketPath),
        NODE_EXTRA_CA_CERTS: certificates.caPath,
        ...(ask !== undefined && { KUBERNETES_PRIVATE_REGISTRY_ASK: ask }),
      });
      const report = (stdout === "" ? {} : JSON.parse(stdout)) as AuditReport;
      return { report, text: stdout + stderr, code };
    } finally {
      await server.stop();
    }
  }

  function problems({ findings }: AuditReport): string[] {
    return findings.map(({ problem, kind, name, image = "" }) =>
      `${problem} ${kind}/${name} ${image}`.trim(),
    );
  }

  it("finds nothing wrong with logins and images that the registry takes, and asks each once", async () => {
    const { host } = registry;
    const names = ["a", "b", "c", "d"];
    const { report, code } = await verify({
      deployments: names.map((name) => workload(`shop/${name}`, podSpec(`${host}/shop/web:1`, ["regcred"]))),
      cronjobs: [],
      secrets: [
        pullSecret("shop/regcred", [login(host)]),
        pullSecret("shop/unused", [login(host, "c4n4ry-old")]),
      ],
    });
    assert.deepEqual(report.findings, []);
    assert.equal(code, 0);
    const passwords = registry.requests.flatMap(({ authorization }) => authorization ?? []);
    assert.equal(new Set(passwords).size, 1);
    assert.equal(registry.requests.filter(({ url }) => url.includes("/shop/web/")).length, 1);
  });

  it("finds a revoked password once, with whom it stops", async () => {
    const { host } = registry;
    const { report, text, code } = await verify({
      deployments: ["a", "b"].map((name) =>
        workload(`shop/${name}`, podSpec(`${host}/shop/${name}:1`, ["regcred"])),
      ),
      secrets: [pullSecret("shop/regcred", [login(host, "c4n4ry-revoked")])],
    });
    assert.deepEqual(problems(report), ["refusedLogin Secret/regcred"]);
    assert.match(report.findings[0]?.what ?? "", /\(401\).* Listed by Deployment\/a, Deployment\/b\.$/);
    assert.equal(code, 1);
    assert.doesNotMatch(text, /c4n4ry|YzRuNHJ5/);
  });

  it("only notes a refused login beside one that is accepted, as during a rotation", async () => {
    const { host } = registry;
    const { report, code } = await verify({
      deployments: [workload("shop/a", podSpec(`${host}/shop/web:1`, ["regcred", "regcred-previous"]))],
      secrets: [
        pullSecret("shop/regcred", [login(host, "c4n4ry-revoked")]),
        pullSecret("shop/regcred-previous", [login(host)]),
      ],
    });
    assert.deepEqual(report.findings, []);
    assert.deepEqual(
      report.notes.map(({ problem, name }) => `${problem} ${name}`),
      ["refusedLogin regcred"],
    );
    assert.match(
      report.notes[0]?.what ?? "",
      /Every image that is pulled with it has another login, which is accepted\.$/,
    );
    assert.equal(code, 0);
  });

  it("finds an image that is not there, and asks whether one without a login is public", async () => {
    const { host } = registry;
    const { report } = await verify({
      deployments: [
        workload("shop/gone", podSpec(`${host}/missing/web:1`, ["regcred"])),
        workload("old/public", podSpec(`${host}/public/app:1`)),
        workload("old/private", podSpec(`${host}/shop/web:1`)),
      ],
      secrets: [pullSecret("shop/regcred", [login(host)])],
    });
    assert.deepEqual(problems(report), [
      `noLogin Deployment/private ${host}/shop/web:1`,
      `refused Deployment/gone ${host}/missing/web:1`,
    ]);
    assert.match(
      report.findings[0]?.what ?? "",
      /It is pulled without a login, and the registry refuses that\./,
    );
    assert.match(
      report.findings[0]?.fix ?? "",
      /^Create such a Secret in "old", and list it in imagePullSecrets\.$/,
    );
    assert.match(report.findings[1]?.what ?? "", /\(404\)/);
  });

  it("says what could not be verified, and asks only registries that the environment permits", async () => {
    const { host } = registry;
    const objects = {
      deployments: [workload("shop/web", podSpec(`${host}/shop/web:1`, ["regcred"]))],
      secrets: [pullSecret("shop/regcred", [login(`http://${host}`)])],
    };
    const stopped = await startHttpServer(() => undefined);
    await stopped.stop();
    const { report } = await verify({
      ...objects,
      secrets: [...objects.secrets, pullSecret("shop/other", [login(stopped.host)])],
      statefulsets: [workload("shop/db", podSpec(`${stopped.host}/db:1`, ["other"]))],
    });
    assert.deepEqual(problems(report), [`notVerified Registry/${stopped.host}`]);
    assert.match(report.findings[0]?.what ?? "", /So 2 logins and images are not verified\.$/);

    registry.requests.length = 0;
    const limited = await verify(objects, "docker.io");
    assert.deepEqual(limited.report.findings, []);
    assert.deepEqual(
      limited.report.notes.map(({ problem }) => problem),
      ["notAsked"],
    );
    assert.deepEqual(registry.requests, []);
    const wrong = await verify(objects, "");
    assert.equal(wrong.code, 2);
    assert.match(
      wrong.text,
      /^error: The environment variable KUBERNETES_PRIVATE_REGISTRY_ASK can't be used/,
    );
  });
});
