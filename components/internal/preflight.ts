import * as pulumi from "@pulumi/pulumi";
import { hidePasswords } from "../lib/pastedSecrets";
import { outcomeOf, type Pins } from "../lib/preflightOutcome";
import { printableLine } from "../lib/problems";
import { type PinnableWorkload, planChecks } from "../lib/preflightPlan";
import type { WorkloadsLogins } from "../lib/workloadsPlan";
import { Verification } from "./args";
import { checked, type OutputState, warnOf } from "./inputs";
import { loadClient } from "./registry/load";

/** What is asked of registries: logins and workloads that are known to have no problems. */
export interface PreflightSubjects {
  logins: WorkloadsLogins;
  workloads: PinnableWorkload[];
}

/**
 * Asks the registries what `verify` and the workloads' `pinDigest` want to know, and returns the pinned images. What is
 * made from the result is not made when a check has failed under `enforce`, or an image can't be pinned.
 *
 * Values that are not known yet at preview can't be checked, which one line of information says.
 */
export function askRegistries(
  component: pulumi.Resource,
  subject: string,
  subjects: pulumi.Output<PreflightSubjects>,
  namespaceKeys: readonly string[],
  verify: Verification,
): pulumi.Output<Pins> {
  reportUnknown(component, subject, subjects);
  const outcome = subjects.apply(async ({ logins, workloads }) => {
    const checks = planChecks(logins, workloads, namespaceKeys, verify !== Verification.Off);
    const results = await loadClient().preflight({
      registries: checks.registries.map(({ check }) => check),
      images: checks.images.map(({ check }) => check),
    });
    const { problems, warnings, pins } = outcomeOf(checks, results, verify === Verification.Enforce);
    const registries = [logins.registries, logins.previousRegistries];
    warnOf(component, hidePasswords(warnings, registries));
    return { result: pins, problems: hidePasswords(problems, registries) };
  });
  return pulumi.unsecret(checked(component, subject, outcome, (known) => known));
}

function reportUnknown(component: pulumi.Resource, subject: string, output: pulumi.Output<unknown>): void {
  if (!pulumi.runtime.isDryRun()) {
    return;
  }
  const report = (isKnown: boolean): void => {
    if (!isKnown) {
      void pulumi.log.info(
        printableLine(
          `${subject}: the registries are not asked at this preview: a login or an image comes from a resource that does not exist yet.`,
        ),
        component,
      );
    }
  };
  // A value that could not be made is an error by itself.
  (output as unknown as OutputState).isKnown.then(report, () => undefined);
}
