import * as pulumi from "@pulumi/pulumi";
import type { PullSecretReference } from "../args";
import type { PlacedPullSecrets } from "../lib/podTemplates";
import { newNameWarning } from "../lib/transformNotices";
import type { OnNewName } from "../lib/workloadKinds";
import { silently } from "./silentOutputs";
import type { Teller, TransformRun } from "./transformRun";

/** What a transform adds, and what it knows. */
export interface TransformSource {
  placed: pulumi.Output<PlacedPullSecrets>;
  /** The reference of a namespace key, of which each member is known as soon as it can be. */
  referenceOf: (key: string) => pulumi.Output<PullSecretReference>;
  /** Secrets of ServiceAccounts, by name or namespace and name. */
  serviceAccountSecrets: Readonly<Record<string, pulumi.Input<pulumi.Input<string>[]>>>;
  run: TransformRun;
  teller: Teller;
}

/** A resource, as a transform gets it. */
export type TransformedResource = Pick<pulumi.ResourceTransformArgs, "type" | "name" | "props" | "opts">;

/** How notices and errors name a resource, such as `Deployment "web"`. */
export function subjectOf({ type, name }: TransformedResource): string {
  return `${type.replace(/.*:/, "")} "${name}"`;
}

/** Warns of what a rotation does to a workload, if it changes the names of the Secrets that the workload lists. */
export function warnOfNewName(
  subject: string,
  key: string,
  onNewName: OnNewName,
  { referenceOf, teller }: TransformSource,
): void {
  const warning = newNameWarning(subject, onNewName);
  // Where it rejects, the workload fails, which is told.
  silently(pulumi.output(referenceOf(key).stableNames)).then(
    (stable) => {
      if (stable === false && warning !== undefined) {
        teller.warn(warning);
      }
    },
    () => undefined,
  );
}
