import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";
import { printableLine } from "../lib/problems";
import { explainPullFailure } from "../lib/pullFailure";

/** The engine knows a hook by its name, also one that another copy of this package has registered. */
const hookName = "kubernetes-private-registry:explainPullFailure";

/** The hook of each run of a program, by the server that the engine calls it at. */
const hooks = new WeakMap<object, pulumi.ErrorHook>();

/**
 * The hook that explains a failed rollout, one for all Deployments of a run. It never asks for another try, since a pull
 * does not mend itself. Undefined where there is no engine to call it, as under mocks.
 */
export function pullFailureHooks(): pulumi.ResourceHookBinding | undefined {
  const monitor = pulumi.runtime.getMonitor();
  const callbacks =
    monitor !== undefined && "registerErrorHook" in monitor ? pulumi.runtime.getCallbacks() : undefined;
  if (callbacks === undefined) {
    return undefined;
  }
  const hook = hooks.get(callbacks) ?? registeredHook();
  hooks.set(callbacks, hook);
  return { onError: [hook] };
}

/** What the SDK keeps of a hook beside what it publishes. */
interface HookState {
  __registered: Promise<void>;
}

function registeredHook(): pulumi.ErrorHook {
  // The engine's call comes in from outside of the run, and the log finds the engine by the run that it is called in.
  const hook = new pulumi.ErrorHook(hookName, AsyncResource.bind(explain));
  const state = hook as unknown as HookState;
  // An older engine has no such hooks, and this one has the hook already if another copy of this package runs: neither
  // is a reason to fail.
  state.__registered = state.__registered.catch(() => undefined);
  return hook;
}

async function explain({ urn, errors: [newest = ""] }: pulumi.ErrorHookArgs): Promise<boolean> {
  const deployment = new pulumi.DependencyResource(urn);
  for (const explanation of explainPullFailure(newest)) {
    await pulumi.log.error(printableLine(explanation), deployment);
  }
  return false;
}
