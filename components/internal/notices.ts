import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "../args";
import { printableLine } from "../lib/problems";
import { type OutputState, stateOf } from "./inputs";

/**
 * Warns if a workload's pull Secrets come from another stack whose rotations rename them: the workload only learns the new
 * name at its own `up`, when the old Secret is already gone.
 */
export function warnOfForeignNames(
  component: pulumi.Resource,
  subject: string,
  references: pulumi.Input<pulumi.Input<PullSecretReference>[] | undefined>,
): void {
  const output = pulumi.output(references);
  output.apply(async (known) => {
    const sources = [...(await stateOf(output).allResources())];
    const isForeign = sources.some((resource) => resource instanceof pulumi.StackReference);
    if (isForeign && known?.some(({ stableNames }) => stableNames === false)) {
      await pulumi.log.warn(
        printableLine(
          `${subject}: its pull Secrets come from another stack, which gives them new names when it rotates. Bring this stack up right after that one, or give that one rotation: inPlace.`,
        ),
        component,
      );
    }
  });
}

/** Logs, at preview, the message of the first value that is not known yet. */
export function reportUnknown(
  component: pulumi.Resource,
  messages: [value: pulumi.Input<unknown>, message: string][],
): void {
  if (!pulumi.runtime.isDryRun()) {
    return;
  }
  const knowledge = messages.map(([value]) =>
    pulumi.Output.isInstance(value) ? (value as unknown as OutputState).isKnown : Promise.resolve(true),
  );
  const report = (areKnown: boolean[]): void => {
    const [, message] = messages[areKnown.indexOf(false)] ?? [];
    if (message !== undefined) {
      void pulumi.log.info(printableLine(message), component);
    }
  };
  // A value that rejects is reported elsewhere.
  Promise.all(knowledge).then(report, () => undefined);
}
