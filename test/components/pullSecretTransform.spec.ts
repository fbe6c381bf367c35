import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ImagePullSecret, type PullSecretsByNamespace, pullSecretTransform } from "../../components";
import {
  inputsOf,
  type MockOptions,
  type Outcome,
  runWithMocks,
  secretOf,
  versionHex,
} from "../support/mocks";

const servers = ["registry.example.com"];
const pullSecrets = {
  references: { web: { secretNames: ["current", "previous"], servers } },
  namespaces: { web: "shop" },
};
const served = { name: "app", image: "registry.example.com/app:1" };
const unserved = { name: "proxy", image: "quay.io/proxy:1" };
const deploymentType = "kubernetes:apps/v1:Deployment";

function deploymentProps(podSpec: object, namespace: string | null = "shop"): Record<string, unknown> {
  return { metadata: { name: "app", namespace }, spec: { replicas: 2, template: { spec: podSpec } } };
}

class AnyResource extends pulumi.CustomResource {}

/** What the transform makes of a resource's properties, as the engine would get it. */
async function transformed(
  props: Record<string, unknown>,
  type = deploymentType,
  pullSecret: PullSecretsByNamespace = pullSecrets,
  options: MockOptions = {},
): Promise<Outcome<unknown>> {
  return runWithMocks(async () => {
    const args = { custom: true, type, name: "app", props, opts: {} };
    const result = await pullSecretTransform(pullSecret)(args);
    return new AnyResource(type, "app", result?.props ?? props);
  }, options);
}

function specOf(outcome: Outcome<unknown>): Record<string, unknown> {
  assert.deepEqual(outcome.errors, []);
  const { spec } = inputsOf(outcome, deploymentType)["app"] as {
    spec: { replicas: number; template: { spec: Record<string, unknown> } };
  };
  assert.equal(spec.replicas, 2);
  return spec.template.spec;
}

