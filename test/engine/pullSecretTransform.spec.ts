import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { ImagePullSecret, pullSecretTransform } from "../../components";
import {
  createEngineStack,
  type EngineStack,
  failureOf,
  messages,
  stateText,
  steps,
} from "../support/engine/engine";
import { leaksIn } from "../support/secrets/leaks";

const served = { name: "app", image: "registry.example.com/app:1" };
const unserved = { name: "proxy", image: "quay.io/proxy:1" };

/** A component of somebody else's, which knows nothing of pull Secrets. */
class Platform extends pulumi.ComponentResource {
  constructor(name: string, namespace: string, opts: pulumi.ComponentResourceOptions) {
    super("acme:index:Platform", name, {}, opts);
    const parent = { parent: this };
    const labels = { app: name };
    const metadata = (resource: string) => ({ name: `${name}-${resource}`, namespace });
    const workload = (containers: k8s.types.input.core.v1.Container[]) => ({
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers } },
    });
    new k8s.apps.v1.Deployment(
      `${name}-web`,
      {
        metadata: metadata("web"),
        spec: workload([{ ...served, env: [{ name: "KEY", value: pulumi.secret("c4n4ry-key") }] }]),
      },
      parent,
    );
    new k8s.apps.v1.StatefulSet(
      `${name}-queue`,
      {
        metadata: metadata("queue"),
        spec: {
          ...workload([unserved]),
          serviceName: "queue",
          template: {
            metadata: { labels },
            spec: { initContainers: [served], containers: [unserved], imagePullSecrets: [{ name: "mine" }] },
          },
        },
      },
      parent,
    );
    new k8s.batch.v1.CronJob(
      `${name}-report`,
      {
        metadata: metadata("report"),
        spec: {
          schedule: "0 4 * * *",
          jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers: [served] } } } },
        },
      },
      parent,
    );
    new k8s.apps.v1.Deployment(
      `${name}-proxy`,
      { metadata: metadata("proxy"), spec: workload([unserved]) },
      parent,
    );
    new k8s.core.v1.Service(
      `${name}-web`,
      { metadata: metadata("web"), spec: { selector: labels, ports: [{ port: 80 }] } },
      parent,
    );
  }
}

