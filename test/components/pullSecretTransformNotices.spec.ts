import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  type PullSecretsByNamespace,
  pullSecretTransform,
  type PullSecretTransformOptions,
} from "../../components";
import { type MockOptions, type Outcome, runWithMocks, secretOf, valueOf } from "../support/mocks";

const servers = ["registry.example.com"];
const image = "registry.example.com/app:1";
const containers = [{ name: "app", image }];
const changing: PullSecretsByNamespace = {
  references: { web: { secretNames: ["ours"], servers, stableNames: false } },
  namespaces: { web: "shop" },
};
const steady: PullSecretsByNamespace = {
  references: { web: { secretNames: ["ours"], servers } },
  namespaces: { web: "shop" },
};
const inPlace =
  "Give its ImagePullSecret rotation: inPlace, or, to keep Deployments versioned, a second ImagePullSecret with rotation: inPlace to this workload.";

/** A resource that the engine hands to a transform. */
interface Given {
  type: string;
  name?: string;
  props: Record<string, unknown>;
  opts?: pulumi.ResourceOptions;
}

interface Settings extends MockOptions {
  pullSecret?: PullSecretsByNamespace;
  options?: PullSecretTransformOptions;
}

/** What a transform makes of each resource, one after the other. */
async function transformed(
  given: Given[],
  { pullSecret = steady, options, ...mocks }: Settings = {},
): Promise<{ outcome: Outcome<unknown>; props: Record<string, unknown>[] }> {
  const props: Record<string, unknown>[] = [];
  const outcome = await runWithMocks(async () => {
    const transform = pullSecretTransform(pullSecret, options);
    for (const { name = "x", opts = {}, ...resource } of given) {
      const result = await transform({ custom: true, name, opts, ...resource });
      props.push((await valueOf(pulumi.output(result?.props ?? resource.props))) ?? {});
    }
  }, mocks);
  return { outcome, props };
}

/** A resource whose pod spec, at a path, runs an image that the pull Secret serves. */
function workload(type: string, path = "spec.template.spec", more: object = {}): Given {
  const podSpec = { containers, ...more };
  const props = path.split(".").reduceRight<object>((inner, key) => ({ [key]: inner }), podSpec);
  return { type: `kubernetes:${type}`, props: { metadata: { namespace: "shop" }, ...props } };
}

/** The names that a pod spec at a path lists. */
function listedIn(props: Record<string, unknown> | undefined, path = "spec.template.spec"): unknown {
  const podSpec = path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], props);
  const { imagePullSecrets } = podSpec as { imagePullSecrets?: { name: string }[] };
  return imagePullSecrets?.map(({ name }) => name);
}

function account(name: string, secretNames: string[], type = "ServiceAccount"): Given {
  return {
    type: `kubernetes:core/v1:${type}`,
    props: {
      metadata: { name, namespace: "shop" },
      imagePullSecrets: secretNames.map((secretName) => ({ name: secretName })),
    },
  };
}

