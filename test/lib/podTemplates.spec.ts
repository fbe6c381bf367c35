import assert from "node:assert/strict";
import { addedPullSecrets, neededPullSecret, podSpecPath } from "../../components/lib/podTemplates";

describe("podSpecPath", () => {
  const template = "spec.template.spec";
  const paths: Record<string, string | undefined> = {
    "kubernetes:core/v1:Pod": "spec",
    "kubernetes:apps/v1:Deployment": template,
    "kubernetes:apps/v1beta1:Deployment": template,
    "kubernetes:apps/v1beta2:StatefulSet": template,
    "kubernetes:extensions/v1beta1:DaemonSet": template,
    "kubernetes:apps/v1:ReplicaSet": template,
    "kubernetes:batch/v1:Job": template,
    "kubernetes:batch/v1:CronJob": "spec.jobTemplate.spec.template.spec",
    "kubernetes:batch/v2alpha1:CronJob": "spec.jobTemplate.spec.template.spec",
    "kubernetes:apps/v1:DeploymentPatch": undefined,
    "kubernetes:apps/v1:DeploymentList": undefined,
    "kubernetes:core/v1:Service": undefined,
    "kubernetes:serving.knative.dev/v1:Service": undefined,
    "kubernetes:example.com/v1:Deployment": undefined,
    "kubernetes:core/v1:constructor": undefined,
    "acme:apps/v1:Deployment": undefined,
    "kubernetes:helm.sh/v4:Chart": undefined,
    "acme/kubernetes:apps/v1:Deployment": undefined,
    "kubernetes:apps/v1:Deployment/status": undefined,
    "": undefined,
  };
  for (const [type, path] of Object.entries(paths)) {
    it(`${type}: ${path ?? "none"}`, () => {
      assert.equal(podSpecPath(type)?.join("."), path);
    });
  }
});

describe("neededPullSecret", () => {
  const placed = {
    namespaces: { web: "shop-web", jobs: "shop-jobs" },
    servers: { web: ["registry.example.com"], jobs: ["registry.example.com", "quay.io"] },
  };
  const workload = {
    namespace: "shop-web",
    images: ["registry.example.com/app:1"],
  };

  it("is that of the workload's own namespace, if a server of it matches one of the images", () => {
    assert.deepEqual(neededPullSecret(workload, placed), { key: "web" });
    assert.deepEqual(neededPullSecret({ ...workload, namespace: "shop-jobs" }, placed), { key: "jobs" });
    const images = ["busybox", "registry.example.com/app:1"];
    assert.deepEqual(neededPullSecret({ ...workload, images }, placed), { key: "web" });
  });

  it("is none where no server of that namespace's Secret matches", () => {
    assert.deepEqual(neededPullSecret({ ...workload, images: ["quay.io/app:1"] }, placed), {});
    assert.deepEqual(neededPullSecret({ ...workload, images: ["not a reference"] }, placed), {});
    assert.deepEqual(neededPullSecret({ ...workload, images: [] }, placed), {});
  });

  it("is none in another namespace, for images that no Secret serves", () => {
    assert.deepEqual(neededPullSecret({ ...workload, namespace: "other", images: ["busybox"] }, placed), {});
  });

  it("gives the reason for a served image in a namespace without a Secret", () => {
    const { reason } = neededPullSecret(
      { ...workload, namespace: "other", images: ["quay.io/app:1"] },
      placed,
    );
    assert.equal(
      reason,
      'is "other", which has no pull Secret for the image "quay.io/app:1". There is one in: "shop-web", "shop-jobs". Name one of these, or add the namespace to the pull Secret\'s `namespaces`.',
    );
  });

  it("takes a workload without a namespace and a Secret without one to be together in the provider's", () => {
    const inProviders = { namespaces: { default: "" }, servers: { default: ["registry.example.com"] } };
    assert.deepEqual(neededPullSecret({ ...workload, namespace: "" }, inProviders), { key: "default" });
    assert.match(
      neededPullSecret({ ...workload, namespace: "" }, placed).reason ?? "",
      /^is not given, and the provider's has no pull Secret/,
    );
    assert.match(neededPullSecret(workload, inProviders).reason ?? "", /There is one in: the provider's\. /);
  });

  it("serves nothing where the references lack a key of the namespaces", () => {
    assert.deepEqual(neededPullSecret(workload, { ...placed, servers: {} }), {});
  });
});

describe("addedPullSecrets", () => {
  it("lists the added ones behind, each once", () => {
    assert.deepEqual(addedPullSecrets([{ name: "mine" }, { name: "b" }], ["a", "b"]), [
      { name: "mine" },
      { name: "b" },
      { name: "a" },
    ]);
  });

  it("is nothing where there is none", () => {
    assert.equal(addedPullSecrets([], []), undefined);
  });
});
