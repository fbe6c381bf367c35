import * as pulumi from "@pulumi/pulumi";
import { printableLine } from "../lib/problems";
import type { OutputState } from "./inputs";

/** Says in one line at a preview what is not done there: the message of the first value that is an Output not known yet. */
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
  // A value that could not be made is an error by itself.
  Promise.all(knowledge).then(report, () => undefined);
}
