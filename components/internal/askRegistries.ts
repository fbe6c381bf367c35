import * as pulumi from "@pulumi/pulumi";
import { Verification } from "../args";
import { hidePasswords } from "../lib/hidePasswords";
import {
  askVariable,
  notAskedNotes,
  parseAskPermission,
  permittedChecks,
} from "../lib/preflight/askPermission";
import { type ChecksWanted, planChecks } from "../lib/preflight/checks";
import { type CheckOutcome, outcomeOf, outcomeOfException, type Pins } from "../lib/preflight/outcome";
import { printableLine, type Problem } from "../lib/problems";
import type { PullPlan } from "../lib/pullPlan";
import { loadClient } from "../registry/load";
import { applyCheck, logWarnings } from "./inputs";
import { reportUnknown } from "./notices";

/** What to ask the registries. */
export type ChecksArgs = Omit<ChecksWanted, "verify"> & { verify: Verification };

/**
 * Makes the checks that `verify` and the pinned Deployments need, and returns the pinned images. The Output fails, and with
 * it everything made from it, if a check fails under `enforce` or an image can't be pinned. Under `warn`, everything else that
 * goes wrong is a warning. Asks only registries that the environment variable KUBERNETES_PRIVATE_REGISTRY_ASK permits.
 *
 * A preview can't check values that are not known yet, and says so in one info message.
 *
 * @param plan logins and pulls without problems
 */
export function askRegistries(
  component: pulumi.Resource,
  subject: string,
  plan: pulumi.Output<PullPlan>,
  wanted: ChecksArgs,
): pulumi.Output<Pins> {
  reportUnknown(component, [
    [
      plan,
      `${subject}: the registries are not asked at this preview: a login or an image comes from a resource that does not exist yet. \`up\` checks it.`,
    ],
  ]);
  const outcome = plan.apply(async (known) => {
    const { sources } = known.generations;
    const { problems, notes, warnings, pins } = await outcomeFor(known, wanted);
    for (const { reason } of hidePasswords(notes, sources)) {
      void pulumi.log.info(printableLine(`${subject}: ${reason}`), component);
    }
    logWarnings(component, hidePasswords(warnings, sources));
    return { result: pins, problems: hidePasswords(problems, sources) };
  });
  return pulumi.unsecret(applyCheck(component, subject, outcome, (known) => known));
}

/** Never rejects. */
async function outcomeFor(
  plan: PullPlan,
  { verify, ...wanted }: ChecksArgs,
): Promise<CheckOutcome & { notes: Problem[] }> {
  try {
    const planned = planChecks(plan, { ...wanted, verify: verify !== Verification.Off });
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
    const isPinning = wanted.pinned.length > 0;
    const isNeeded = verify === Verification.Enforce || isPinning;
    return { ...outcomeOfException(error, isPinning ? "pinDigest" : "verify", isNeeded), notes: [] };
  }
}