describe("pullSecretTransform, kinds", () => {
  const paths: Record<string, string> = {
    "argoproj.io/v1alpha1:Rollout": "spec.template.spec",
    "serving.knative.dev/v1:Service": "spec.template.spec",
    "apps.kruise.io/v1alpha1:CloneSet": "spec.template.spec",
    "core/v1:ReplicationController": "spec.template.spec",
    "core/v1:PodTemplate": "template.spec",
    "apps/v1:DeploymentPatch": "spec.template.spec",
  };
  for (const [type, path] of Object.entries(paths)) {
    it(`knows ${type}`, async () => {
      const { props, outcome } = await transformed([workload(type, path)]);
      assert.deepEqual(listedIn(props[0], path), ["ours"]);
      assert.deepEqual([outcome.errors, outcome.warnings], [[], []]);
    });
  }

  it("knows lists, whose items have namespaces of their own", async () => {
    const item = (namespace: string, used: string) => ({
      metadata: { name: "web", namespace },
      spec: { template: { spec: { containers: [{ name: "app", image: used }] } } },
    });
    const list = (namespace: string) => ({
      type: "kubernetes:apps/v1:DeploymentList",
      props: { items: [item("shop", image), item("shop", "quay.io/app:1"), item(namespace, image)] },
    });
    const pullSecret = {
      references: { web: { secretNames: ["ours"], servers }, jobs: { secretNames: ["theirs"], servers } },
      namespaces: { web: "shop", jobs: "jobs" },
    };
    const { props } = await transformed([list("jobs")], { pullSecret });
    const { items } = props[0] as { items: Record<string, unknown>[] };
    assert.deepEqual(
      items.map((one) => listedIn(one)),
      [["ours"], undefined, ["theirs"]],
    );
    const { outcome } = await transformed([list("elsewhere")], { pullSecret });
    assert.match(
      outcome.errors.join(),
      /^DeploymentList "x": 1 problem\n {2}items\[\]\.metadata\.namespace: is "elsewhere"/,
    );
  });

  it("leaves a patch of a Pod or a Job as it is, which Kubernetes would refuse, and says so", async () => {
    const pod = workload("core/v1:PodPatch", "spec");
    const job = workload("batch/v1:JobPatch");
    const { props, outcome } = await transformed([pod, job]);
    assert.deepEqual([listedIn(props[0], "spec"), listedIn(props[1])], [undefined, undefined]);
    const words =
      "lists no pull Secrets, as Kubernetes does not change them once a Pod or Job exists. List them where it is made.";
    assert.deepEqual(outcome.warnings, [`PodPatch "x": ${words}`, `JobPatch "x": ${words}`]);
  });

  const widget = workload("acme.io/v1:Widget", "spec.podTemplate.spec");

  it("adds nothing unasked to another kind, and warns once of its path and the option that takes it", async () => {
    const again = { ...widget, name: "y" };
    const { props, outcome } = await transformed([widget, widget, again], { preview: true });
    assert.deepEqual(listedIn(props[0], "spec.podTemplate.spec"), undefined);
    const warning = (name: string): string =>
      `Widget "${name}": a pull Secret serves the image "registry.example.com/app:1" of its spec.podTemplate.spec, but pullSecretTransform does not know this kind and adds nothing. If it takes imagePullSecrets there, give the option podTemplates: { "acme.io/Widget": ["spec.podTemplate.spec"] }; if elsewhere, that path.`;
    assert.deepEqual(outcome.warnings, [warning("x"), warning("y")]);
  });

  it("does not warn of another kind whose images no pull Secret serves, that lists Secrets, or is not of Kubernetes", async () => {
    const unserved = workload("acme.io/v1:Widget", "spec", {
      containers: [{ name: "a", image: "quay.io/a:1" }],
    });
    const listing = workload("acme.io/v1:Widget", "spec", { imagePullSecrets: [{ name: "mine" }] });
    const unknown = workload("acme.io/v1:Widget", "spec", { imagePullSecrets: pulumi.unknown });
    const foreign = { ...widget, type: "acme:index:Widget" };
    const { outcome } = await transformed([unserved, listing, unknown, foreign], { preview: true });
    assert.deepEqual(outcome.warnings, []);
  });

  it("reads another kind's properties through Outputs and secrets", async () => {
    const pod = pulumi.output(Promise.resolve(secretOf({ containers })));
    const spec = { pod, unknown: pulumi.output(pulumi.unknown) };
    const props = { metadata: { namespace: "shop" }, spec };
    const { outcome } = await transformed([{ type: "kubernetes:acme.io/v1:Widget", props }], {
      preview: true,
    });
    assert.match(outcome.warnings.join(), /of its spec\.pod, but/);
  });

  it("adds to the pod specs and plain lists that the option names", async () => {
    const options = { podTemplates: { "acme.io/Widget": ["spec.pods[]", "spec.operator.imagePullSecrets"] } };
    const widgetIn = (namespace: string): Given => ({
      type: "kubernetes:acme.io/v1:Widget",
      props: {
        metadata: { namespace },
        spec: {
          pods: [{ containers }, { containers: [{ name: "a", image: "quay.io/a:1" }] }],
          operator: { imagePullSecrets: [{ name: "mine" }] },
        },
      },
    });
    const { props, outcome } = await transformed([widgetIn("shop")], { options });
    assert.deepEqual(props[0], {
      metadata: { namespace: "shop" },
      spec: {
        pods: [
          { containers, imagePullSecrets: [{ name: "ours" }] },
          { containers: [{ name: "a", image: "quay.io/a:1" }], imagePullSecrets: undefined },
        ],
        operator: { imagePullSecrets: [{ name: "mine" }, { name: "ours" }] },
      },
    });
    assert.deepEqual(outcome.warnings, []);
    const elsewhere = widgetIn("elsewhere");
    (elsewhere.props["spec"] as { pods: unknown }).pods = [];
    const left = await transformed([elsewhere], { options });
    assert.deepEqual(left.props[0], elsewhere.props);
  });

  it("refuses options that can't be right, each with its path", () => {
    assert.throws(
      () =>
        pullSecretTransform(steady, {
          podTemplates: { Widget: ["spec"], "acme.io/Widget": ["spec[0]"] },
          serviceAccountSecrets: { "a/b/c": ["x"], default: ["No Name"] },
        }),
      (error: Error) => {
        assert.deepEqual(
          error.message.split("\n").map((line) => line.replace(/: .*/, "")),
          [
            "pullSecretTransform",
            "  podTemplates.Widget",
            '  podTemplates["acme.io/Widget"][0]',
            '  serviceAccountSecrets["a/b/c"]',
            "  serviceAccountSecrets.default[0]",
          ],
        );
        return true;
      },
    );
  });
});

