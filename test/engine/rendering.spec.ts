import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { type CustomResourceOptions, secret } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { createEngineStack, type EngineStack, messages, stateText, steps } from "../support/engine/engine";

const password = "s3cr3t-canary";
const encodedPassword = Buffer.from(password).toString("base64");

for (const plugin of ["official", "stand-in"] as const) {
  describe(`rendering, with the ${plugin} plugin`, () => {
    let stack: EngineStack;
    let directory: string;

    beforeEach(async () => {
      stack = await createEngineStack({ kubernetes: plugin });
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

    it("finds nothing to do the second time, and renders nothing at preview", async () => {
      const program = rendering((options) => {
        new kubernetes.core.v1.ServiceAccount("robot", {}, options);
      });
      const preview = await stack.preview(program);
      assert.deepEqual(steps(preview), ["create kubernetes:core/v1:ServiceAccount robot"]);
      assert.equal(existsSync(directory), false);
      await stack.up(program);

      assert.deepEqual(steps(await stack.preview(program)), []);
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
      const warning = "rendered YAML will contain a secret value in plaintext";
      assert.deepEqual(
        messages(run, "warning").filter((text) => text === warning),
        [warning, warning],
      );
    });
  });
}
