import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ImagePullSecret, withPullSecrets } from "../../components";
import { inputsOf, runWithMocks, versionHex } from "../support/mocks";

type PodSpec = k8s.types.input.core.v1.PodSpec;

const reference = { secretNames: ["current", "previous"], servers: ["registry.example.com"] };
const served = { name: "app", image: "registry.example.com/app:1" };
const unserved = { name: "proxy", image: "quay.io/proxy:1" };

async function listedBy(
  spec: pulumi.Input<PodSpec>,
  pullSecret = pulumi.output(reference),
): Promise<unknown> {
  const outcome = await runWithMocks(
    () => new k8s.core.v1.Pod("pod", { spec: withPullSecrets(spec, pullSecret) }),
  );
  assert.deepEqual(outcome.errors, []);
  return (inputsOf(outcome, "kubernetes:core/v1:Pod")["pod"]?.["spec"] as PodSpec).imagePullSecrets;
}

describe("withPullSecrets", () => {
  it("lists the pull Secrets behind those that are there, each once", async () => {
    const imagePullSecrets = [{ name: "mine" }, { name: "previous" }];
    assert.deepEqual(await listedBy({ containers: [served], imagePullSecrets }), [
      { name: "mine" },
      { name: "previous" },
      { name: "current" },
    ]);
  });

  it("adds nothing where no server matches an image", async () => {
    assert.deepEqual(await listedBy({ containers: [unserved] }), []);
    assert.deepEqual(await listedBy({ containers: [unserved], imagePullSecrets: [{ name: "mine" }] }), [
      { name: "mine" },
    ]);
  });

  for (const list of ["initContainers", "ephemeralContainers"]) {
    it(`looks at the images of ${list} too`, async () => {
      const spec = { containers: [unserved], [list]: [served] };
      assert.deepEqual(await listedBy(spec), [{ name: "current" }, { name: "previous" }]);
    });
  }

  it("takes the component itself, and a pod spec that is an Output", async () => {
    const outcome = await runWithMocks(() => {
      const pullSecret = new ImagePullSecret("regcred", {
        registries: [{ server: "registry.example.com", username: "u", password: "p" }],
      });
      const spec = withPullSecrets(pulumi.output({ containers: [served] }), pullSecret);
      return new k8s.core.v1.Pod("pod", { spec });
    });
    assert.deepEqual(inputsOf(outcome, "kubernetes:core/v1:Pod")["pod"]?.["spec"], {
      containers: [served],
      imagePullSecrets: [{ name: `regcred-${versionHex}` }],
    });
  });

  it("leaves the given spec as it is", async () => {
    const spec = { containers: [served] };
    await listedBy(spec);
    assert.deepEqual(spec, { containers: [served] });
  });

  it("decides at preview, when the Secret's name is not known yet", async () => {
    const unknown = pulumi.output({
      secretNames: [pulumi.output(pulumi.unknown as string)],
      servers: reference.servers,
    });
    const { resources } = await runWithMocks(
      () => new k8s.core.v1.Pod("pod", { spec: withPullSecrets({ containers: [unserved] }, unknown) }),
      { preview: true },
    );
    assert.deepEqual((resources[0]?.inputs["spec"] as PodSpec).imagePullSecrets, []);
  });
});