describe("pullSecretTransform, what a rotation does", () => {
  const preview = { preview: true };

  it("warns at preview of a Job and of a Pod that a new name replaces", async () => {
    const given = [workload("batch/v1:Job"), workload("core/v1:Pod", "spec")];
    const { outcome } = await transformed(given, { ...preview, pullSecret: changing });
    assert.deepEqual(outcome.warnings, [
      `Job "x": each rotation gives the pull Secret a new name, which replaces the Job: it runs again. ${inPlace} Or make it a CronJob.`,
      `Pod "x": each rotation gives the pull Secret a new name, which replaces the Pod: it goes down until the new one is ready. ${inPlace} Or make it a Deployment.`,
    ]);
  });

  it("warns of pods that keep the old name", async () => {
    const strategy = { updateStrategy: { type: "OnDelete" } };
    const daemonSet = workload("apps/v1:DaemonSet");
    Object.assign(daemonSet.props["spec"] as object, strategy);
    const given = [workload("argoproj.io/v1alpha1:Rollout"), workload("apps/v1:ReplicaSet"), daemonSet];
    const { outcome } = await transformed(given, { ...preview, pullSecret: changing });
    const warning = `each rotation gives the pull Secret a new name and deletes the old Secret, which pods of this workload may still list: they can't pull images then. ${inPlace}`;
    assert.deepEqual(outcome.warnings, [
      `Rollout "x": ${warning}`,
      `ReplicaSet "x": ${warning}`,
      `DaemonSet "x": ${warning}`,
    ]);
  });

  it("does not warn of what rolls, of what no Secret serves, and where the names stay", async () => {
    const rolling = ["apps/v1:Deployment", "apps/v1:StatefulSet", "apps/v1:DaemonSet"].map((type) =>
      workload(type),
    );
    const cron = workload("batch/v1:CronJob", "spec.jobTemplate.spec.template.spec");
    const unserved = workload("core/v1:Pod", "spec", { containers: [{ name: "a", image: "quay.io/a:1" }] });
    const { outcome } = await transformed([...rolling, cron, unserved], { ...preview, pullSecret: changing });
    assert.deepEqual(outcome.warnings, []);
    for (const stableNames of [true, undefined]) {
      const pullSecret = { ...steady, references: { web: { secretNames: ["ours"], servers, stableNames } } };
      assert.deepEqual((await transformed([workload("batch/v1:Job")], { pullSecret })).outcome.warnings, []);
    }
  });

  it("warns where the names are not known yet", async () => {
    const references = pulumi.output({
      web: { secretNames: [pulumi.output(pulumi.unknown as string)], servers, stableNames: false },
    });
    const { outcome } = await transformed([], { ...preview }).then(() =>
      transformed([workload("apps/v1:Deployment")], { ...preview, pullSecret: { ...changing, references } }),
    );
    assert.deepEqual(outcome.errors, []);
    const run = await runWithMocks(async () => {
      const job = workload("batch/v1:Job");
      await pullSecretTransform({ ...changing, references })({ custom: true, name: "x", opts: {}, ...job });
    }, preview);
    assert.match(run.warnings.join(), /^Job "x": each rotation/);
  });
});

