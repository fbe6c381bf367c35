import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import {
  ImagePullSecret,
  pullSecretTransform,
  type PullSecretTransformOptions,
  Rotation,
  withPullSecrets,
} from "../../components";
import {
  createEngineStack,
  type EngineRun,
  type EngineStack,
  messages,
  steps,
} from "../support/engine/engine";

const image = "registry.example.com/app:1";
const containers = [{ name: "app", image }];
const namespace = "shop";
const labels = { app: "x" };
const template = { metadata: { labels }, spec: { containers } };

/** What a program makes with the transform. */
type Make = (opts: pulumi.ComponentResourceOptions, pullSecret: ImagePullSecret) => unknown;

describe("pullSecretTransform in the real engine, kinds and ServiceAccounts", () => {
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

  function program(make: Make, rotation: Rotation, options?: PullSecretTransformOptions): PulumiFn {
    return () => {
      const provider = new k8s.Provider("render", {
        renderYamlToDirectory: manifests,
        enableSecretMutable: true,
      });
      const password = new pulumi.Config().requireSecret("password");
      const pullSecret = new ImagePullSecret(
        "login",
        {
          registries: [{ server: "registry.example.com", username: "janedoe", password }],
          namespace,
          rotation,
        },
        { provider },
      );
      make({ provider, transforms: [pullSecretTransform(pullSecret, options)] }, pullSecret);
      return Promise.resolve();
    };
  }

  const inPlace = (make: Make, options?: PullSecretTransformOptions) =>
    program(make, Rotation.InPlace, options);

  /** What is said of pull Secrets, each once. */
  function said(run: EngineRun, severity: "warning" | "info"): string[] {
    return [...new Set(messages(run, severity))].filter((text) => /pull ?Secrets?/.test(text));
  }

  interface Manifest {
    kind: string;
    metadata: { name: string };
    spec?: Record<string, unknown>;
    template?: unknown;
    items?: Manifest[];
  }

  function manifestsOf(kind: string): Manifest[] {
    return readdirSync(manifests, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".yaml"))
      .map((file) => parse(readFileSync(join(manifests, file), "utf8")) as Manifest)
      .filter((manifest) => manifest.kind === kind);
  }

  /** The names of the pull Secrets at a path of the only manifest of a kind. */
  function listed(kind: string, path = "spec.template.spec"): unknown {
    const [manifest, ...others] = manifestsOf(kind);
    assert.deepEqual(others, []);
    const podSpec = path
      .split(".")
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], manifest);
    const { imagePullSecrets } = podSpec as { imagePullSecrets?: { name: string }[] };
    return imagePullSecrets?.map(({ name }) => name);
  }

  function custom(
    name: string,
    apiVersion: string,
    kind: string,
    spec: object,
    opts: pulumi.ComponentResourceOptions,
  ) {
    const args = { apiVersion, kind, metadata: { name, namespace }, spec };
    return new k8s.apiextensions.CustomResource(name, args, opts);
  }

  const everyKind: Make = (opts) => {
    const metadata = (name: string) => ({ name, namespace });
    const selector = { matchLabels: labels };
    const spec = { selector, template };
    custom("rollout", "argoproj.io/v1alpha1", "Rollout", spec, opts);
    custom("service", "serving.knative.dev/v1", "Service", { template }, opts);
    custom("clones", "apps.kruise.io/v1alpha1", "CloneSet", spec, opts);
    new k8s.core.v1.ReplicationController("old", { metadata: metadata("old"), spec: { template } }, opts);
    new k8s.core.v1.PodTemplate("template", { metadata: metadata("template"), template }, opts);
    new k8s.batch.v1.Job("once", { metadata: metadata("once"), spec: { template } }, opts);
    new k8s.core.v1.Pod("bare", { metadata: metadata("bare"), spec: { containers } }, opts);
    new k8s.apps.v1.DaemonSet(
      "agent",
      { metadata: metadata("agent"), spec: { ...spec, updateStrategy: { type: "OnDelete" } } },
      opts,
    );
    custom("widget", "acme.io/v1", "Widget", { podTemplate: { spec: { containers } } }, opts);
    custom("operated", "acme.io/v1", "Operated", { image }, opts);
    custom("unknown", "acme.io/v1", "Unknown", { pods: [{ containers }] }, opts);
  };
  const options = {
    podTemplates: {
      "acme.io/Widget": ["spec.podTemplate.spec"],
      "acme.io/Operated": ["spec.imagePullSecrets"],
    },
  };

  it("reaches every known kind and what the options name, and touches none of them when it rotates in place", async () => {
    const made = inPlace(everyKind, options);
    const run = await stack.up(made);
    for (const kind of ["Rollout", "Service", "CloneSet", "ReplicationController", "Job", "DaemonSet"]) {
      assert.deepEqual(listed(kind), ["login"], kind);
    }
    assert.deepEqual(listed("Pod", "spec"), ["login"]);
    assert.deepEqual(listed("PodTemplate", "template.spec"), ["login"]);
    assert.deepEqual(listed("Widget", "spec.podTemplate.spec"), ["login"]);
    assert.deepEqual(listed("Operated", "spec"), ["login"]);
    assert.deepEqual(listed("Unknown", "spec.pods.0"), undefined);
    assert.deepEqual(said(run, "warning"), [
      'Unknown "unknown": a pull Secret serves the image "registry.example.com/app:1" of its spec.pods[], but pullSecretTransform does not know this kind and adds nothing. If it takes imagePullSecrets there, give the option podTemplates: { "acme.io/Unknown": ["spec.pods[]"] }; if elsewhere, that path.',
    ]);

    await stack.setConfig({ password: { secret: "c4n4ry-new" } });
    assert.deepEqual(steps(await stack.up(made)), [
      "update kubernetes-private-registry:index:ImagePullSecret login",
      "update kubernetes:core/v1:Secret login",
    ]);
  });

  it("touches no Job and Pod with withPullSecrets when it rotates in place", async () => {
    const made = inPlace(({ provider }, pullSecret) => {
      const spec = withPullSecrets({ containers, restartPolicy: "Never" }, pullSecret);
      const metadata = { name: "own", namespace };
      new k8s.batch.v1.Job("job", { metadata, spec: { template: { spec } } }, { provider });
      new k8s.core.v1.Pod("pod", { metadata, spec }, { provider });
    });
    await stack.up(made);
    assert.deepEqual([listed("Job"), listed("Pod", "spec")], [["login"], ["login"]]);
    await stack.setConfig({ password: { secret: "c4n4ry-new" } });
    assert.deepEqual(steps(await stack.up(made)), [
      "update kubernetes-private-registry:index:ImagePullSecret login",
      "update kubernetes:core/v1:Secret login",
    ]);
  });

  it("warns at preview of what a new name replaces or leaves behind", async () => {
    const run = await stack.preview(program(everyKind, Rotation.Versioned, options));
    const warned = said(run, "warning").filter((text) => text.includes("each rotation"));
    assert.deepEqual(warned.map((text) => text.replace(/: .*/, "")).toSorted(), [
      'CloneSet "clones"',
      'DaemonSet "agent"',
      'Job "once"',
      'Operated "operated"',
      'Pod "bare"',
      'PodTemplate "template"',
      'ReplicationController "old"',
      'Rollout "rollout"',
      'Service "service"',
      'Widget "widget"',
    ]);
  });

  it("reaches the items of lists in YAML", async () => {
    const item = (kind: string) => ({
      apiVersion: "apps/v1",
      kind,
      metadata: { name: "x", namespace },
      spec: { template },
    });
    const objs = [
      { apiVersion: "apps/v1", kind: "DeploymentList", items: [item("Deployment")] },
      { apiVersion: "v1", kind: "List", items: [item("StatefulSet")] },
    ];
    await stack.up(inPlace((opts) => new k8s.yaml.v2.ConfigGroup("lists", { objs }, opts)));
    assert.deepEqual(listed("Deployment"), ["login"]);
    assert.deepEqual(listed("StatefulSet"), ["login"]);
  });

  const chartFiles = {
    "Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    // Helm installs ServiceAccounts first, whatever the names of the files are.
    "templates/a-web.yaml": [
      "apiVersion: apps/v1",
      "kind: Deployment",
      "metadata: { name: web, namespace: shop }",
      "spec:",
      "  selector: { matchLabels: { app: web } }",
      "  template:",
      "    metadata: { labels: { app: web } }",
      "    spec:",
      "      serviceAccountName: web",
      "      containers: [{ name: app, image: registry.example.com/app:1 }, { name: own, image: charts.example.com/own:1 }]",
    ].join("\n"),
    "templates/b-account.yaml": [
      "apiVersion: v1",
      "kind: ServiceAccount",
      "metadata: { name: web, namespace: shop }",
      "imagePullSecrets: [{ name: charts-own }]",
    ].join("\n"),
  };

  function writeChart(): string {
    const chart = join(stack.directory, "chart");
    mkdirSync(join(chart, "templates"), { recursive: true });
    for (const [file, text] of Object.entries(chartFiles)) {
      writeFileSync(join(chart, file), text);
    }
    return chart;
  }

  it("keeps the Secrets of a chart's ServiceAccount, in each run", async () => {
    const chart = writeChart();
    const made = inPlace((opts) => new k8s.helm.v4.Chart("chart", { chart, namespace }, opts));
    await stack.preview(made);
    const run = await stack.up(made);
    assert.deepEqual(listed("Deployment"), ["charts-own", "login"]);
    assert.deepEqual([said(run, "warning"), said(run, "info")], [[], []]);
    assert.deepEqual(steps(await stack.preview(made)), []);
  });

  it("says once for each parent that the Secrets of accounts that it can't see no longer count", async () => {
    const texts = ["one", "two"].map((name) =>
      chartFiles["templates/a-web.yaml"].replace("name: web", `name: ${name}`),
    );
    const run = await stack.up(
      inPlace((opts) => {
        new k8s.yaml.v2.ConfigGroup("a", { yaml: texts.join("\n---\n") }, opts);
        new k8s.yaml.v2.ConfigGroup(
          "b",
          { yaml: texts.join("\n---\n").replaceAll("name: ", "name: b-") },
          opts,
        );
      }),
    );
    assert.equal(said(run, "info").length, 2, said(run, "info").join("\n"));
    for (const text of said(run, "info")) {
      assert.match(text, /^Deployment ".*": listed no pull Secrets before/);
    }
  });

  it("says that it can't reach a helm.v3.Release", async () => {
    const chart = writeChart();
    const run = await stack.preview(
      inPlace((opts) => new k8s.helm.v3.Release("web", { chart, namespace }, opts)),
    );
    assert.deepEqual(said(run, "warning"), [
      'Release "web": pullSecretTransform can\'t reach its workloads, as Helm makes them within the provider. Give the chart the pull Secrets by its values, which are often imagePullSecrets, global.imagePullSecrets or image.pullSecrets (see `helm show values`), or use helm.v4.Chart.',
    ]);
  });
});
