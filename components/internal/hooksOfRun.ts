import { AsyncResource } from "node:async_hooks";
import * as pulumi from "@pulumi/pulumi";

type Hook = pulumi.ErrorHook | pulumi.ResourceHook;

/** The SDK's internal state of a hook. */
interface HookState {
  __registered: Promise<void>;
}

/** The hooks of each run of a program, keyed by the callback server of the run. */
const hooks = new WeakMap<object, Map<string, Hook>>();

/**
 * A hook of the running program, created once for all its resources. Undefined without an engine, as under mocks, or with one
 * too old for hooks.
 *
 * @param name by which the engine identifies the hook, even across several copies of this package
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

/** Binds a callback to the run: the engine calls it from outside, where the log and invokes would not find the engine. */
export function inRun<Args, Result>(callback: (args: Args) => Result): (args: Args) => Result {
  return AsyncResource.bind(callback);
}

function callbacksOfRun(registration: string): object | undefined {
  const monitor = pulumi.runtime.getMonitor();
  return monitor !== undefined && registration in monitor ? pulumi.runtime.getCallbacks() : undefined;
}

/** Ignores an engine that refuses the hook, for example because another copy of this package has registered it. */
function tolerant<Made extends Hook>(hook: Made): Made {
  const state = hook as unknown as HookState;
  state.__registered = state.__registered.catch(() => undefined);
  return hook;
}
