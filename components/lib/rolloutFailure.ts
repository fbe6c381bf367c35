import { explainPullFailure } from "./kubelet/pullFailure";
import { inOneLine } from "./problems";

/** Causes and fixes of a failed create or update of a workload, from the error of the Kubernetes provider; none for others. */
export function explainRolloutFailure(error: string): string[] {
  return [...explainPullFailure(error), ...sizeConflict(error)];
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
