import { explainPullFailure } from "./kubelet/pullFailure";
import { inOneLine } from "./problems";
import { isRecord } from "./records";

/**
 * Causes and fixes of a failed create or update of a workload, from the error of the Kubernetes provider; none for others.
 *
 * @param inputs the workload's inputs as the provider has checked them
 */
export function explainRolloutFailure(error: string, inputs: unknown): string[] {
  return [...explainPullFailure(error), ...sizeConflict(error), ...refusedPods(error, inputs)];
}

/** Somebody else owns the field that the program sets: the API server names the manager, then the fields. */
function sizeConflict(error: string): string[] {
  const conflict = error.split(/(?=\bconflicts? with ")/).find((part) => /\.spec\.replicas\b/.test(part));
  const [, manager] = /^conflicts? with "([^"]{1,128})"/.exec(conflict ?? "") ?? [];
  if (manager === undefined) {
    return [];
  }
  const owner = manager === "kube-controller-manager" ? "an autoscaler" : `"${inOneLine(manager)}"`;
  return [
    `The number of pods was set by ${owner}, and the program gives another. Leave \`replicas\` out, and the size stays what it is. To have the program set it again, remove the autoscaler, if there is one, and run \`up\` once with PULUMI_K8S_ENABLE_PATCH_FORCE=true (docs/operations.md).`,
  ];
}

/** The provider says of each pod what it waits for: if it names no pod, no pod exists. */
function refusedPods(error: string, inputs: unknown): string[] {
  if (!/minimum number of (?:live )?pods/i.test(error) || error.includes("[Pod ")) {
    return [];
  }
  const { name, namespace } = recordIn(recordIn(inputs)["metadata"]);
  const options = typeof namespace === "string" ? ` --namespace ${inOneLine(namespace)}` : "";
  return [
    `No new pod has an error of its own. Most often Kubernetes may not make it: a quota has no room for one more, or Pod Security, a LimitRange or an admission policy refuses it. The Kubernetes provider does not read that. The next preview says why, and so does \`kubectl get deployment ${inOneLine(String(name))}${options} --output 'jsonpath={.status.conditions[?(@.type=="ReplicaFailure")].message}'\` (docs/rotation.md).`,
  ];
}

/** Why Kubernetes could not make a pod of a Deployment when its rollout failed, by its status in the stack's state. */
export function heldReplicaFailure(status: unknown): string | undefined {
  const { conditions } = recordIn(status);
  const failure = (Array.isArray(conditions) ? conditions : [])
    .filter(isRecord)
    .find((condition) => condition["type"] === "ReplicaFailure" && condition["status"] === "True");
  const message = failure?.["message"];
  return typeof message === "string"
    ? `The last rollout failed, as Kubernetes could not make a pod: ${message}. Unless that has been put right since, the next one fails too (docs/rotation.md).`
    : undefined;
}

function recordIn(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
