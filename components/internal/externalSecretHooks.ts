import * as pulumi from "@pulumi/pulumi";
import { heldSyncFailure, syncTimeout } from "../lib/externalSecretFailure";
import { printableLine } from "../lib/problems";
import { hookOfRun, inRun } from "./hooksOfRun";
import { stateOf } from "./inputs";

const errorHookName = "kubernetes-private-registry:explainSyncFailure";
const updateHookName = "kubernetes-private-registry:tellSyncFailure";

/** Hooks that also explain why the operator has not made a Secret: when the wait ends, and from the state at the next run. */
export function withFailureHooks(hooks: pulumi.ResourceHookBinding): pulumi.ResourceHookBinding {
  const onError = hookOfRun(
    "registerErrorHook",
    errorHookName,
    () => new pulumi.ErrorHook(errorHookName, inRun(explainTimeout)),
  );
  const beforeUpdate = hookOfRun(
    "registerResourceHook",
    updateHookName,
    () => new pulumi.ResourceHook(updateHookName, inRun(tellHeldFailure), { onDryRun: true }),
  );
  return {
    ...hooks,
    ...(onError && { onError: [...(hooks.onError ?? []), onError] }),
    ...(beforeUpdate && { beforeUpdate: [beforeUpdate] }),
  };
}

async function explainTimeout({
  urn,
  newInputs,
  errors: [newest = ""],
}: pulumi.ErrorHookArgs): Promise<boolean> {
  const explanation = syncTimeout(newest, await stateOf(pulumi.output(newInputs)).promise());
  if (explanation !== undefined) {
    await pulumi.log.error(printableLine(explanation), new pulumi.DependencyResource(urn));
  }
  return false;
}

async function tellHeldFailure({ urn, oldOutputs }: pulumi.ResourceHookArgs): Promise<void> {
  const failure = heldSyncFailure(await stateOf(pulumi.output(oldOutputs)).promise());
  if (failure !== undefined) {
    await pulumi.log.warn(printableLine(failure), new pulumi.DependencyResource(urn));
  }
}
