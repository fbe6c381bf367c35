import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { decodeDockerConfigJson, type RegistryLogin } from "../../components";
import { type Consumer, createConsumer } from "../support/languages/consumer";
import { edit } from "../support/languages/exampleRun";

const root = resolve(__dirname, "../..");
const clouds = join(root, "test/clouds");
const example = join(root, "examples/renewal");
const standIn = join(root, "test/support/languages/cloudStandIn.cjs");
const token = /^c4n4ry-[0-9a-f]{12}$/;

/** Has the project take the stand-in for a cloud's plugin, and makes its stack, whose manifests are rendered. */
function initStack(consumer: Consumer, cloud: string): void {
  const plugin = join(consumer.directory, "cloud");
  mkdirSync(plugin);
  const script = `#!/bin/sh\nexec '${process.execPath}' '${standIn}' ${cloud} "$@"\n`;
  writeFileSync(join(plugin, `pulumi-resource-${cloud}`), script, { mode: 0o755 });
  const plugins = `plugins:\n  providers:\n    - name: ${cloud}\n      path: ./cloud\n`;
  appendFileSync(join(consumer.directory, "Pulumi.yaml"), plugins);
  consumer.pulumi("stack", "init", "test");
  consumer.pulumi("config", "set", "kubernetes:renderYamlToDirectory", "manifests");
}

/** Brings the stack up, and returns the login that the Secrets of both namespaces hold, and what the command printed. */
function renew(consumer: Consumer): { login: RegistryLogin | undefined; printed: string } {
  const printed = consumer.pulumi("up", "--yes", "--skip-preview");
  const secrets = consumer.manifests("Secret");
  assert.deepEqual(secrets.map(({ metadata: { name, namespace } }) => [name, namespace]).toSorted(), [
    ["registry-login", "shop-jobs"],
    ["registry-login", "shop-web"],
  ]);
  const [login, other] = secrets
    .map(({ data }) => Buffer.from(data?.[".dockerconfigjson"] ?? "", "base64").toString())
    .map((json) => decodeDockerConfigJson(json)[0]);
  assert.deepEqual(login, other);
  return { login, printed };
}

/** Two runs of the ECR example: the second one updates the component and its two Secrets, and nothing else, with another token. */
function assertRenewed(consumer: Consumer): void {
  const { login: first } = renew(consumer);
  const { login: second, printed } = renew(consumer);
  for (const login of [first, second]) {
    assert.equal(login?.server, "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com");
    assert.equal(login.username, "AWS");
    assert.match(login.password, token);
    assert.ok(!printed.includes(login.password));
  }
  assert.notEqual(first?.password, second?.password);
  assert.match(printed, /~ 3 updated/);
  assert.doesNotMatch(printed, /expires|replaced|created|deleted/);
  assert.ok(!consumer.pulumi("stack", "export").includes("c4n4ry"));
}

describe("the example of renewal, in TypeScript, with the clouds' SDKs", () => {
  let consumer: Consumer;

  before(function () {
    this.timeout(600_000);
    execFileSync("npm", ["ci", "--silent", "--prefer-offline", "--prefix", clouds], { stdio: "pipe" });
    // A project has one copy of the SDK that they depend on, here that of the repository.
    rmSync(join(clouds, "node_modules/@pulumi/pulumi"), { recursive: true });
  });

  beforeEach(() => {
    const sdks = ["aws", "azure-native", "gcp"].map((name) => join(clouds, "node_modules/@pulumi", name));
    consumer = createConsumer({ folder: join(example, "typescript") }, { sdks });
  });

  afterEach(() => {
    consumer.remove();
  });

  it("compiles, for each cloud", () => {
    edit(consumer, "tsconfig.json", '["index.ts"]', '["index.ts", "google.ts", "azure.ts"]');
    consumer.compile();
  });

  it("aws: each up puts another authorization token into the Secrets", () => {
    initStack(consumer, "aws");
    assertRenewed(consumer);
  });

  it("google: the password is the access token", () => {
    initStack(consumer, "gcp");
    edit(consumer, "index.ts", '"./aws"', '"./google"');
    const { login } = renew(consumer);
    assert.equal(login?.server, "europe-west1-docker.pkg.dev");
    assert.equal(login.username, "oauth2accesstoken");
    assert.match(login.password, token);
  });

  /** Has the program's requests answered, from what the request is, or refused. */
  function answerExchange(answer: string): void {
    initStack(consumer, "azure-native");
    edit(consumer, "index.ts", '"./aws"', '"./azure"');
    const source = `globalThis.fetch = (url, request) => Promise.resolve(${answer});\n`;
    writeFileSync(join(consumer.directory, "registry.js"), source);
    edit(consumer, "index.ts", "import", 'import "./registry";\nimport');
  }

  it("azure: the password is what the registry gives for the access token", () => {
    const request = "[url, request.method, request.redirect, ...request.body]";
    answerExchange(
      `Response.json({ refresh_token: Buffer.from(JSON.stringify(${request})).toString("base64") })`,
    );
    const { login } = renew(consumer);
    assert.equal(login?.server, "myregistry.azurecr.io");
    assert.equal(login.username, "00000000-0000-0000-0000-000000000000");
    const asked = JSON.parse(Buffer.from(login.password, "base64").toString()) as unknown[];
    const [, accessToken] = asked.pop() as [string, string];
    assert.match(accessToken, token);
    assert.deepEqual(asked, [
      "https://myregistry.azurecr.io/oauth2/exchange",
      "POST",
      "error",
      ["grant_type", "access_token"],
      ["service", "myregistry.azurecr.io"],
      ["tenant", "11111111-2222-3333-4444-555555555555"],
    ]);
  });

  it("azure: says that the registry refuses, without the token, and makes nothing", () => {
    answerExchange('new Response("", { status: 401 })');
    assert.throws(
      () => consumer.pulumi("up", "--yes", "--skip-preview"),
      ({ stdout, stderr }: { stdout: string; stderr: string }) => {
        const printed = stdout + stderr;
        return (
          /https:\/\/myregistry\.azurecr\.io\/oauth2\/exchange answered 401/.test(printed) &&
          !printed.includes("c4n4ry")
        );
      },
    );
    assert.throws(() => consumer.manifests("Secret"), { code: "ENOENT" });
  });
});

describe("the example of renewal, in YAML", () => {
  let consumer: Consumer;

  before(function () {
    // The language host may have to be built.
    this.timeout(900_000);
    consumer = createConsumer({ folder: join(example, "yaml") }, { languageHosts: true });
    edit(consumer, "Pulumi.yaml", "packages:\n  kubernetes-private-registry: ../../..\n", "");
    consumer.pulumi("package", "add", "../package");
    initStack(consumer, "aws");
  });

  after(() => {
    consumer.remove();
  });

  it("each up puts another authorization token into the Secrets", () => {
    assertRenewed(consumer);
  });
});
