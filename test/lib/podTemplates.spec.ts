import assert from "node:assert/strict";
import { addedPullSecrets, neededPullSecret, podSpecsIn } from "../../components/lib/podTemplates";

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

describe("podSpecsIn", () => {
  const containers = [{ name: "app", image: "app:1" }];

  it("finds what has the shape of a pod spec, in lists and below others, with its images", () => {
    const props = {
      apiVersion: "acme.io/v1",
      metadata: { annotations: { containers } },
      spec: {
        podTemplate: { spec: { containers, volumes: [{ name: "v", image: { reference: "model:1" } }] } },
        tasks: [{ template: { spec: { containers } } }, { template: { spec: { initContainers: [] } } }],
      },
      status: { containers },
    };
    assert.deepEqual(podSpecsIn(props), [
      { path: "spec.podTemplate.spec", images: ["app:1", "model:1"] },
      { path: "spec.tasks[].template.spec", images: ["app:1"] },
    ]);
  });

  it("leaves out what lists pull Secrets, and what has no containers with an image", () => {
    for (const spec of [
      { containers, imagePullSecrets: [{ name: "mine" }] },
      { containers: [] },
      { containers: [{ name: "app" }].map(({ name }) => ({ name, image: 5 })) },
      { containers: "app:1" },
      { image: "app:1" },
      undefined,
    ]) {
      assert.deepEqual(podSpecsIn({ spec }), []);
    }
    assert.deepEqual(podSpecsIn(undefined), []);
    assert.deepEqual(podSpecsIn({ spec: { containers, imagePullSecrets: null } }), [
      { path: "spec", images: ["app:1"] },
    ]);
  });
});
