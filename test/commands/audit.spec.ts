import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stopAtEnd } from "../support/runner/stopAtEnd";
import { temporaryDirectory } from "../support/runner/temporaryDirectory";
import { type Interference, startApiServer } from "../support/cluster/apiServer";
import { fakeKubectl, runAudit } from "../support/cluster/auditRun";
import { account, login, podSpec, pullSecret, workload } from "../support/cluster/objects";

const web = "registry.example.com/web:1";
const objects = {
  deployments: [workload("shop/web", podSpec(web))],
  secrets: [pullSecret("shop/regcred", [login("registry.example.com")])],
  serviceaccounts: [account("shop/default"), account("shop/x", ["regcred"], { "azure/client-id": "1" })],
};

describe("the command audit", function () {
  this.timeout(60_000);
  const stopLater = stopAtEnd();
  let folder: string;

  before(() => {
    folder = stopLater(temporaryDirectory()).path;
  });

  async function audit(
    args: string[],
    interfere?: Interference,
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const server = await startApiServer(objects, interfere);
    try {
      return await runAudit(args, fakeKubectl(folder, server.socketPath));
    } finally {
      await server.stop();
    }
  }

  const sockets = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("kpr-audit-"));

  const refused =
    (status: number): Interference =>
    (_, response) => {
      response.writeHead(status).end('{"message":"no"}');
      return true;
    };

  it("ends with 1 after findings, 0 without, and leaves no socket behind", async () => {
    const before = sockets();
    const found = await audit([]);
    assert.match(found.stdout, /^PROBLEM {2}NAMESPACE {2}OBJECT {10}IMAGE\nnoLogin {2}shop/);
    assert.equal(found.stderr, "");
    assert.equal(found.code, 1);
    const none = await audit(["--servers-without-secret", "registry.example.com", "--output=json"]);
    assert.deepEqual((JSON.parse(none.stdout) as { findings: unknown[] }).findings, []);
    assert.equal(none.code, 0);
    assert.deepEqual(sockets(), before);
  });

  it("counts images of the nodes' credential providers as served", async () => {
    const file = join(folder, "providers.yaml");
    writeFileSync(
      file,
      'apiVersion: kubelet.config.k8s.io/v1\nkind: CredentialProviderConfig\nproviders: [{ name: p, matchImages: ["*.example.com"], tokenAttributes: { serviceAccountTokenAudience: a, cacheType: Token, requireServiceAccount: true, requiredServiceAccountAnnotationKeys: [azure/client-id] } }]\n',
    );
    const { code, stdout } = await audit(["--credential-provider-config", file]);
    assert.equal(code, 1);
    assert.match(stdout, /^PROBLEM.*\nmissingAnnotation {2}shop/);
    const missing = await audit(["--credential-provider-config", join(folder, "none.yaml")]);
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /^error: ".*none\.yaml" can't be read \(ENOENT\)\.\n$/);
  });

  it("ends with 2 where it has no access, or to a part of the cluster only", async () => {
    const nothing = await audit([], (request, response) =>
      request.url === "/version" ? false : refused(403)(request, response),
    );
    assert.equal(nothing.code, 2);
    assert.match(
      nothing.stderr,
      /^error: nothing could be read:\n {2}pods: you may not list it \(403\)\. It says: "no"\. Give your Role the rule \{ apiGroups: \[""\], resources: \["pods"\], verbs: \["list"\] \}\.\n/,
    );
    const part = await audit(["--servers-without-secret=registry.example.com"], (request, response) =>
      request.url?.includes("/pods") === true ? refused(403)(request, response) : false,
    );
    assert.equal(part.code, 2);
    assert.match(
      part.stdout,
      /Could not be read, so all of this may be incomplete:\n {2}pods: you may not list it/,
    );
    const expired = await audit([], refused(401));
    assert.equal(expired.code, 2);
    assert.match(expired.stderr, /^error: the API server does not accept your credentials \(401\)/);
    const other = await audit([], refused(404));
    assert.match(other.stderr, /^error: what answers is not a Kubernetes API server/);
  });

  it("ends with 2 for a context, a namespace or a kubectl that is not there", async () => {
    const context = await audit(["--context", "nope"]);
    assert.equal(context.code, 2);
    assert.equal(
      context.stderr,
      'error: kubectl can\'t use the cluster. It says: "context \\"nope\\" does not exist".\n',
    );
    const namespace = await audit(["--namespace", "none"]);
    assert.equal(namespace.code, 2);
    assert.equal(
      namespace.stderr,
      'error: the namespace "none" does not exist: correct --namespace, or name the cluster with --context.\n',
    );
    const empty = join(folder, "empty");
    mkdirSync(empty, { recursive: true });
    const none = await runAudit([], { PATH: empty });
    assert.equal(none.code, 2);
    assert.match(none.stderr, /^error: kubectl is not on PATH: install it/);
    assert.ok(existsSync(empty));
  });

  it("ends at a signal, and leaves no socket behind", async () => {
    const before = sockets();
    let wasAsked: () => void;
    const asked = new Promise<void>((resolve) => (wasAsked = resolve));
    const server = await startApiServer(objects, () => {
      wasAsked();
      return true; // and never answers
    });
    const ended = await runAudit([], fakeKubectl(folder, server.socketPath), asked);
    await server.stop();
    assert.deepEqual(ended, { code: 143, stdout: "", stderr: "error: interrupted.\n" });
    assert.deepEqual(sockets(), before);
  });

  it("refuses wrong usage with all its problems, and asks nobody", async () => {
    const wrong = [
      "--context=",
      "--namespace=A",
      "--output=xml",
      "--verify",
      "--no-secrets",
      "--servers-without-secret=Reg.example.com",
    ];
    assert.deepEqual(await runAudit(wrong, { PATH: join(folder, "empty") }), {
      code: 2,
      stdout: "",
      stderr: `error: audit: 5 problems
  --context: is empty: give the name of a context.
  --namespace: "A" is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.
  --servers-without-secret: "Reg.example.com" has upper case in its host, and kubelet compares hosts letter by letter: write "reg.example.com" here and in the image.
  --output: is "xml": give table or json.
  --verify: needs the Secrets: leave out --no-secrets.
`,
    });
    const unknown = await runAudit(["--contxt", "a"], {});
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /^error: `audit` has no option "--contxt" \(did you mean "context"\?\)\./);
  });
});
