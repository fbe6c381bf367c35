import assert from "node:assert/strict";
import { explainRolloutFailure } from "../../components/lib/rolloutFailure";

/** As the Kubernetes provider and the engine write it. */
function providerError(object: string, ...reasons: string[]): string {
  const errors = [
    `the Kubernetes API server reported that "${object}" failed to fully initialize or become live: 'web' timed out waiting to be Ready`,
    ...reasons,
  ];
  return `${errors.length} errors occurred:\n${errors.map((text) => `\t* ${text}`).join("\n")}`;
}

function conflict(text: string): string {
  return `1 error occurred:\n\t* the Kubernetes API server reported that "shop/web" failed to fully initialize or become live: Server-Side Apply field conflict detected. See https://www.pulumi.com/ for troubleshooting help.\nThe resource managed by field manager "pulumi-kubernetes-6a3c5090" had an apply conflict: Apply failed with ${text}`;
}

const notReached = "Minimum number of Pods to consider the application live was not attained";
const sized = (owner: string): string =>
  `The number of pods was set by ${owner}, and the program gives another. Leave \`replicas\` out, and the size stays what it is. To have the program set it again, remove the autoscaler, if there is one, and run \`up\` once with PULUMI_K8S_ENABLE_PATCH_FORCE=true (docs/operations.md).`;

describe("explainRolloutFailure", () => {
  it("explains a failed pull as before", () => {
    const pull = '[Pod shop/web-1]: [ErrImagePull] pull image "r.example.com/a:1": 401 Unauthorized';
    const [explanation = "", ...others] = explainRolloutFailure(providerError("shop/web", notReached, pull));
    assert.match(explanation, /^The registry did not take a login/);
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
      assert.deepEqual(explainRolloutFailure(conflict(text)), [sized(owner)]);
    }
  });

  it("has nothing to say of other conflicts and errors", () => {
    for (const error of [
      conflict('1 conflict: conflict with "kubectl-edit" using apps/v1: .spec.paused'),
      '.spec.replicas: Invalid value: -1 conflict with "x"',
      notReached,
      "",
    ]) {
      assert.deepEqual(explainRolloutFailure(error), []);
    }
  });
});
