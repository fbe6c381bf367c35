import assert from "node:assert/strict";
import { conditionProblems, podProblems, progressOf } from "../../offline/progress";
import type { Properties } from "../../offline/values";

function deployment(status: Properties): Properties {
  return {
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", generation: 2 },
    spec: { replicas: 2 },
    status: {
      observedGeneration: 2,
      replicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
      conditions: [{ type: "Available", status: "True" }],
      ...status,
    },
  };
}

describe("progress of an object", () => {
  it("is done for kinds that have no status to wait for", () => {
    assert.equal(progressOf({ kind: "Secret", metadata: { name: "credentials" } }).state, "done");
  });

  it("is done for a Deployment whose replicas are all updated and available", () => {
    assert.equal(progressOf(deployment({})).state, "done");
  });

  const unfinished: [string, Properties][] = [
    ["the controller has not seen the change", { observedGeneration: 1 }],
    ["a pod is of the old revision", { updatedReplicas: 1 }],
    ["an old pod is still there", { replicas: 3 }],
    ["a pod is not available", { availableReplicas: 1 }],
    ["it is not available", { conditions: [{ type: "Available", status: "False" }] }],
  ];
  for (const [reason, status] of unfinished) {
    it(`is waiting for a Deployment while ${reason}`, () => {
      assert.equal(progressOf(deployment(status)).state, "waiting");
    });
  }

  it("has failed for a Job that has", () => {
    const conditions = [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "limit" }];
    assert.deepEqual(progressOf({ kind: "Job", status: { conditions } }), {
      state: "failed",
      message: "[BackoffLimitExceeded] limit",
    });
  });

  it("is waiting for a Service's Endpoints while one is not ready", () => {
    const subsets = [{ addresses: [{ ip: "10.0.0.1" }], notReadyAddresses: [{ ip: "10.0.0.2" }] }];
    assert.equal(progressOf({ kind: "Endpoints", subsets }).state, "waiting");
    assert.equal(progressOf({ kind: "Endpoints" }).state, "done");
  });
});

describe("problems of an object", () => {
  const pod: Properties = {
    kind: "Pod",
    metadata: { name: "web-1", namespace: "shop" },
    status: {
      phase: "Pending",
      conditions: [
        { type: "PodScheduled", status: "True" },
        { type: "Ready", status: "False", message: "containers with unready status: [web]" },
      ],
      containerStatuses: [
        {
          name: "web",
          ready: false,
          state: { waiting: { reason: "ErrImagePull", message: "failed to pull: 401 Unauthorized" } },
        },
        { name: "proxy", ready: true, state: { running: {} } },
      ],
    },
  };

  it("are a pod's own words and its containers'", () => {
    assert.deepEqual(podProblems(pod), [
      "[Pod shop/web-1]: containers with unready status: [web][ErrImagePull] failed to pull: 401 Unauthorized",
    ]);
  });

  it("are none for a pod that is ready", () => {
    const conditions = [{ type: "Ready", status: "True" }];
    assert.deepEqual(podProblems({ ...pod, status: { conditions } }), []);
  });

  it("say whether a Deployment was ever live", () => {
    assert.deepEqual(conditionProblems(deployment({})), [
      "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live",
    ]);
    const conditions = [
      { type: "Available", status: "False", reason: "MinimumReplicasUnavailable", message: "none" },
    ];
    assert.deepEqual(conditionProblems(deployment({ conditions })), [
      "[MinimumReplicasUnavailable] none",
      "Minimum number of live Pods was not attained",
    ]);
  });
});
