import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";

type Hook = pulumi.ErrorHook | pulumi.ResourceHook;

/** What the SDK keeps of a hook beside what it publishes. */
interface HookState {
  __registered: Promise<void>;
}

/** The hooks of each run of a program, by the server that the engine calls them at. */
const hooks = new WeakMap<object, Map<string, Hook>>();

/**
 * A hook of the running program, made once for all its resources. Undefined where there is no engine to call it, as
 * under mocks, or one too old for hooks.
 *
 * @param name the engine knows a hook by its name, also one that another copy of this package has registered
 */
export function hookOfRun<Made extends Hook>(
  registration: "registerErrorHook" | "registerResourceHook",
  name: string,
  make: () => Made,
): Made | undefined {
  const run = callbacksOfRun(registration);
  if (run === undefined) {
    return undefined;
  }
  const ofRun = hooks.get(run) ?? new Map<string, Hook>();
  hooks.set(run, ofRun);
  const hook = (ofRun.get(name) as Made | undefined) ?? tolerant(make());
  ofRun.set(name, hook);
  return hook;
}

/** A callback for the engine: its call comes from outside of the run, by which the log and invokes find the engine. */
export function inRun<Args, Result>(callback: (args: Args) => Result): (args: Args) => Result {
  return AsyncResource.bind(callback);
}

function callbacksOfRun(registration: string): object | undefined {
  const monitor = pulumi.runtime.getMonitor();
  return monitor !== undefined && registration in monitor ? pulumi.runtime.getCallbacks() : undefined;
}

/** An engine that refuses the hook, perhaps since another copy of this package has registered it, is no reason to fail. */
function tolerant<Made extends Hook>(hook: Made): Made {
  const state = hook as unknown as HookState;
  state.__registered = state.__registered.catch(() => undefined);
  return hook;
}
