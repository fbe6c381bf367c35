import assert from "node:assert/strict";
import { join } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import type { CustomResourceOptions, Input } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as random from "@pulumi/random";
import { createEngineStack, type EngineStack, steps } from "../support/engine/engine";

const secretType = "kubernetes:core/v1:Secret";
const deploymentType = "kubernetes:apps/v1:Deployment";

for (const plugin of ["official", "stand-in"] as const) {
  describe(`what a change replaces, with the ${plugin} plugin`, () => {
    let stack: EngineStack;

    beforeEach(async () => {
      stack = await createEngineStack({ kubernetes: plugin });
    });

    afterEach(() => {
      stack.remove();
    });

    function rendering(
      make: (options: CustomResourceOptions) => void,
      settings: kubernetes.ProviderArgs = {},
    ): PulumiFn {
      return () => {
        const renderYamlToDirectory = join(stack.directory, "manifests");
        make({ provider: new kubernetes.Provider("render", { renderYamlToDirectory, ...settings }) });
        return Promise.resolve();
      };
    }

    /** The steps of the second of two updates. */
    async function stepsBetween(first: PulumiFn, second: PulumiFn): Promise<string[]> {
      await stack.up(first);
      const previewed = steps(await stack.preview(second));
      const updated = steps(await stack.up(second));
      assert.deepEqual([...updated].sort(), [...previewed].sort(), "the preview foretells the update");
      return updated;
    }

    /** A Secret with this password, and a Deployment that refers to the Secret by name. */
    function secretAndDeployment(
      password: string,
      secretArgs: kubernetes.core.v1.SecretArgs,
      settings: kubernetes.ProviderArgs = {},
    ): PulumiFn {
      return rendering((options) => {
        const data = { password: Buffer.from(password).toString("base64") };
        const { metadata } = new kubernetes.core.v1.Secret("credentials", { ...secretArgs, data }, options);
        makeDeployment(metadata.name, options);
      }, settings);
    }

    function makeDeployment(secretName: Input<string>, options: CustomResourceOptions): void {
      const labels = { app: "web" };
      new kubernetes.apps.v1.Deployment(
        "web",
        {
          metadata: { name: "web" },
          spec: {
            selector: { matchLabels: labels },
            template: {
              metadata: { labels },
              spec: {
                containers: [{ name: "web", image: "r.example/web:1" }],
                imagePullSecrets: [{ name: secretName }],
              },
            },
          },
        },
        options,
      );
    }

    const named = { metadata: { name: "credentials", namespace: "shop" } };
    const deletedBefore = [
      `delete-replaced ${deploymentType} web`,
      `delete-replaced ${secretType} credentials`,
      `replace ${secretType} credentials`,
      `create-replacement ${secretType} credentials`,
      `replace ${deploymentType} web`,
      `create-replacement ${deploymentType} web`,
    ];
    const replacedAround = [
      `create-replacement ${secretType} credentials`,
      `replace ${secretType} credentials`,
      `update ${deploymentType} web`,
      `delete-replaced ${secretType} credentials`,
    ];

    it("deletes a Secret of a fixed name, and its Deployment with it, before it makes them anew", async () => {
      const changed = await stepsBetween(
        secretAndDeployment("old", named),
        secretAndDeployment("new", named),
      );
      assert.deepEqual(changed, deletedBefore);
    });

    it("updates the data of a Secret in place with enableSecretMutable, and nothing else", async () => {
      const mutable = { enableSecretMutable: true };
      const changed = await stepsBetween(
        secretAndDeployment("old", named, mutable),
        secretAndDeployment("new", named, mutable),
      );
      assert.deepEqual(changed, [`update ${secretType} credentials`]);
    });

    it("replaces an immutable Secret even with enableSecretMutable", async () => {
      const immutable = { ...named, immutable: true };
      const mutable = { enableSecretMutable: true };
      const changed = await stepsBetween(
        secretAndDeployment("old", immutable, mutable),
        secretAndDeployment("new", immutable, mutable),
      );
      assert.deepEqual(changed, deletedBefore);
    });

    it("replaces a Secret whose type changes even with enableSecretMutable", async () => {
      const mutable = { enableSecretMutable: true };
      const changed = await stepsBetween(
        secretAndDeployment("same", { ...named, type: "Opaque" }, mutable),
        secretAndDeployment("same", { ...named, type: "example.com/other" }, mutable),
      );
      assert.deepEqual(changed, deletedBefore);
    });

    it("makes a new Secret first, rolls the Deployment and deletes the old Secret last, if it named the Secret", async () => {
      const changed = await stepsBetween(secretAndDeployment("old", {}), secretAndDeployment("new", {}));
      assert.deepEqual(changed, replacedAround);
    });

    it("does the same with a name from a RandomId whose keeper changes", async () => {
      const versioned = (password: string): PulumiFn =>
        rendering((options) => {
          const { hex } = new random.RandomId("version", { byteLength: 4, keepers: { password } });
          const data = { password: Buffer.from(password).toString("base64") };
          const { metadata } = new kubernetes.core.v1.Secret(
            "credentials",
            { metadata: { name: hex }, immutable: true, data },
            options,
          );
          makeDeployment(metadata.name, options);
        });
      const changed = await stepsBetween(versioned("old"), versioned("new"));
      assert.deepEqual(
        changed.filter((step) => !step.includes("RandomId")),
        replacedAround,
      );
    });

    it("makes an object in its new namespace before it deletes it in the old", async () => {
      const inNamespace = (namespace: string): PulumiFn =>
        rendering((options) => {
          new kubernetes.core.v1.ServiceAccount("robot", { metadata: { name: "robot", namespace } }, options);
        });
      assert.deepEqual(await stepsBetween(inNamespace("blue"), inNamespace("green")), [
        "create-replacement kubernetes:core/v1:ServiceAccount robot",
        "replace kubernetes:core/v1:ServiceAccount robot",
        "delete-replaced kubernetes:core/v1:ServiceAccount robot",
      ]);
    });

    it("follows the official rules of each kind", async () => {
      const workloads = (version: number): PulumiFn =>
        rendering((options) => {
          const metadata = { labels: { app: "web" } };
          const selector = { matchLabels: metadata.labels };
          const spec = { containers: [{ name: "web", image: `r.example/web:${version}` }] };
          const template = { metadata, spec };
          new kubernetes.apps.v1.DaemonSet("daemonSet", { spec: { selector, template } }, options);
          new kubernetes.apps.v1.Deployment("deployment", { spec: { selector, template } }, options);
          new kubernetes.batch.v1.Job("job", { spec: { template } }, options);
          new kubernetes.batch.v1.CronJob(
            "cronJob",
            { spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template } } } },
            options,
          );
          new kubernetes.core.v1.Pod("pod", { metadata, spec }, options);
          new kubernetes.core.v1.Service("service", { spec: { ports: [{ port: 8000 + version }] } }, options);
          new kubernetes.apps.v1.StatefulSet(
            "statefulSet",
            { spec: { selector, template, serviceName: "web" } },
            options,
          );
          new kubernetes.apps.v1.StatefulSet(
            "renamedStatefulSet",
            { spec: { selector, template, serviceName: `web-${version}` } },
            options,
          );
        });
      const changed = await stepsBetween(workloads(1), workloads(2));
      const outcomes = changed.filter((step) => /^(update|replace) /.test(step));
      assert.deepEqual(outcomes.sort(), [
        "replace kubernetes:apps/v1:StatefulSet renamedStatefulSet",
        "replace kubernetes:batch/v1:Job job",
        "replace kubernetes:core/v1:Pod pod",
        "update kubernetes:apps/v1:DaemonSet daemonSet",
        "update kubernetes:apps/v1:Deployment deployment",
        "update kubernetes:apps/v1:StatefulSet statefulSet",
        "update kubernetes:batch/v1:CronJob cronJob",
        "update kubernetes:core/v1:Service service",
      ]);
    });
  });
}
