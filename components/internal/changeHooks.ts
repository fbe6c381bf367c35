import * as pulumi from "@pulumi/pulumi";
import { secretChangeReasons, workloadsChangeReasons } from "../lib/changeReasons";
import { hidePasswords } from "../lib/pastedSecrets";
import { isRecord, printableLine } from "../lib/problems";
import { hookOfRun, inRun } from "./hooksOfRun";
import { stateOf } from "./inputs";

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
