import * as pulumi from "@pulumi/pulumi";
import {
  askVariable,
  notAskedNotes,
  parseAskPermission,
  permittedChecks,
} from "../lib/preflight/askPermission";
import { hidePasswords } from "../lib/hidePasswords";
import { type CheckOutcome, outcomeOf, outcomeOfException, type Pins } from "../lib/preflight/outcome";
import { type PinnableWorkload, planChecks } from "../lib/preflight/checks";
import { printableLine, type Problem } from "../lib/problems";
import type { WorkloadsLogins } from "../lib/pullPlan";
import { Verification } from "../args";
import { checked, warnOf } from "./inputs";
import { loadClient } from "../registry/load";
import { reportUnknown } from "./unknownAtPreview";

/** What is asked of registries: logins and workloads that are known to have no problems. */
export interface PreflightSubjects {
  logins: WorkloadsLogins;
  workloads: PinnableWorkload[];
}

/**
 * Asks the registries what `verify` and the workloads' `pinDigest` want to know, and returns the pinned images. What is
 * made from the result is not made when a check has failed under `enforce`, or an image can't be pinned. Only registries
 * that the environment variable KUBERNETES_PRIVATE_REGISTRY_ASK permits are asked. Under `warn`, whatever goes wrong
 * meanwhile is a warning.
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
  reportUnknown(component, [
    [
      subjects,
      `${subject}: the registries are not asked at this preview: a login or an image comes from a resource that does not exist yet. \`up\` checks it.`,
    ],
  ]);
  const outcome = subjects.apply(async (known) => {
    const { problems, notes, warnings, pins } = await outcomeFor(known, namespaceKeys, verify);
    const registries = [known.logins.registries, known.logins.previousRegistries];
    for (const { reason } of hidePasswords(notes, registries)) {
      void pulumi.log.info(printableLine(`${subject}: ${reason}`), component);
    }
    warnOf(component, hidePasswords(warnings, registries));
    return { result: pins, problems: hidePasswords(problems, registries) };
  });
  return pulumi.unsecret(checked(component, subject, outcome, (known) => known));
}

/** Never rejects. */
async function outcomeFor(
  { logins, workloads }: PreflightSubjects,
  namespaceKeys: readonly string[],
  verify: Verification,
): Promise<CheckOutcome & { notes: Problem[] }> {
  try {
    const planned = planChecks(logins, workloads, namespaceKeys, verify !== Verification.Off);
    const { checks, notAsked } = permittedChecks(planned, parseAskPermission(process.env[askVariable]));
    const results = await loadClient().preflight({
      registries: checks.registries.map(({ check }) => check),
      images: checks.images.map(({ image, attempts: [first, ...others] }) => ({
        ...(first?.check ?? { image }),
        next: others.map(({ check }) => check),
      })),
    });
    return {
      ...outcomeOf(checks, results, verify === Verification.Enforce),
      notes: notAskedNotes(notAsked),
    };
  } catch (error) {
    const isPinning = workloads.some(({ pinDigest }) => pinDigest);
    const isNeeded = verify === Verification.Enforce || isPinning;
    return { ...outcomeOfException(error, isPinning ? "pinDigest" : "verify", isNeeded), notes: [] };
  }
}
