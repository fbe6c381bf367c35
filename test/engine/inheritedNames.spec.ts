import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes";
import { parse } from "yaml";
import { encodeDockerConfigJson, PrivateWorkloads } from "../../components";
import { createEngineStack, type EngineStack, messages } from "../support/engine/engine";

const login = { server: "registry.example.com", username: "janedoe", password: "c4n4ry" };
const image = "registry.example.com/app:1";

describe("names that objects have already, in the real engine", () => {
  let stack: EngineStack;

  before(async () => {
    stack = await createEngineStack();
  });

  after(() => {
    stack.remove();
  });

  it("make their Secret and Deployment, and pass through outputs", async () => {
    const manifests = join(stack.directory, "manifests");
    const labels = { constructor: "c", hasOwnProperty: "h", toString: "t", valueOf: "v" };
    const run = await stack.up(() => {
      const { secretName, references, namespaces, deployments } = new PrivateWorkloads(
        "made",
        {
          registries: [login],
          namespaces: { constructor: "constructor", then: "shop" },
          createNamespace: true,
          deployments: { constructor: { image, namespace: "constructor", labels, annotations: labels } },
        },
        { provider: new Provider("render", { renderYamlToDirectory: manifests }) },
      );
      return Promise.resolve({ secretName, references, namespaces, deployments });
    });
    assert.deepEqual(messages(run, "error"), []);
    const outputs = await stack.outputs();
    const secretName = String(outputs["secretName"]?.value);
    const reference = { secretNames: [secretName], servers: ["registry.example.com"], stableNames: false };
    assert.deepEqual(outputs["references"]?.value, { constructor: reference, then: reference });
    assert.deepEqual(outputs["namespaces"]?.value, { constructor: "constructor", then: "shop" });
    assert.deepEqual(outputs["deployments"]?.value, { constructor: "constructor/constructor" });

    const manifest = (file: string): unknown =>
      parse(readFileSync(join(manifests, "1-manifest", `${file}.yaml`), "utf8"));
    const secret = manifest(`v1-secret-constructor-${secretName}`) as { data: unknown };
    assert.deepEqual(secret.data, {
      ".dockerconfigjson": Buffer.from(encodeDockerConfigJson([login])).toString("base64"),
    });
    const { spec } = manifest("apps_v1-deployment-constructor-constructor") as {
      spec: { template: { metadata: object; spec: { imagePullSecrets: unknown } } };
    };
    assert.deepEqual(spec.template.metadata, {
      labels: { ...labels, "app.kubernetes.io/name": "constructor" },
      annotations: labels,
    });
    assert.deepEqual(spec.template.spec.imagePullSecrets, [{ name: secretName }]);
  });
});
