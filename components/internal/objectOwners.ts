import * as pulumi from "@pulumi/pulumi";
import { conflictProblem, ownedObject, ownerProblem, recreationReason } from "../lib/objectOwners";
import { printableLine } from "../lib/problems";
import { hookOfRun, inRun } from "./hooksOfRun";
import { stateOf } from "./inputs";
import { engineProvider, type HeldOutputs, heldOutputs } from "./stackState";

/** What a run knows about the objects that components own. */
interface Owners {
  /** The component's name for each child, by the child's type and name. */
  components: Map<string, string>;
  /** The random suffixes of Secret names that this run has created: no object in the state can have such a name. */
  newVersions: Set<string>;
  /** The provider that reads the stack's state. */
  reader: Promise<pulumi.ProviderResource | undefined>;
  /** The outputs in the stack's state, read when a hook first needs them: 1,000 Deployments take two seconds. */
  held?: Promise<HeldOutputs>;
}

const ownersOfRun = new WeakMap<pulumi.ResourceHook, Owners>();

const hookName = "kubernetes-private-registry:checkOwner";
const versionHookName = "kubernetes-private-registry:noteVersion";
const errorHookName = "kubernetes-private-registry:explainConflict";

/**
 * Hooks that refuse, at preview, to create an object that another resource of the stack already has, as after a key of
 * `namespaces` was renamed: the Kubernetes provider may take over the existing object, which is then deleted with the old
 * resource. They also refuse to replace a Secret by one with the same name, and explain conflicts.
 *
 * @param type the child's type
 * @param name the child's name in Pulumi
 * @param component the name of its parent component
 */
export function ownerHooks(type: string, name: string, component: string): pulumi.ResourceHookBinding {
  const hook = ownerHook();
  if (hook === undefined) {
    return {};
  }
  ownersOf(hook)?.components.set(keyOf(type, name), component);
  const explain = hookOfRun(
    "registerErrorHook",
    errorHookName,
    () => new pulumi.ErrorHook(errorHookName, inRun(explainConflict)),
  );
  return { beforeCreate: [hook], ...(explain && { onError: [explain] }) };
}

/** The hook that remembers a new random suffix of Secret names. */
export function versionHooks(): pulumi.ResourceHookBinding {
  const owners = ownersOf(ownerHook());
  const hook = hookOfRun(
    "registerResourceHook",
    versionHookName,
    () =>
      new pulumi.ResourceHook(versionHookName, ({ newOutputs }) => {
        owners?.newVersions.add(String(newOutputs?.["hex"]));
      }),
  );
  return hook === undefined ? {} : { afterCreate: [hook] };
}

/** Resolves once the hooks of children can read the stack's state. Register children only after that. */
export async function stateCanBeRead(): Promise<void> {
  await ownersOf(ownerHook())?.reader;
}

function ownerHook(): pulumi.ResourceHook | undefined {
  return hookOfRun("registerResourceHook", hookName, () => {
    const owners: Owners = { components: new Map(), newVersions: new Set(), reader: engineProvider() };
    const check = inRun((args: pulumi.ResourceHookArgs) => refuseSecondOwner(owners, args));
    const hook = new pulumi.ResourceHook(hookName, check, { onDryRun: true });
    ownersOfRun.set(hook, owners);
    return hook;
  });
}

function ownersOf(hook: pulumi.ResourceHook | undefined): Owners | undefined {
  return hook && ownersOfRun.get(hook);
}

async function refuseSecondOwner(owners: Owners, args: pulumi.ResourceHookArgs): Promise<void> {
  const { components, newVersions } = owners;
  const { urn, type, name, newInputs } = args;
  const created = ownedObject(urn, await stateOf(pulumi.output(newInputs)).promise());
  const component = components.get(keyOf(type, name));
  if (created === undefined || component === undefined || newVersions.has(versionIn(created.name))) {
    return;
  }
  owners.held ??= owners.reader.then(heldOutputs);
  const objects = Object.entries(await owners.held)
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

function versionIn(secretName: string): string {
  return secretName.slice(secretName.lastIndexOf("-") + 1);
}

function keyOf(type: string, name: string): string {
  return `${type}::${name}`;
}
