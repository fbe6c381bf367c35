import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeDockerConfigJson } from "../../components";
import { type Consumer, createConsumer } from "../support/consumer";

/** What a generated SDK of any language does: it registers a remote component, which the package's plugin makes. */
const source = `
import { Provider } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

class ImagePullSecret extends pulumi.ComponentResource {
  declare readonly secretName: pulumi.Output<string>;
  declare readonly reference: pulumi.Output<{ secretNames: string[]; servers: string[] }>;
  declare readonly servers: pulumi.Output<string[]>;
  constructor(name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    const outputs = { reference: undefined, servers: undefined };
    super("kubernetes-private-registry:index:ImagePullSecret", name, { secretName: undefined, ...args, ...outputs }, opts, true);
  }
}

class PrivateDeployment extends pulumi.ComponentResource {
  declare readonly image: pulumi.Output<string>;
  constructor(name: string, args: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
    super("kubernetes-private-registry:index:PrivateDeployment", name, { ...args, name: undefined }, opts, true);
  }
}

const kubernetes = new Provider("render", { renderYamlToDirectory: "manifests", kubeconfig: "" });
const pullSecret = new ImagePullSecret(
  "login",
  {
    registries: [
      {
        server: "registry.example.com",
        username: "janedoe",
        password: new pulumi.Config().requireSecret("password"),
      },
    ],
    namespace: "shop",
  },
  { providers: { kubernetes } },
);
new PrivateDeployment(
  "app",
  { pullSecrets: [pullSecret.reference], namespace: "shop", image: new pulumi.Config().require("image") },
  { providers: { kubernetes } },
);
export const { secretName, reference, servers } = pullSecret;
`;

describe("the packaged provider, of a project outside of the repository", () => {
  let consumer: Consumer;

  before(() => {
    consumer = createConsumer({ source });
    const plugin = join(consumer.directory, "../package");
    writeFileSync(
      join(consumer.directory, "Pulumi.yaml"),
      `name: consumer\nruntime: nodejs\nplugins:\n  providers:\n    - name: kubernetes-private-registry\n      path: ${plugin}\n`,
    );
    consumer.pulumi("stack", "init", "test");
    consumer.pulumi("config", "set", "--secret", "password", "c4n4ry");
    consumer.pulumi("config", "set", "image", "registry.example.com/app:1");
  });

  after(() => {
    consumer.remove();
  });

  it("makes the Secret and the Deployment, and gives its outputs, none of them secret", () => {
    consumer.pulumi("up", "--yes", "--skip-preview");
    const outputs = JSON.parse(consumer.pulumi("stack", "output", "--json")) as Record<string, unknown>;
    const name = String(outputs["secretName"]);
    assert.match(name, /^login-[0-9a-f]{8}$/);
    assert.deepEqual(outputs["reference"], { secretNames: [name], servers: ["registry.example.com"] });
    assert.deepEqual(outputs["servers"], ["registry.example.com"]);
    const [secret] = consumer.manifests("Secret");
    const login = { server: "registry.example.com", username: "janedoe", password: "c4n4ry" };
    assert.equal(
      Buffer.from(secret?.data?.[".dockerconfigjson"] ?? "", "base64").toString(),
      encodeDockerConfigJson([login]),
    );
    const [deployment] = consumer.manifests("Deployment");
    assert.deepEqual(deployment?.spec?.template?.spec.imagePullSecrets, [{ name }]);
  });

  it("keeps the password encrypted in the state", () => {
    const state = readFileSync(join(consumer.directory, "../.pulumi/stacks/consumer/test.json"), "utf8");
    assert.doesNotMatch(state, /c4n4ry|YzRuNHJ5/);
  });

  it("has nothing to do the second time", () => {
    consumer.pulumi("preview", "--expect-no-changes");
  });

  it("shows the error of a component's arguments", () => {
    consumer.pulumi("config", "set", "image", "quay.io/app:1");
    assert.throws(
      () => consumer.pulumi("preview"),
      (error: { stdout: string }) => error.stdout.includes('no server matches "quay.io/app:1"'),
    );
  });
});
