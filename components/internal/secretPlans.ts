import type * as pulumi from "@pulumi/pulumi";
import { checkExpiry } from "../lib/expiry";
import { planPullSecrets, type PullSecretPlans } from "../lib/pullSecretPlan";
import type { WorkloadsLogins } from "../lib/workloadsPlan";
import { Verification } from "./args";
import { after, checked, warnOf } from "./inputs";
import { askRegistries } from "./preflight";

/** The plans of the Secrets, once the logins are checked, by their registries as well if `verify` says so. */
export function planSecrets(
  component: pulumi.Resource,
  subject: string,
  logins: pulumi.Output<WorkloadsLogins>,
  keys: string[],
  { verify = Verification.Off, expiryWarningDays }: { verify?: Verification; expiryWarningDays?: number },
): pulumi.Output<PullSecretPlans> {
  const plans = checked(component, subject, logins, (known) => {
    const { result, problems } = planPullSecrets(known, keys);
    const expiry = checkExpiry(known.registries, new Date(), expiryWarningDays);
    warnOf(component, expiry.warnings);
    return { result, problems: [...problems, ...expiry.problems] };
  });
  if (verify === Verification.Off) {
    return plans;
  }
  const subjects = after(plans, logins).apply((known) => ({ logins: known, workloads: [] }));
  return after(askRegistries(component, subject, subjects, keys, verify), plans);
}
