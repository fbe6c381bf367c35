import * as pulumi from "@pulumi/pulumi";
import { conflictProblem, ownedObject, ownerProblem, recreationReason } from "../lib/objectOwner";
import { printableLine } from "../lib/problems";
import { isRecord } from "../lib/records";
import { hookOfRun, inRun } from "./hooksOfRun";
import { stateOf } from "./inputs";

/** What a run knows of the objects that components own. */
interface Owners {
  /** The component of each child, by the child's type and name. */
  components: Map<string, string>;
  /** The outputs in the stack's state, by URN, once it is read. */
  held?: HeldOutputs;
  isRead: Promise<HeldOutputs>;
}

type HeldOutputs = Record<string, unknown>;

const ownersOfRun = new WeakMap<pulumi.ResourceHook, Owners>();

const hookName = "kubernetes-private-registry:checkOwner";
const errorHookName = "kubernetes-private-registry:explainConflict";

/**
 * The hook that refuses, at preview, to create an object that another resource of the stack has, as after a key of
 * `namespaces` was renamed: the Kubernetes provider may take over what exists, and the end of the old resource would then
 * delete what is wanted. It also refuses to replace a Secret by one of the same name.
 *
 * @param type the child's type
 * @param name the child's name in Pulumi
 * @param component the name of the component that it is a child of
 */
export function ownerHooks(type: string, name: string, component: string): pulumi.ResourceHookBinding {
  const hook = ownerHook();
  if (hook === undefined) {
    return {};
  }
  ownersOfRun.get(hook)?.components.set(keyOf(type, name), component);
  const explain = hookOfRun(
    "registerErrorHook",
    errorHookName,
    () => new pulumi.ErrorHook(errorHookName, inRun(explainConflict)),
  );
  return { beforeCreate: [hook], ...(explain && { onError: [explain] }) };
}

/**
 * The outputs of each resource in the stack's state, by URN; none where it can't be read. Children are registered after it
 * is read, and their hook never waits: the engine reads the state by a step of its own, which could not begin while hooks
 * that wait take all its places for steps.
 */
export async function heldOutputs(): Promise<HeldOutputs> {
  const hook = ownerHook();
  return (await (hook && ownersOfRun.get(hook)?.isRead)) ?? {};
}

function ownerHook(): pulumi.ResourceHook | undefined {
  return hookOfRun("registerResourceHook", hookName, () => {
    const owners: Owners = {
      components: new Map(),
      isRead: readState().then((held) => (owners.held = held)),
    };
    const check = inRun((args: pulumi.ResourceHookArgs) => refuseSecondOwner(owners, args));
    const hook = new pulumi.ResourceHook(hookName, check, { onDryRun: true });
    ownersOfRun.set(hook, owners);
    return hook;
  });
}

async function refuseSecondOwner(
  { components, held = {} }: Owners,
  args: pulumi.ResourceHookArgs,
): Promise<void> {
  const { urn, type, name, newInputs } = args;
  const created = ownedObject(urn, await stateOf(pulumi.output(newInputs)).promise());
  const component = components.get(keyOf(type, name));
  if (created === undefined || component === undefined) {
    return;
  }
  const objects = Object.entries(held)
    .map(([heldUrn, outputs]) => ownedObject(heldUrn, outputs))
    .filter((object) => object !== undefined);
  const problem = ownerProblem(created, component, objects, (heldUrn) => {
    const [, , types = "", heldName = ""] = heldUrn.split("::");
    return components.get(keyOf(types.slice(types.lastIndexOf("$") + 1), heldName));
  });
  if (problem !== undefined) {
    throw new Error(printableLine(problem));
  }
  const reason = recreationReason(created, objects);
  if (reason !== undefined && pulumi.runtime.isDryRun()) {
    await pulumi.log.info(printableLine(reason), new pulumi.DependencyResource(urn));
  }
}

async function explainConflict({ urn, errors: [newest = ""] }: pulumi.ErrorHookArgs): Promise<boolean> {
  const problem = conflictProblem(urn, newest);
  if (problem !== undefined) {
    await pulumi.log.error(printableLine(problem), new pulumi.DependencyResource(urn));
  }
  return false;
}

async function readState(): Promise<HeldOutputs> {
  try {
    const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
    const { outputs } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
      stackName,
    })) as { outputs: Record<string, { outputs: unknown }> };
    return Object.fromEntries(
      Object.entries(outputs).map(([urn, resource]) => [
        urn,
        isRecord(resource) ? resource.outputs : undefined,
      ]),
    );
  } catch {
    return {};
  }
}

function keyOf(type: string, name: string): string {
  return `${type}::${name}`;
}