describe("pullSecretTransform", () => {
  it("adds the pull Secrets of the workload's namespace behind those that are there", async () => {
    const podSpec = { containers: [unserved, served], imagePullSecrets: [{ name: "mine" }] };
    assert.deepEqual(specOf(await transformed(deploymentProps(podSpec))), {
      containers: [unserved, served],
      imagePullSecrets: [{ name: "mine" }, { name: "current" }, { name: "previous" }],
    });
  });

  it("adds nothing twice, so that a second call changes nothing", async () => {
    const once = specOf(await transformed(deploymentProps({ containers: [served] })));
    assert.deepEqual(specOf(await transformed(deploymentProps(once))), once);
  });

  for (const list of ["initContainers", "ephemeralContainers"]) {
    it(`looks at the images of ${list} too`, async () => {
      const podSpec = { containers: [unserved], [list]: [served] };
      assert.deepEqual(specOf(await transformed(deploymentProps(podSpec))), {
        ...podSpec,
        imagePullSecrets: [{ name: "current" }, { name: "previous" }],
      });
    });
  }

  it("leaves a workload as it is whose images no server matches, in any namespace", async () => {
    for (const namespace of ["shop", "elsewhere", null]) {
      const podSpec = { containers: [unserved] };
      assert.deepEqual(specOf(await transformed(deploymentProps(podSpec, namespace))), podSpec);
    }
  });

  it("leaves other resources alone", async () => {
    const props = { spec: { template: { spec: { containers: [served] } } } };
    for (const type of [
      "kubernetes:core/v1:Service",
      "acme:index:Deployment",
      "kubernetes:acme.io/v1:Widget",
    ]) {
      const args = { custom: true, type, name: "app", props, opts: {} };
      const { value } = await runWithMocks(() => pullSecretTransform(pullSecrets)(args));
      assert.equal(value, undefined);
    }
  });

  it("leaves alone what has no pod spec, or none of a known shape", async () => {
    for (const spec of [undefined, null, {}, { template: {} }, { template: "{{ values }}" }]) {
      const outcome = await transformed({ metadata: { namespace: "shop" }, spec });
      assert.deepEqual(outcome.errors, []);
    }
  });

  it("keeps the resource's options", async () => {
    const opts = { protect: true };
    const args = {
      custom: true,
      type: deploymentType,
      name: "app",
      props: deploymentProps({ containers: [] }),
      opts,
    };
    const { value } = await runWithMocks(() => pullSecretTransform(pullSecrets)(args));
    assert.equal((await value)?.opts, opts);
  });

  it("finds the pod spec of a CronJob and of a Pod", async () => {
    const podSpec = { containers: [served] };
    const added = { ...podSpec, imagePullSecrets: [{ name: "current" }, { name: "previous" }] };
    const cronJob = await transformed(
      { metadata: { namespace: "shop" }, spec: { jobTemplate: { spec: { template: { spec: podSpec } } } } },
      "kubernetes:batch/v1:CronJob",
    );
    assert.deepEqual(inputsOf(cronJob, "kubernetes:batch/v1:CronJob")["app"]?.["spec"], {
      jobTemplate: { spec: { template: { spec: added } } },
    });
    const pod = await transformed(
      { metadata: { namespace: "shop" }, spec: podSpec },
      "kubernetes:core/v1:Pod",
    );
    assert.deepEqual(inputsOf(pod, "kubernetes:core/v1:Pod")["app"]?.["spec"], added);
  });

  it("fails for a served image where the namespace has no Secret, and names the workload", async () => {
    const { errors } = await transformed(deploymentProps({ containers: [served] }, "elsewhere"));
    assert.equal(errors.length, 1);
    assert.match(
      errors[0] ?? "",
      /^Deployment "app": 1 problem\n {2}metadata\.namespace: is "elsewhere", which has no pull Secret for the image/,
    );
  });

  it("takes the component itself, and a workload without a namespace where it has none either", async () => {
    const { resources, errors } = await runWithMocks(async () => {
      const pullSecret = new ImagePullSecret("regcred", {
        registries: [{ server: "registry.example.com", username: "u", password: "p" }],
      });
      const props = deploymentProps({ containers: [served] }, null);
      const args = { custom: true, type: deploymentType, name: "app", props, opts: {} };
      const result = await pullSecretTransform(pullSecret)(args);
      return new AnyResource(deploymentType, "app", result?.props);
    });
    assert.deepEqual(errors, []);
    const { spec } = resources.find(({ type }) => type === deploymentType)?.inputs as {
      spec: { template: { spec: object } };
    };
    assert.deepEqual(spec.template.spec, {
      containers: [served],
      imagePullSecrets: [{ name: `regcred-${versionHex}` }],
    });
  });

  it("goes through Outputs and through secrets as the engine marks them, which stay secret", async () => {
    const podSpec = { containers: [{ ...served, env: [{ name: "KEY", value: "c4n4ry" }] }] };
    const expected = { ...podSpec, imagePullSecrets: [{ name: "current" }, { name: "previous" }] };
    const spec = { replicas: 2, template: { spec: podSpec } };
    for (const marked of [
      secretOf(spec),
      pulumi.secret(spec),
      pulumi.output(Promise.resolve(secretOf(spec))),
    ]) {
      const outcome = await transformed({ metadata: pulumi.output({ namespace: "shop" }), spec: marked });
      assert.deepEqual(outcome.errors, []);
      assert.deepEqual(
        inputsOf(outcome, deploymentType)["app"]?.["spec"],
        secretOf({ replicas: 2, template: { spec: expected } }),
      );
    }
  });

  it("decides at preview what it can, and waits for what is not known", async () => {
    const unknownName = pulumi.output({
      web: { secretNames: [pulumi.output(pulumi.unknown as string)], servers },
    });
    const byUnknownName = { ...pullSecrets, references: unknownName };
    const preview = { preview: true };
    const unneeded = await transformed(
      deploymentProps({ containers: [unserved] }),
      deploymentType,
      byUnknownName,
      preview,
    );
    assert.deepEqual(specOf(unneeded), { containers: [unserved] });
    const failed = await transformed(
      deploymentProps({ containers: [served] }, "elsewhere"),
      deploymentType,
      byUnknownName,
      preview,
    );
    assert.match(
      failed.errors[0] ?? "",
      /^Deployment "app": 1 problem\n {2}metadata\.namespace: is "elsewhere"/,
    );
    const unknownSpec = { metadata: { namespace: "shop" }, spec: pulumi.unknown };
    assert.deepEqual((await transformed(unknownSpec, deploymentType, pullSecrets, preview)).errors, []);
  });
});
