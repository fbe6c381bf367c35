import * as pulumi from "@pulumi/pulumi";
import { printableLine } from "../lib/problems";
import type { OutputState } from "./inputs";

/** Says in one line at a preview what is not done there, if one of the values is an Output that is not known yet. */
export function reportUnknown(
  component: pulumi.Resource,
  values: pulumi.Input<unknown>[],
  message: string,
): void {
  if (!pulumi.runtime.isDryRun()) {
    return;
  }
  const states = values.filter((value) => pulumi.Output.isInstance(value)) as unknown as OutputState[];
  const report = (areKnown: boolean[]): void => {
    if (areKnown.includes(false)) {
      void pulumi.log.info(printableLine(message), component);
    }
  };
  // A value that could not be made is an error by itself.
  Promise.all(states.map(({ isKnown }) => isKnown)).then(report, () => undefined);
}
