import * as pulumi from "@pulumi/pulumi";
import { printableLine } from "../lib/problems";
import type { PullSecretReference } from "../args";
import { stateOf } from "./inputs";

/**
 * Warns where the pull Secrets of a workload come from another stack, whose rotations change their names: the workload
 * learns the new name at its own `up` alone, and the old Secret is gone by then.
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
