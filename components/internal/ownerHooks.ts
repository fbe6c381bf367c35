import * as pulumi from "@pulumi/pulumi";
import { ownedObject, type OwnedObject, ownerProblem } from "../lib/objectOwner";
import { isRecord, printableLine } from "../lib/problems";
import { hookOfRun, inRun } from "./hooksOfRun";
import { stateOf } from "./inputs";

/** What a run knows of the objects that components own. */
interface Owners {
  /** The component of each child, by the child's type and name. */
  components: Map<string, string>;
  /** The objects of the stack's state, read when the first child is created. */
  held?: Promise<OwnedObject[]>;
}

const ownersOfRun = new WeakMap<pulumi.ResourceHook, Owners>();

const hookName = "kubernetes-private-registry:checkOwner";

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
  const hook = hookOfRun("registerResourceHook", hookName, () => {
    const owners: Owners = { components: new Map() };
    const made = new pulumi.ResourceHook(
      hookName,
      inRun((args: pulumi.ResourceHookArgs) => refuseSecondOwner(owners, args)),
      { onDryRun: true },
    );
    ownersOfRun.set(made, owners);
    return made;
  });
  if (hook === undefined) {
    return {};
  }
  ownersOfRun.get(hook)?.components.set(keyOf(type, name), component);
  return { beforeCreate: [hook] };
}

async function refuseSecondOwner(owners: Owners, args: pulumi.ResourceHookArgs): Promise<void> {
  const { urn, type, name, newInputs } = args;
  const created = ownedObject(urn, await stateOf(pulumi.output(newInputs)).promise());
  const component = owners.components.get(keyOf(type, name));
  if (created === undefined || component === undefined) {
    return;
  }
  owners.held ??= heldObjects();
  const problem = ownerProblem(created, component, await owners.held, (held) => {
    const [, , types = "", heldName = ""] = held.split("::");
    return owners.components.get(keyOf(types.slice(types.lastIndexOf("$") + 1), heldName));
  });
  if (problem !== undefined) {
    throw new Error(printableLine(problem));
  }
}

/** The objects that the stack's state holds; none where the backend does not give it. */
async function heldObjects(): Promise<OwnedObject[]> {
  const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  try {
    const { outputs } = (await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", {
      stackName,
    })) as { outputs: Record<string, { outputs: unknown }> };
    return Object.entries(outputs)
      .map(([urn, resource]) => (isRecord(resource) ? ownedObject(urn, resource.outputs) : undefined))
      .filter((object) => object !== undefined);
  } catch {
    return [];
  }
}

function keyOf(type: string, name: string): string {
  return `${type}::${name}`;
}
