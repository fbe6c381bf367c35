import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { type CustomResourceOptions, secret } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as random from "@pulumi/random";
import {
  createEngineStack,
  type EngineStack,
  failureOf,
  messages,
  stateText,
  steps,
} from "../support/engine";

const password = "s3cr3t-canary";
const encodedPassword = Buffer.from(password).toString("base64");

describe("offline stand-in", () => {
  let stack: EngineStack;
  let directory: string;

  beforeEach(async () => {
    stack = await createEngineStack();
    directory = join(stack.directory, "manifests");
  });

  afterEach(() => {
    stack.remove();
  });

  function rendering(make: (options: CustomResourceOptions) => unknown): PulumiFn {
    return () => {
      const provider = new kubernetes.Provider("render", { renderYamlToDirectory: directory });
      return Promise.resolve(make({ provider }) as Record<string, unknown>);
    };
  }

  function rendered(): string[] {
    return readdirSync(join(directory, "1-manifest")).sort();
  }

  it("renders each object into the official provider's file, for its owner alone, and removes it", async () => {
    const program = rendering((options) => {
      new kubernetes.core.v1.Namespace("shop", { metadata: { name: "shop" } }, options);
      new kubernetes.core.v1.Secret(
        "credentials",
        {
          metadata: { name: "credentials", namespace: "shop" },
          type: "kubernetes.io/dockerconfigjson",
          stringData: { ".dockerconfigjson": "{}" },
        },
        options,
      );
      new kubernetes.batch.v1.Job(
        "migrate",
        {
          metadata: { name: "migrate" },
          spec: {
            backoffLimit: 0,
            template: {
              spec: { restartPolicy: "Never", containers: [{ name: "migrate", image: "r.example/m:1" }] },
            },
          },
        },
        options,
      );
    });

    await stack.up(program);

    assert.deepEqual(rendered(), [
      "batch_v1-job-default-migrate.yaml",
      "v1-namespace-default-shop.yaml",
      "v1-secret-shop-credentials.yaml",
    ]);
    const secretFile = join(directory, "1-manifest", "v1-secret-shop-credentials.yaml");
    assert.equal(
      readFileSync(secretFile, "utf8"),
      `apiVersion: v1
data:
  .dockerconfigjson: e30=
kind: Secret
metadata:
  name: credentials
  namespace: shop
type: kubernetes.io/dockerconfigjson
`,
    );
    assert.equal(statSync(secretFile).mode & 0o777, 0o600);
    assert.equal(
      readFileSync(join(directory, "1-manifest", "batch_v1-job-default-migrate.yaml"), "utf8"),
      `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  backoffLimit: 0
  template:
    spec:
      containers:
      - image: r.example/m:1
        name: migrate
      restartPolicy: Never
`,
    );

    await stack.destroy();

    assert.deepEqual(rendered(), []);
  });

  it("finds nothing to do the second time, at refresh either, and renders nothing at preview", async () => {
    const program = rendering((options) => {
      new kubernetes.core.v1.ServiceAccount("robot", {}, options);
    });
    const preview = await stack.preview(program);
    assert.deepEqual(steps(preview), ["create kubernetes:core/v1:ServiceAccount robot"]);
    assert.equal(existsSync(directory), false);
    await stack.up(program);

    assert.deepEqual(steps(await stack.preview(program)), []);
    assert.deepEqual(steps(await stack.up(program)), []);
    assert.deepEqual(steps(await stack.refresh()), ["refresh kubernetes:core/v1:ServiceAccount robot"]);
    assert.deepEqual(steps(await stack.up(program)), []);
  });

  it("names an object that the program does not name, keeps the name, and marks it", async () => {
    const program = (app: string): PulumiFn =>
      rendering((options) => {
        const service = new kubernetes.core.v1.Service(
          "web",
          { metadata: { namespace: "shop" }, spec: { selector: { app }, ports: [{ port: 80 }] } },
          options,
        );
        return { id: service.id, metadata: service.metadata };
      });

    await stack.up(program("web"));
    const { id, metadata } = await stack.outputs();
    const name = (metadata?.value as { name: string }).name;
    assert.match(name, /^web-[0-9a-f]{8}$/);
    assert.equal(id?.value, `shop/${name}`);
    assert.deepEqual(metadata?.value, {
      annotations: { "pulumi.com/autonamed": "true" },
      name,
      namespace: "shop",
    });

    const run = await stack.up(program("shop"));
    assert.deepEqual(steps(run), ["update kubernetes:core/v1:Service web"]);
    assert.deepEqual((await stack.outputs())["metadata"]?.value, metadata.value);
  });

  it("keeps what is secret encrypted in the state, in the outputs and their copy of the inputs too", async () => {
    const program = rendering((options) => {
      new kubernetes.core.v1.Secret(
        "credentials",
        { metadata: { name: "credentials" }, data: { password: encodedPassword } },
        options,
      );
      new kubernetes.core.v1.ServiceAccount(
        "robot",
        { metadata: { name: "robot", annotations: { token: secret(password), note: "in clear" } } },
        options,
      );
    });
    const preview = await stack.preview(program, { diff: true });
    const run = await stack.up(program);

    const state = stateText(stack);
    const everything = state + JSON.stringify([preview, run]);
    assert.equal(everything.includes(password), false);
    assert.equal(everything.includes(encodedPassword), false);
    assert.match(state, /"note":"in clear"/);
    assert.deepEqual(messages(run, "warning"), [
      "rendered YAML will contain a secret value in plaintext",
      "rendered YAML will contain a secret value in plaintext",
    ]);
  });

  it("refuses a resource type that it does not have, and names it", async () => {
    const run = await failureOf(
      stack.preview(rendering((options) => new kubernetes.core.v1.ConfigMap("settings", {}, options))),
    );
    assert.match(
      messages(run, "error").join("\n"),
      /the resource type kubernetes:core\/v1:ConfigMap is not in the offline stand-in\. Let Pulumi download the official plugin/,
    );
  });

  it("refuses a component that it does not have, and names it", async () => {
    const run = await failureOf(
      stack.preview(() => {
        const provider = new kubernetes.Provider("render", { renderYamlToDirectory: directory });
        new kubernetes.yaml.v2.ConfigFile("crd", { file: "crd.yaml" }, { provider });
        return Promise.resolve();
      }),
    );
    assert.match(
      messages(run, "error").join("\n"),
      /the component kubernetes:yaml\/v2:ConfigFile is not in the offline stand-in/,
    );
  });

  it("makes the encodings of a RandomId from the same bytes, and new ones for a new keeper", async () => {
    const program = (keeper: string): PulumiFn =>
      rendering(() => {
        const { id, b64Std, b64Url, dec, hex } = new random.RandomId("suffix", {
          byteLength: 4,
          prefix: "v-",
          keepers: { digest: secret(keeper) },
        });
        return { id, b64Std, b64Url, dec, hex };
      });
    await stack.up(program(password));
    const first = await stack.outputs();
    const hex = String(first["hex"]?.value).replace(/^v-/, "");
    const bytes = Buffer.from(hex, "hex");
    assert.equal(bytes.length, 4);
    assert.deepEqual(first, {
      id: { value: bytes.toString("base64url"), secret: false },
      b64Std: { value: `v-${bytes.toString("base64")}`, secret: false },
      b64Url: { value: `v-${bytes.toString("base64url")}`, secret: false },
      dec: { value: `v-${bytes.readUInt32BE()}`, secret: false },
      hex: { value: `v-${hex}`, secret: false },
    });
    assert.equal(stateText(stack).includes(password), false);

    assert.deepEqual(steps(await stack.up(program(password))), []);
    const run = await stack.up(program("another"));
    assert.deepEqual(steps(run), [
      "create-replacement random:index/randomId:RandomId suffix",
      "replace random:index/randomId:RandomId suffix",
      "delete-replaced random:index/randomId:RandomId suffix",
    ]);
    assert.notDeepEqual(await stack.outputs(), first);
  });
});