describe("pullSecretTransform, ServiceAccounts", () => {
  const running = (name: string, more: object = {}): Given =>
    workload("apps/v1:Deployment", "spec.template.spec", { serviceAccountName: name, ...more });

  it("keeps the Secrets of the account for a pod that lists none", async () => {
    const chart = account("chart", ["charts-own"]);
    for (const given of [
      [chart, running("chart")],
      [account("chart", ["charts-own"], "ServiceAccountPatch"), running("chart")],
      [chart, workload("apps/v1:Deployment", "spec.template.spec", { serviceAccount: "chart" })],
      [account("default", ["charts-own"]), workload("apps/v1:Deployment")],
      [chart, running("chart", { imagePullSecrets: [] })],
      [
        {
          type: "kubernetes:core/v1:ServiceAccountList",
          props: { items: pulumi.output([account("other", ["no"]).props, chart.props]) },
        },
        running("chart"),
      ],
    ]) {
      const { props, outcome } = await transformed(given);
      assert.deepEqual(listedIn(props.at(-1)), ["charts-own", "ours"]);
      assert.deepEqual([outcome.errors, outcome.warnings, outcome.infos], [[], [], []]);
    }
  });

  it("adds none of them to a pod that lists some, or whose account or namespace is another", async () => {
    const chart = account("chart", ["charts-own"]);
    const elsewhere = {
      ...chart,
      props: { ...chart.props, metadata: { name: "chart", namespace: "tools" } },
    };
    const listing = running("chart", { imagePullSecrets: [{ name: "mine" }] });
    assert.deepEqual(listedIn((await transformed([chart, listing])).props[1]), ["mine", "ours"]);
    assert.deepEqual(listedIn((await transformed([chart, running("other")])).props[1]), ["ours"]);
    assert.deepEqual(listedIn((await transformed([elsewhere, running("chart")])).props[1]), ["ours"]);
  });

  it("shares what it has seen with the other transforms of the program", async () => {
    const { value } = await runWithMocks(async () => {
      const args = (resource: Given) => ({ custom: true, name: "x", opts: {}, ...resource });
      await pullSecretTransform(steady)(args(account("chart", ["charts-own"])));
      return pullSecretTransform(steady)(args(running("chart")));
    });
    const { props } = (await value) as { props: Record<string, unknown> };
    assert.deepEqual(listedIn(await valueOf(pulumi.output(props))), ["charts-own", "ours"]);
  });

  it("keeps them whatever is registered first", async () => {
    const { value } = await runWithMocks(() => {
      const transform = pullSecretTransform(steady);
      const pod = transform({ custom: true, name: "x", opts: {}, ...running("chart") });
      setTimeout(
        () => void transform({ custom: true, name: "y", opts: {}, ...account("chart", ["charts-own"]) }),
        200,
      );
      return pod;
    });
    const { props } = (await value) as { props: Record<string, unknown> };
    assert.deepEqual(listedIn(await valueOf(pulumi.output(props))), ["charts-own", "ours"]);
  });

  it("does not know an account in another run", async () => {
    await transformed([account("chart", ["charts-own"])]);
    assert.deepEqual(listedIn((await transformed([running("chart")])).props[0]), ["ours"]);
  });

  it("warns of an account that comes after its pod, and names what the pod has lost", async () => {
    const { outcome } = await transformed([running("chart"), account("chart", ["ours", "charts-own"])]);
    assert.deepEqual(outcome.warnings, [
      'Deployment "x": lists pull Secrets now, and not those of its ServiceAccount ("charts-own"), which was registered later: Kubernetes adds them only to a pod that lists none. Register the ServiceAccount first (dependsOn), or name these Secrets in `serviceAccountSecrets`.',
    ]);
    const options = { serviceAccountSecrets: { chart: ["charts-own"] } };
    const named = await transformed([running("chart"), account("chart", ["charts-own"])], { options });
    assert.deepEqual(named.outcome.warnings, []);
  });

  it("keeps the Secrets that an option names, for one namespace or all", async () => {
    const options = {
      serviceAccountSecrets: {
        default: [pulumi.output("default-secret")],
        "shop/chart": ["charts"],
        chart: ["no"],
      },
    };
    const given = [workload("apps/v1:Deployment"), running("chart")];
    const { props, outcome } = await transformed(given, { options });
    assert.deepEqual(
      props.map((one) => listedIn(one)),
      [
        ["default-secret", "ours"],
        ["charts", "ours"],
      ],
    );
    assert.deepEqual(outcome.infos, []);
  });

  it("says once for each parent that the Secrets of an account it has not seen no longer count", async () => {
    class Parent extends pulumi.ComponentResource {}
    const infos = await runWithMocks(async () => {
      const transform = pullSecretTransform(steady);
      for (const parent of [undefined, new Parent("acme:index:A", "a"), new Parent("acme:index:B", "b")]) {
        for (const name of ["x", "y"]) {
          await transform({ custom: true, ...workload("apps/v1:Deployment"), name, opts: { parent } });
        }
      }
    });
    const info =
      'Deployment "x": listed no pull Secrets before, so Kubernetes gave it those of its ServiceAccount, if any, and no longer does. If it needs them, name them in `serviceAccountSecrets` of pullSecretTransform. This may hold for other workloads of the same parent too.';
    assert.deepEqual(infos.infos, [info, info, info]);
    assert.deepEqual(infos.warnings, []);
  });

  it("is not known of a patch, which has only a part of the pod", async () => {
    const patch = workload("apps/v1:DeploymentPatch");
    const { props, outcome } = await transformed([account("default", ["no"]), patch]);
    assert.deepEqual(listedIn(props[1]), ["ours"]);
    assert.equal(outcome.infos.length, 1);
  });
});

