import * as pulumi from "@pulumi/pulumi";
import { hookOfRun, inRun } from "./internal/hooksOfRun";
import { printableLine } from "./lib/problems";
import { explainRolloutFailure } from "./lib/rolloutFailure";

/**
 * The resource option `hooks` that explains why a failed rollout could not pull its images, for your own StatefulSet,
 * DaemonSet, Deployment, Job or Pod. PrivateDeployment and PrivateWorkloads already use it. For a Deployment it also explains
 * a number of pods that somebody else has set.
 *
 * It only adds messages, and never makes the engine retry. Empty without an engine, as under Pulumi's mocks.
 *
 * @example
 * ```ts
 * import { apps } from "@pulumi/kubernetes";
 * import { pullFailureHooks } from "kubernetes-private-registry";
 *
 * export function database(args: apps.v1.StatefulSetArgs): apps.v1.StatefulSet {
 *   return new apps.v1.StatefulSet("database", args, { hooks: pullFailureHooks() });
 * }
 * ```
 */
export function pullFailureHooks(): pulumi.ResourceHookBinding {
  const hook = hookOfRun(
    "registerErrorHook",
    "kubernetes-private-registry:explainPullFailure",
    () => new pulumi.ErrorHook("kubernetes-private-registry:explainPullFailure", inRun(explain)),
  );
  return hook === undefined ? {} : { onError: [hook] };
}

async function explain({ urn, errors: [newest = ""] }: pulumi.ErrorHookArgs): Promise<boolean> {
  const workload = new pulumi.DependencyResource(urn);
  for (const explanation of explainRolloutFailure(newest)) {
    await pulumi.log.error(printableLine(explanation), workload);
  }
  return false;
}
