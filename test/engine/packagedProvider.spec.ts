import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { encodeDockerConfigJson } from "../../components";
import { type Consumer, createConsumer } from "../support/languages/consumer";

const root = resolve(__dirname, "../..");

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
  {
    pullSecrets: [pullSecret.reference],
    servers: pullSecret.servers,
    namespace: "shop",
    image: new pulumi.Config().require("image"),
  },
  { providers: { kubernetes } },
);
export const { secretName, reference, servers } = pullSecret;
`;

/** All that a Git clone needs to be installed as a plugin. */
const checkout = [
  ".npmrc",
  "PulumiPlugin.yaml",
  "audit",
  "commands",
  "components",
  "package-lock.json",
  "package.json",
  "plugin",
  "policy",
  "program",
  "testing",
  "tsconfig.build.json",
  "tsconfig.json",
];

/** A schema as it is committed, in the form in which the CLI prints it: it leaves out what says nothing. */
function printed(schema: string): unknown {
  const { dependencies, ...others } = JSON.parse(schema, (key, value: unknown) => {
    const isEmpty = /^required(Inputs)?$/.test(key) && (value as unknown[]).length === 0;
    const saysNothing = key === "optional" || isEmpty;
    return saysNothing ? undefined : value;
  }) as Record<string, unknown>;
  assert.deepEqual(dependencies, []);
  return { ...others, config: {} };
}

describe("the packaged provider, of a project outside of the repository", () => {
  let consumer: Consumer;

  before(() => {
    consumer = createConsumer({ source }, { asPlugin: true });
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

  it("serves the committed schema once Pulumi has installed the tarball's dependencies", () => {
    const schema = JSON.parse(consumer.pulumi("package", "get-schema", "../package")) as unknown;
    assert.deepEqual(schema, printed(readFileSync(join(root, "plugin/schema.json"), "utf8")));
  });

  it("serves the same from a Git clone, which is built when it is installed", () => {
    const clone = join(consumer.directory, "../clone");
    for (const path of checkout) {
      cpSync(join(root, path), join(clone, path), { recursive: true });
    }
    assert.equal(
      consumer.pulumi("package", "get-schema", "../clone"),
      consumer.pulumi("package", "get-schema", "../package"),
    );
  });

  it("refuses an image that no server matches at the first preview, where no Secret has a name yet", () => {
    consumer.pulumi("config", "set", "image", "quay.io/app:1");
    assert.throws(
      () => consumer.pulumi("preview"),
      (error: { stdout: string }) => error.stdout.includes('no server matches "quay.io/app:1"'),
    );
    consumer.pulumi("config", "set", "image", "registry.example.com/app:1");
    assert.doesNotMatch(consumer.pulumi("preview"), /not checked/);
  });

  it("makes the Secret and the Deployment, and gives its outputs, none of them secret", () => {
    consumer.pulumi("up", "--yes", "--skip-preview");
    const outputs = JSON.parse(consumer.pulumi("stack", "output", "--json")) as Record<string, unknown>;
    const name = String(outputs["secretName"]);
    assert.match(name, /^login-[0-9a-f]{8}$/);
    assert.deepEqual(outputs["reference"], {
      secretNames: [name],
      servers: ["registry.example.com"],
      stableNames: false,
    });
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
