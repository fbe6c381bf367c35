import * as pulumi from "@pulumi/pulumi";
import { ownedObject, type OwnedObject, ownerProblem } from "../lib/objectOwner";
import { isRecord, printableLine } from "../lib/problems";
import { hookOfRun, inRun } from "./hooksOfRun";
import { stateOf } from "./inputs";

/** What a run knows of the objects that components own. */
interface Owners {
  /** The component of each child, by the child's type and name. */
  components: Map<string, string>;
  /** The objects of the stack's state, once it is read. */
  held?: OwnedObject[];
  isRead: Promise<void>;
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
  const hook = ownerHook();
  if (hook === undefined) {
    return {};
  }
  ownersOfRun.get(hook)?.components.set(keyOf(type, name), component);
  return { beforeCreate: [hook] };
}

/**
 * Resolves when the stack's state is read. Children are registered after that, and their hook never waits: the engine reads
 * the state by a step of its own, which could not begin while hooks that wait take all its places for steps.
 */
export async function stateIsRead(): Promise<void> {
  const hook = ownerHook();
  await (hook && ownersOfRun.get(hook)?.isRead);
}

function ownerHook(): pulumi.ResourceHook | undefined {
  return hookOfRun("registerResourceHook", hookName, () => {
    const owners: Owners = {
      components: new Map(),
      isRead: heldObjects().then((held) => {
        owners.held = held;
      }),
    };
    const check = inRun((args: pulumi.ResourceHookArgs) => refuseSecondOwner(owners, args));
    const hook = new pulumi.ResourceHook(hookName, check, { onDryRun: true });
    ownersOfRun.set(hook, owners);
    return hook;
  });
}

async function refuseSecondOwner(
  { components, held = [] }: Owners,
  args: pulumi.ResourceHookArgs,
): Promise<void> {
  const { urn, type, name, newInputs } = args;
  const created = ownedObject(urn, await stateOf(pulumi.output(newInputs)).promise());
  const component = components.get(keyOf(type, name));
  if (created === undefined || component === undefined) {
    return;
  }
  const problem = ownerProblem(created, component, held, (heldUrn) => {
    const [, , types = "", heldName = ""] = heldUrn.split("::");
    return components.get(keyOf(types.slice(types.lastIndexOf("$") + 1), heldName));
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
