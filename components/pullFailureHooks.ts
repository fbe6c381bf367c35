import * as pulumi from "@pulumi/pulumi";
import { hookOfRun, inRun } from "./internal/hooksOfRun";
import { stateOf } from "./internal/inputs";
import { printableLine } from "./lib/problems";
import { explainRolloutFailure, heldReplicaFailure } from "./lib/rolloutFailure";

const errorHookName = "kubernetes-private-registry:explainPullFailure";
const updateHookName = "kubernetes-private-registry:tellReplicaFailure";

/**
 * The resource option `hooks` that explains why a rollout has failed, for your own StatefulSet, DaemonSet, Deployment, Job
 * or Pod. PrivateDeployment and PrivateWorkloads already use it.
 *
 * It explains images that can't be pulled, and for a Deployment also a number of pods that somebody else has set, and pods
 * that Kubernetes may not create. The Kubernetes provider does not read why it may not, so the next preview, which
 * `pulumi up` starts with, gives the reason from the stack's state.
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
  const onError = hookOfRun(
    "registerErrorHook",
    errorHookName,
    () => new pulumi.ErrorHook(errorHookName, inRun(explain)),
  );
  // Only at preview: for a thousand Deployments that roll, the calls would take seconds.
  const beforeUpdate = pulumi.runtime.isDryRun()
    ? hookOfRun(
        "registerResourceHook",
        updateHookName,
        () => new pulumi.ResourceHook(updateHookName, inRun(tellReplicaFailure), { onDryRun: true }),
      )
    : undefined;
  return { ...(onError && { onError: [onError] }), ...(beforeUpdate && { beforeUpdate: [beforeUpdate] }) };
}

async function explain({ urn, newInputs, errors: [newest = ""] }: pulumi.ErrorHookArgs): Promise<boolean> {
  const workload = new pulumi.DependencyResource(urn);
  const inputs = await stateOf(pulumi.output(newInputs)).promise();
  for (const explanation of explainRolloutFailure(newest, inputs)) {
    await pulumi.log.error(printableLine(explanation), workload);
  }
  return false;
}

async function tellReplicaFailure({ urn, oldOutputs }: pulumi.ResourceHookArgs): Promise<void> {
  const failure = heldReplicaFailure(await stateOf(pulumi.output(oldOutputs?.["status"])).promise());
  if (failure !== undefined) {
    await pulumi.log.warn(printableLine(failure), new pulumi.DependencyResource(urn));
  }
}
