import assert from "node:assert/strict";
import { explainRolloutFailure, heldReplicaFailure } from "../../components/lib/rolloutFailure";

/** As the Kubernetes provider and the engine write it, of an update; a create begins in another way. */
function providerError(...reasons: string[]): string {
  const errors = [
    `the Kubernetes API server reported that "shop/web" failed to fully initialize or become live: 'web' timed out waiting to be Ready`,
    ...reasons,
  ];
  return `${errors.length} errors occurred:\n${errors.map((text) => `\t* ${text}`).join("\n")}`;
}

function conflict(text: string): string {
  return `1 error occurred:\n\t* the Kubernetes API server reported that "shop/web" failed to fully initialize or become live: Server-Side Apply field conflict detected. See https://www.pulumi.com/ for troubleshooting help.\nThe resource managed by field manager "pulumi-kubernetes-6a3c5090" had an apply conflict: Apply failed with ${text}`;
}

const inputs = { metadata: { name: "web", namespace: "shop" } };
const notReached = "Minimum number of Pods to consider the application live was not attained";
const command = (object: string): string =>
  `\`kubectl get deployment ${object} --output 'jsonpath={.status.conditions[?(@.type=="ReplicaFailure")].message}'\``;
const refused = (object: string): string =>
  `No new pod has an error of its own. Most often Kubernetes may not make it: a quota has no room for one more, or Pod Security, a LimitRange or an admission policy refuses it. The Kubernetes provider does not read that. The next preview says why, and so does ${command(object)} (docs/rotation.md).`;
const sized = (owner: string): string =>
  `The number of pods was set by ${owner}, and the program gives another. Leave \`replicas\` out, and the size stays what it is. To have the program set it again, remove the autoscaler, if there is one, and run \`up\` once with PULUMI_K8S_ENABLE_PATCH_FORCE=true (docs/operations.md).`;

describe("explainRolloutFailure", () => {
  for (const reason of [
    notReached,
    "Minimum number of live Pods was not attained",
    "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live",
  ]) {
    it(`says where the reason is if no pod was made: ${reason}`, () => {
      const error = providerError(reason);
      assert.deepEqual(explainRolloutFailure(error, inputs), [refused("web --namespace shop")]);
      assert.deepEqual(explainRolloutFailure(error, { metadata: { name: "web" } }), [refused("web")]);
    });
  }

  it("leaves it to the provider where a pod has a reason", () => {
    const unready = "[Pod shop/web-1]: containers with unready status: [web]";
    assert.deepEqual(explainRolloutFailure(providerError(notReached, unready), inputs), []);
  });

  it("explains a failed pull as before", () => {
    const pull = '[Pod shop/web-1]: [ErrImagePull] pull image "r.example.com/a:1": 401 Unauthorized';
    const [explanation = "", ...others] = explainRolloutFailure(providerError(notReached, pull), inputs);
    assert.match(explanation, /^The registry did not accept a login/);
    assert.deepEqual(others, []);
  });

  it("says who has set the number of pods", () => {
    for (const [text, owner] of [
      [
        '1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
        '"kubectl"',
      ],
      [
        '1 conflict: conflict with "kube-controller-manager" with subresource "scale" using apps/v1: .spec.replicas',
        "an autoscaler",
      ],
      [
        '3 conflicts: conflicts with "kubectl-edit" using apps/v1:\n- .spec.template.metadata.labels\nconflicts with "keda\u001b" using apps/v1:\n- .spec.paused\n- .spec.replicas',
        '"keda\\u001b"',
      ],
    ] as const) {
      assert.deepEqual(explainRolloutFailure(conflict(text), inputs), [sized(owner)]);
    }
  });

  it("has nothing to say of other conflicts and errors", () => {
    for (const error of [
      conflict('1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.paused'),
      '.spec.replicas: Invalid value: -1 conflict with "x"',
      "0/1 nodes are available: 1 Insufficient memory.",
      "",
    ]) {
      assert.deepEqual(explainRolloutFailure(error, inputs), []);
    }
  });
});

describe("heldReplicaFailure", () => {
  const message =
    'pods "web-1" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2';
  const failure = { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message };
  const held = (...conditions: unknown[]): unknown => ({ conditions });

  it("has Kubernetes' own sentence", () => {
    assert.equal(
      heldReplicaFailure(held({ type: "Available", status: "True", message: "fine" }, failure)),
      `The last rollout failed, as Kubernetes could not make a pod: ${message}. Unless that has been put right since, the next one fails too (docs/rotation.md).`,
    );
  });

  it("has nothing where no pod was refused", () => {
    for (const status of [
      undefined,
      "web",
      null,
      {},
      { conditions: "none" },
      held(),
      held(null, "x", { ...failure, status: "False" }, { ...failure, type: "Available" }),
      held({ ...failure, message: undefined }),
    ]) {
      assert.equal(heldReplicaFailure(status), undefined);
    }
  });
});
