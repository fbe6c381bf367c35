import * as pulumi from "@pulumi/pulumi";
import { goneDeploymentReasons, secretChangeReasons, workloadsChangeReasons } from "../lib/changeReasons";
import { hidePasswords } from "../lib/hidePasswords";
import { printableLine } from "../lib/problems";
import { isRecord } from "../lib/records";
import { hookOfRun, inRun } from "./hooksOfRun";
import { stateOf } from "./inputs";
import { heldOutputs } from "./ownerHooks";

const reasonsOf = {
  ImagePullSecret: secretChangeReasons,
  PrivateWorkloads: workloadsChangeReasons,
};

/** The options of a component, whose previews say why a change of its arguments replaces or deletes something. */
export function withChangeHooks(
  component: keyof typeof reasonsOf,
  options: pulumi.ComponentResourceOptions = {},
): pulumi.ComponentResourceOptions {
  const name = `kubernetes-private-registry:explainChange:${component}`;
  const hook = hookOfRun(
    "registerResourceHook",
    name,
    () =>
      new pulumi.ResourceHook(
        name,
        inRun((args: pulumi.ResourceHookArgs) => explainChange(reasonsOf[component], args)),
        { onDryRun: true },
      ),
  );
  const { hooks } = options;
  return hook === undefined
    ? options
    : { ...options, hooks: { ...hooks, beforeUpdate: [...(hooks?.beforeUpdate ?? []), hook] } };
}

async function explainChange(
  reasons: (before: Record<string, unknown>, after: Record<string, unknown>) => string[],
  { urn, oldInputs, newInputs }: pulumi.ResourceHookArgs,
): Promise<void> {
  if (!pulumi.runtime.isDryRun()) {
    return;
  }
  const [before, after] = await Promise.all([known(oldInputs), known(newInputs)]);
  const problems = reasons(before, after).map((reason) => ({ path: "", reason }));
  const logins = [before, after].flatMap(({ registries, previousRegistries }) => [
    registries,
    previousRegistries,
  ]);
  for (const { reason } of hidePasswords(problems, logins)) {
    await pulumi.log.info(printableLine(reason), new pulumi.DependencyResource(urn));
  }
}

/** Inputs as the engine gives them, secrets unwrapped. */
async function known(inputs: Record<string, unknown> | undefined): Promise<Record<string, unknown>> {
  const value = await stateOf(pulumi.output(inputs)).promise();
  return isRecord(value) ? value : {};
}

/**
 * Says at preview which Deployments the program no longer has, by the outputs of the component in the stack's state: its
 * inputs don't name them, as a password may have been pasted as a name.
 */
export async function explainGoneDeployments(component: pulumi.Resource, names: string[]): Promise<void> {
  const held = await heldOutputs();
  if (!pulumi.runtime.isDryRun() || Object.keys(held).length === 0) {
    return;
  }
  const urn = (await stateOf(component.urn).promise()) as string;
  for (const reason of goneDeploymentReasons(held[urn], names)) {
    await pulumi.log.info(printableLine(reason), component);
  }
}
