import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { ExternalPullSecret } from "../../components";
import { createEngineStack, type EngineStack, failureOf, messages, steps } from "../support/engine/engine";
import { type Consumer, createConsumer, type Manifest } from "../support/languages/consumer";
import { edit } from "../support/languages/exampleRun";

const examples = resolve(__dirname, "../../examples");
const image = "www.3rdregistry.com/janedoe/awesomeapp:v1";

function shown({ metadata, spec }: Manifest) {
  return { name: metadata.name, namespace: metadata.namespace, spec: spec as unknown };
}

const spec = {
  refreshInterval: "15m",
  secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
  target: {
    template: {
      engineVersion: "v2",
      type: "kubernetes.io/dockerconfigjson",
      data: {
        ".dockerconfigjson":
          '{"auths":{"www.3rdregistry.com":{"username":{{ "janedoe" | toJson }},"password":{{ .password0 | toJson }},"auth":"{{ printf "%s:%s" "janedoe" .password0 | b64enc }}"}}}',
      },
    },
  },
  data: [{ secretKey: "password0", remoteRef: { key: "registries/3rdregistry", property: "password" } }],
};

for (const { folder, program, languageHosts } of [
  { folder: "external-secrets", program: "index.ts", languageHosts: false },
  { folder: "external-secrets-yaml", program: "Pulumi.yaml", languageHosts: true },
]) {
  describe(`the example ${folder}`, () => {
    let consumer: Consumer;

    before(function () {
      this.timeout(900_000);
      consumer = createConsumer({ folder: join(examples, folder) }, { languageHosts });
      consumer.pulumi("stack", "init", "test");
      consumer.pulumi("config", "set", "kubernetes:renderYamlToDirectory", "manifests");
      if (languageHosts) {
        edit(consumer, "Pulumi.yaml", "../..", "../package");
        consumer.pulumi("package", "add", "../package");
      }
    });

    after(() => {
      consumer.remove();
    });

    it("compiles, and refuses an image of another server at the first preview", () => {
      if (!languageHosts) {
        consumer.compile();
      }
      edit(consumer, program, image, "quay.io/janedoe/awesomeapp:v1");
      assert.throws(
        () => consumer.pulumi("preview"),
        (error: { stdout: string }) =>
          error.stdout.includes('image: no server matches "quay.io/janedoe/awesomeapp:v1"'),
      );
      edit(consumer, program, "quay.io/janedoe/awesomeapp:v1", image);
    });

    it("makes an ExternalSecret and a Deployment that lists its Secret, and then nothing more", () => {
      consumer.pulumi("up", "--yes", "--skip-preview");
      assert.deepEqual(consumer.manifests("ExternalSecret").map(shown), [
        { name: "registry-login", namespace: "shop", spec },
      ]);
      const [deployment] = consumer.manifests("Deployment");
      assert.deepEqual(deployment?.spec?.template?.spec.imagePullSecrets, [{ name: "registry-login" }]);
      assert.deepEqual(consumer.manifests("Secret"), []);
      assert.deepEqual(JSON.parse(consumer.pulumi("stack", "output", "--json")), {
        secretName: "registry-login",
        image,
      });
      consumer.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    });
  });
}

describe("the example self-service", () => {
  let consumer: Consumer;

  before(() => {
    consumer = createConsumer({ folder: join(examples, "self-service") });
    consumer.pulumi("stack", "init", "test");
    consumer.pulumi("config", "set", "--secret", "registryPassword", "c4n4ry");
    consumer.pulumi("config", "set", "kubernetes:enableSecretMutable", "true");
    consumer.pulumi("config", "set", "kubernetes:renderYamlToDirectory", "manifests");
  });

  after(() => {
    consumer.remove();
  });

  function reflected() {
    const [secret, ...others] = consumer.manifests("Secret");
    assert.deepEqual(others, []);
    const data = secret?.data?.[".dockerconfigjson"] ?? "";
    return { metadata: secret?.metadata, json: Buffer.from(data, "base64").toString() };
  }

  it("compiles, and makes a Secret that Reflector copies and one for each namespace with a label", () => {
    consumer.compile();
    consumer.pulumi("up", "--yes", "--skip-preview");
    const reflector = "reflector.v1.k8s.emberstack.com";
    const { metadata, json } = reflected();
    const { annotations = {} } = metadata as { annotations?: Record<string, string> };
    assert.equal(metadata?.name, "registry-login");
    assert.deepEqual(
      Object.entries(annotations).filter(([key]) => key.startsWith(reflector)),
      [
        [`${reflector}/reflection-allowed`, "true"],
        [`${reflector}/reflection-allowed-namespaces`, "team-.*"],
        [`${reflector}/reflection-auto-enabled`, "true"],
        [`${reflector}/reflection-auto-namespaces`, "team-.*"],
      ],
    );
    assert.match(json, /"password":"c4n4ry"/);
    const [selected] = consumer.manifests("ClusterExternalSecret").map(shown);
    assert.equal(selected?.name, "partner-login");
    assert.deepEqual((selected.spec as { namespaceSelectors: object }).namespaceSelectors, [
      { matchLabels: { "example.com/partner-images": "true" } },
    ]);
    assert.deepEqual(JSON.parse(consumer.pulumi("stack", "output", "pullSecrets", "--json")), [
      { secretNames: ["registry-login"], servers: ["www.3rdregistry.com"] },
      { secretNames: ["partner-login"], servers: ["registry.partner.example"] },
    ]);
  });

  it("rotates the reflected Secret under its name", () => {
    consumer.pulumi("config", "set", "--secret", "registryPassword", "c4n4ry-two");
    consumer.pulumi("up", "--yes", "--skip-preview");
    const { metadata, json } = reflected();
    assert.equal(metadata?.name, "registry-login");
    assert.match(json, /"password":"c4n4ry-two"/);
  });
});

describe("an ExternalPullSecret in the engine", () => {
  let stack: EngineStack;

  beforeEach(async () => {
    stack = await createEngineStack();
    await stack.setConfig({ "kubernetes:renderYamlToDirectory": join(stack.directory, "manifests") });
  });

  afterEach(() => {
    stack.remove();
  });

  const programWith = (namespaces: Record<string, string>) => () => {
    new ExternalPullSecret("login", {
      namespaces,
      secretStoreRef: { name: "vault" },
      logins: [{ server: "quay.io", username: "janedoe", passwordFrom: { key: "quay" } }],
    });
    return Promise.resolve();
  };

  it("refuses a preview after a key was renamed: the old resource would delete what the new one made", async () => {
    await stack.up(programWith({ a: "team-a" }));
    const failed = await failureOf(stack.preview(programWith({ b: "team-a" })));
    assert.match(
      messages(failed, "error").join("\n"),
      /ExternalSecret "team-a\/login" is already in this stack, as "login-a", and removing that resource would delete it\. To rename a key/,
    );
  });

  it("moves from one namespace to several without touching the first", async () => {
    await stack.up(() => {
      new ExternalPullSecret("login", {
        namespace: "team-a",
        secretStoreRef: { name: "vault" },
        logins: [{ server: "quay.io", username: "janedoe", passwordFrom: { key: "quay" } }],
      });
      return Promise.resolve();
    });
    const moved = steps(await stack.up(programWith({ default: "team-a", b: "team-b" })));
    assert.deepEqual(
      moved.filter((step) => step.includes("kubernetes:")),
      ["create kubernetes:external-secrets.io/v1:ExternalSecret login-b"],
    );
  });
});