describe("pullSecretTransform, helm.v3.Release", () => {
  const release = (values?: unknown): Given => ({
    type: "kubernetes:helm.sh/v3:Release",
    props: { chart: "./chart", values },
  });

  it("warns that it can't reach its workloads, and of the usual values", async () => {
    for (const values of [undefined, {}, { imagePullSecrets: [{ name: "mine" }] }]) {
      const { outcome } = await transformed([release(values)], { preview: true });
      assert.deepEqual(outcome.warnings, [
        'Release "x": pullSecretTransform can\'t reach its workloads, as Helm makes them within the provider. Give the chart the pull Secrets by its values, which are often imagePullSecrets, global.imagePullSecrets or image.pullSecrets (see `helm show values`), or use helm.v4.Chart.',
      ]);
    }
  });

  it("does not where its values have the Secret, or what is not known yet", async () => {
    for (const values of [
      { imagePullSecrets: [{ name: "ours" }] },
      { global: { imagePullSecrets: pulumi.output(["ours"]) } },
      { image: { pullSecrets: [pulumi.unknown] } },
    ]) {
      assert.deepEqual((await transformed([release(values)], { preview: true })).outcome.warnings, []);
    }
  });

  it("does not wait for the pull Secret, which may wait for it", async () => {
    const never = pulumi.output(new Promise<Record<string, string>>(() => undefined));
    await runWithMocks(() => {
      const transform = pullSecretTransform({ references: steady.references, namespaces: never });
      const args = { custom: true, name: "x", opts: {}, ...release() };
      assert.equal(transform(args), undefined);
    });
  });
});
