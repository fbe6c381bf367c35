import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PrivateDeployment, pullFailureHooks } from "../../components";
import { answerRegistrations, runWithMocks } from "../support/mocks";

function makeDeployments(...names: string[]): void {
  const pullSecrets = [{ secretNames: ["login"], servers: ["registry.example.com"] }];
  for (const name of names) {
    new PrivateDeployment(name, { image: "registry.example.com/app:1", pullSecrets });
  }
}

describe("the hook that explains a failed rollout", () => {
  it("is registered once for all Deployments of a run, at preview with the one before an update", async () => {
    for (const preview of [true, false, true]) {
      const made = await runWithMocks(
        () => {
          const registrations = answerRegistrations(null);
          makeDeployments("one", "two");
          return registrations;
        },
        { preview },
      );
      assert.deepEqual(made.errors, []);
      assert.equal(made.value.count, preview ? 2 : 1);
    }
  });

  it("keeps nothing from being made where the engine refuses it", async () => {
    const made = await runWithMocks(() => {
      answerRegistrations(new Error("unimplemented"));
      makeDeployments("one");
    });
    assert.deepEqual(made.errors, []);
    assert.ok(made.resources.some(({ type }) => type === "kubernetes:apps/v1:Deployment"));
  });

  it("is absent under mocks, which call none", async () => {
    const { value } = await runWithMocks(pullFailureHooks);
    assert.deepEqual(value, {});
  });

  it("shows each explanation and asks for no other try", async () => {
    const urn = "urn:pulumi:test::unit::kubernetes:apps/v1:Deployment::web";
    const shown: string[] = [];
    const { error } = pulumi.log;
    Object.assign(pulumi.log, {
      error: async (message: string, resource: pulumi.Resource) => {
        shown.push(message, await new Promise<string>((resolve) => void resource.urn.apply(resolve)));
      },
    });
    try {
      const { value: retry } = await runWithMocks(() => {
        answerRegistrations(null);
        const [hook] = pullFailureHooks().onError ?? [];
        const failure = "[Pod web]: [ErrImagePull] 401 Unauthorized";
        const args = { urn, id: "", name: "web", type: "", failedOperation: "create" };
        return Promise.resolve(hook?.callback({ ...args, errors: [failure, "an older error"] }));
      });
      assert.equal(await retry, false);
    } finally {
      Object.assign(pulumi.log, { error });
    }
    assert.equal(shown.length, 2);
    assert.match(shown[0] ?? "", /did not accept a login/);
    assert.equal(shown[1], urn);
  });

  it("says at the next preview why Kubernetes could not make a pod", async () => {
    const conditions = [{ type: "ReplicaFailure", status: "True", message: 'pods "a" is forbidden: \u001b' }];
    const { errors, warnings } = await runWithMocks(
      () => {
        answerRegistrations(null);
        const [hook] = (pullFailureHooks().beforeUpdate ?? []) as pulumi.ResourceHook[];
        assert.equal(hook?.opts?.onDryRun, true);
        const args = {
          urn: "urn:pulumi:test::unit::kubernetes:apps/v1:Deployment::web",
          id: "",
          name: "web",
          type: "",
        };
        for (const status of [{}, pulumi.secret({ conditions })]) {
          pulumi.output(hook.callback({ ...args, oldOutputs: { status } }));
        }
      },
      { preview: true },
    );
    assert.deepEqual(errors, []);
    assert.deepEqual(warnings, [
      'The last rollout failed, as Kubernetes could not make a pod: pods "a" is forbidden: \\u001b. Unless that has been put right since, the next one fails too (docs/rotation.md).',
    ]);
  });
});
