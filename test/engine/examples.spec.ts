import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Consumer, createConsumer } from "../support/languages/consumer";
import { setExampleSecrets } from "../support/languages/exampleRun";
import { snippetsIn } from "../support/docs/documents";

const examples = resolve(__dirname, "../../examples");

describe("the TypeScript example", () => {
  let consumer: Consumer;

  before(() => {
    consumer = createConsumer({ folder: `${examples}/typescript` });
    consumer.pulumi("stack", "init", "test");
    setExampleSecrets(consumer);
    consumer.pulumi("config", "set", "kubernetes:renderYamlToDirectory", "manifests");
  });

  after(() => {
    consumer.remove();
  });

  it("compiles against the package as npm delivers it", () => {
    consumer.compile();
  });

  it("makes its Secret and a Deployment that lists it", () => {
    consumer.pulumi("up", "--yes", "--skip-preview");
    const outputs = JSON.parse(consumer.pulumi("stack", "output", "--json")) as Record<string, string>;
    assert.match(outputs["secretName"] ?? "", /^registry-login-[0-9a-f]{8}$/);
    assert.equal(outputs["image"], "www.3rdregistry.com/janedoe/awesomeapp:v1");
    const [deployment] = consumer.manifests("Deployment");
    assert.deepEqual(deployment?.spec?.template?.spec.imagePullSecrets, [{ name: outputs["secretName"] }]);
  });

  it("is refused at preview for an image without a login, in the words that the README shows", () => {
    const [shown] = snippetsIn("README.md").filter(({ text }) => text.startsWith("error:"));
    assert.ok(shown);
    const program = join(consumer.directory, "index.ts");
    const wrong = readFileSync(program, "utf8").replace("www.3rdregistry.com/", "www.3rdregistery.com/");
    writeFileSync(program, wrong);
    const inOneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
    assert.throws(
      () => consumer.pulumi("preview"),
      ({ stdout }: { stdout: string }) => inOneLine(stdout).includes(inOneLine(shown.text)),
    );
  });
});

/** The program of this repository in short: its outputs are what other stacks read. */
const registryStack = `
import * as pulumi from "@pulumi/pulumi";
import { PrivateWorkloads } from "kubernetes-private-registry";

const password = new pulumi.Config().requireSecret("password");
export const { secretName, reference, references, namespaces, servers, deployments, pullPlan } = new PrivateWorkloads(
  "shop",
  {
    registries: [{ server: "www.3rdregistry.com", username: "janedoe", password }],
    namespaces: { web: "shop-web", jobs: "shop-jobs" },
    createNamespace: true,
    deployments: {},
  },
);
`;

describe("the platform example, with the stack of another project", () => {
  let registry: Consumer;
  let platform: Consumer;

  before(() => {
    registry = createConsumer({ source: registryStack });
    registry.pulumi("stack", "init", "prod");
    registry.pulumi("config", "set", "--secret", "password", "c4n4ry");
    registry.pulumi("config", "set", "kubernetes:renderYamlToDirectory", "manifests");
    registry.pulumi("up", "--yes", "--skip-preview");
    platform = createConsumer({ folder: `${examples}/platform` }, { backend: registry.backend });
    platform.pulumi("stack", "init", "prod");
    platform.pulumi("config", "set", "registryStack", "organization/consumer/prod");
    platform.pulumi("config", "set", "kubernetes:renderYamlToDirectory", "manifests");
  });

  after(() => {
    registry.remove();
    platform.remove();
  });

  function secretName(): string {
    return registry.pulumi("stack", "output", "secretName").trim();
  }

  function assertListed(name: string): void {
    const listed = ["Deployment", "CronJob"]
      .flatMap((kind) => platform.manifests(kind))
      .map(({ kind, metadata, spec }) => {
        const template = spec?.template ?? spec?.jobTemplate?.spec.template;
        return [kind, metadata.namespace, template?.spec.imagePullSecrets];
      });
    assert.deepEqual(listed, [
      ["Deployment", "shop-web", [{ name }]],
      ["CronJob", "shop-web", [{ name }]],
      ["CronJob", "shop-web", [{ name }]],
    ]);
  }

  it("compiles", () => {
    platform.compile();
  });

  it("lists the other stack's Secrets in each of its workloads", () => {
    platform.pulumi("up", "--yes", "--skip-preview");
    assertListed(secretName());
    platform.pulumi("preview", "--expect-no-changes");
  });

  it("needs an up of its own after a rotation there, and then lists the new ones", () => {
    const before = secretName();
    registry.pulumi("config", "set", "--secret", "password", "c4n4ry-two");
    registry.pulumi("up", "--yes", "--skip-preview");
    assert.notEqual(secretName(), before);
    assertListed(before);
    platform.pulumi("up", "--yes", "--skip-preview");
    assertListed(secretName());
  });

  it("fails where the other stack is not there, and names it", () => {
    platform.pulumi("config", "set", "registryStack", "organization/consumer/none");
    assert.throws(
      () => platform.pulumi("preview"),
      (error: { stdout: string; stderr: string }) =>
        /organization\/consumer\/none/.test(error.stdout + error.stderr),
    );
  });
});