describe("pullSecretTransform in the real engine", () => {
  let stack: EngineStack;
  let manifests: string;

  beforeEach(async () => {
    stack = await createEngineStack();
    manifests = join(stack.directory, "manifests");
    await stack.setConfig({ password: { secret: "c4n4ry-password" } });
  });

  afterEach(() => {
    stack.remove();
  });

  function program(
    make: (pullSecret: ImagePullSecret, opts: pulumi.ComponentResourceOptions) => unknown,
  ): PulumiFn {
    return () => {
      const provider = new k8s.Provider("render", { renderYamlToDirectory: manifests });
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
          namespaces: { a: "team-a", b: "team-b" },
        },
        { provider },
      );
      make(pullSecret, { provider, transforms: [pullSecretTransform(pullSecret)] });
      return Promise.resolve({ secretName: pullSecret.secretName });
    };
  }

  const platforms = program((_, opts) => {
    new Platform("one", "team-a", opts);
    new Platform("two", "team-b", opts);
    const own = { ...opts, transforms: [...(opts.transforms ?? []), ...(opts.transforms ?? [])] };
    new k8s.apps.v1.Deployment(
      "three",
      {
        metadata: { name: "three", namespace: "team-b" },
        spec: {
          selector: { matchLabels: { app: "three" } },
          template: {
            metadata: { labels: { app: "three" } },
            spec: { containers: [{ ...served, env: [{ name: "KEY", value: pulumi.secret("c4n4ry-key") }] }] },
          },
        },
      },
      own,
    );
  });

  /** The pull Secrets of each workload's pod template, by file. */
  function listed(): Record<string, unknown> {
    const folder = join(manifests, "1-manifest");
    return Object.fromEntries(
      readdirSync(folder)
        .filter((file) => !/-(secret|service)-/.test(file))
        .map((file) => {
          const manifest = parse(
            readFileSync(join(folder, file), "utf8"),
          ) as k8s.types.input.batch.v1.CronJob & k8s.types.input.apps.v1.Deployment;
          const { spec } = JSON.parse(JSON.stringify(manifest)) as {
            spec: { template?: Template; jobTemplate?: { spec: { template: Template } } };
          };
          const template = spec.template ?? spec.jobTemplate?.spec.template;
          const name = (manifest.metadata as { name: string }).name;
          return [name, template?.spec.imagePullSecrets?.map((reference) => reference.name)];
        }),
    );
  }

  interface Template {
    spec: { imagePullSecrets?: { name: string }[] };
  }

  async function secretName(): Promise<string> {
    return String((await stack.outputs())["secretName"]?.value);
  }

  it("reaches every pod template under a component once, and nothing else, and keeps secrets secret", async () => {
    await stack.up(platforms);
    const name = await secretName();
    assert.match(name, /^login-[0-9a-f]{8}$/);
    assert.deepEqual(listed(), {
      "one-web": [name],
      "one-queue": ["mine", name],
      "one-report": [name],
      "one-proxy": undefined,
      "two-web": [name],
      "two-queue": ["mine", name],
      "two-report": [name],
      "two-proxy": undefined,
      three: [name],
    });
    const secrets = { password: "c4n4ry-password", key: "c4n4ry-key" };
    assert.deepEqual(leaksIn(stateText(stack), secrets), []);
    assert.deepEqual(steps(await stack.preview(platforms)), []);
  });

  it("rolls the workloads to a new Secret, before the old one goes", async () => {
    await stack.up(platforms);
    await stack.setConfig({ password: { secret: "c4n4ry-new" } });
    const run = steps(await stack.up(platforms));
    const name = await secretName();
    assert.deepEqual(listed()["two-queue"], ["mine", name]);
    const lastUpdate = run.findLastIndex((step) => step.startsWith("update "));
    const firstDelete = run.findIndex((step) => step.startsWith("delete-replaced kubernetes:core/v1:Secret"));
    assert.ok(lastUpdate < firstDelete, run.join("\n"));
    assert.deepEqual(
      run.filter((step) => step.includes("Service") || step.includes("proxy")),
      [],
    );
  });

  it("names the workload in a namespace that has no Secret, at preview", async () => {
    const misplaced = program((_, opts) => new Platform("lost", "team-c", opts));
    const failed = await failureOf(stack.preview(misplaced));
    const errors = messages(failed, "error").join("\n");
    for (const workload of ['Deployment "lost-web"', 'StatefulSet "lost-queue"', 'CronJob "lost-report"']) {
      assert.ok(
        errors.includes(
          `${workload}: 1 problem\n  metadata.namespace: is "team-c", which has no pull Secret for the image`,
        ),
        errors,
      );
    }
    assert.doesNotMatch(errors, /lost-proxy/);
  });

  const yaml = [
    "apiVersion: apps/v1",
    "kind: Deployment",
    "metadata: { name: chart-web, namespace: team-a }",
    "spec:",
    "  selector: { matchLabels: { app: chart } }",
    "  template:",
    "    metadata: { labels: { app: chart } }",
    "    spec: { containers: [{ name: app, image: registry.example.com/app:1 }] }",
  ].join("\n");

  it("reaches the workloads of a yaml.v2.ConfigGroup", async () => {
    await stack.up(program((_, opts) => new k8s.yaml.v2.ConfigGroup("group", { yaml }, opts)));
    assert.deepEqual(listed(), { "chart-web": [await secretName()] });
  });

  it("reaches the workloads of a helm.v4.Chart", async () => {
    const chart = join(stack.directory, "chart");
    mkdirSync(join(chart, "templates"), { recursive: true });
    writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: web\nversion: 1.0.0\n");
    writeFileSync(join(chart, "templates", "web.yaml"), yaml);
    await stack.up(
      program((_, opts) => new k8s.helm.v4.Chart("chart", { chart, namespace: "team-a" }, opts)),
    );
    assert.deepEqual(listed(), { "chart-web": [await secretName()] });
  });
});
