import * as pulumi from "@pulumi/pulumi";
import { goneDeploymentReasons, secretChangeReasons, workloadsChangeReasons } from "../lib/changeReasons";
import { hidePasswords } from "../lib/hidePasswords";
import { sourcesOf } from "../lib/logins/loginSources";
import { printableLine } from "../lib/problems";
import { isRecord } from "../lib/records";
import { hookOfRun, inRun } from "./hooksOfRun";
import { stateOf } from "./inputs";
import { stateCanBeRead } from "./objectOwners";
import { type HeldOutputs, unchangedOutputs } from "./stackState";
import { knownPart } from "./transformedProps";

const reasonsOf = {
  ImagePullSecret: secretChangeReasons,
  PrivateWorkloads: workloadsChangeReasons,
};

/** The outputs that the run's changed components had before it, by URN. */
const outputsBefore = new WeakMap<pulumi.ResourceHook, HeldOutputs>();

/** A component's options with a hook that explains, at preview, why changed arguments replace or delete something. */
export function withChangeHooks(
  component: keyof typeof reasonsOf,
  options: pulumi.ComponentResourceOptions = {},
): pulumi.ComponentResourceOptions {
  const hook = changeHook(component);
  const { hooks } = options;
  return hook === undefined
    ? options
    : { ...options, hooks: { ...hooks, beforeUpdate: [...(hooks?.beforeUpdate ?? []), hook] } };
}

/** Only at preview: without a hook to call, `up` registers the component sooner. */
function changeHook(component: keyof typeof reasonsOf): pulumi.ResourceHook | undefined {
  if (!pulumi.runtime.isDryRun()) {
    return undefined;
  }
  const name = `kubernetes-private-registry:explainChange:${component}`;
  return hookOfRun("registerResourceHook", name, () => {
    const before: HeldOutputs = {};
    const explain = inRun((args: pulumi.ResourceHookArgs) => {
      before[args.urn] = args.oldOutputs;
      return explainChange(reasonsOf[component], args);
    });
    const hook = new pulumi.ResourceHook(name, explain, { onDryRun: true });
    outputsBefore.set(hook, before);
    return hook;
  });
}

async function explainChange(
  reasons: (before: Record<string, unknown>, after: Record<string, unknown>) => string[],
  { urn, oldInputs, newInputs }: pulumi.ResourceHookArgs,
): Promise<void> {
  const [before, after] = await Promise.all([known(oldInputs), known(newInputs)]);
  const problems = reasons(before, after).map((reason) => ({ path: "", reason }));
  const sources = [before, after].flatMap(sourcesOf);
  for (const { reason } of hidePasswords(problems, sources)) {
    await pulumi.log.info(printableLine(reason), new pulumi.DependencyResource(urn));
  }
}

/** Inputs from the engine as the reasons read them. */
async function known(inputs: Record<string, unknown> | undefined): Promise<Record<string, unknown>> {
  const value = await knownPart(inputs);
  return isRecord(value) ? value : {};
}

/**
 * Reports at preview which Deployments the program no longer has. Compares with the component's outputs before the run: its
 * inputs omit the names, because a password may have been pasted as one. Nothing waits for it, as the answer takes half a
 * second while a thousand Deployments are prepared.
 */
export function explainGoneDeployments(component: pulumi.Resource, names: string[]): void {
  const hook = changeHook("PrivateWorkloads");
  if (hook !== undefined) {
    // A component that can't be registered has its own error.
    explainGone(hook, component, names).catch(() => undefined);
  }
}

async function explainGone(
  hook: pulumi.ResourceHook,
  component: pulumi.Resource,
  names: string[],
): Promise<void> {
  await stateCanBeRead();
  const urn = (await stateOf(component.urn).promise()) as string;
  const before = outputsBefore.get(hook)?.[urn] ?? (await unchangedOutputs(urn));
  for (const reason of goneDeploymentReasons(before, names)) {
    await pulumi.log.info(printableLine(reason), component);
  }
}
