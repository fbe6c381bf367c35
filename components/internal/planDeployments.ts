import * as pulumi from "@pulumi/pulumi";
import { checkExpiry } from "../lib/expiry";
import type { Pins } from "../lib/preflight/outcome";
import type { PinnableWorkload } from "../lib/preflight/checks";
import { givenOf, type PullPlanEntry } from "../lib/workload";
import { planWorkloads, type WorkloadsLogins } from "../lib/pullPlan";
import { type RegistryCredentialArgs, Verification } from "../args";
import { checked, isPlain, mapInput } from "./inputs";
import { pinEntries } from "./images";
import type { podSpecOf } from "./podSpec";
import { readPodSpec } from "./podSpecLists";
import { askRegistries } from "./askRegistries";
import { reportUnknown } from "./unknownAtPreview";
import type { WorkloadArgs } from "../workloadArgs";

/** The logins of PrivateWorkloads, once they are known. */
export interface KnownLogins extends WorkloadsLogins {
  registries: pulumi.Unwrap<RegistryCredentialArgs>[];
  previousRegistries?: pulumi.Unwrap<RegistryCredentialArgs>[];
}

/** A Deployment to be made. */
export interface PlannedDeployment {
  key: string;
  workload: WorkloadArgs & { namespace?: string; pinDigest?: boolean };
  podSpec: ReturnType<typeof podSpecOf>;
}

/** What is known of all pulls, once logins and Deployments are checked, and the registries asked that shall be. */
export interface WorkloadsPlan {
  entries: pulumi.Output<PullPlanEntry[]>;
  pins: pulumi.Output<Pins>;
}

/** Plans the pulls of the Deployments; the Outputs fail with everything that is wrong. */
export function planDeployments(
  component: pulumi.Resource,
  subject: string,
  logins: pulumi.Output<KnownLogins>,
  deployments: PlannedDeployment[],
  keys: string[],
  verify: Verification = Verification.Off,
): WorkloadsPlan {
  const facts = deployments.map(factsOf);
  const entries = pulumi.unsecret(entriesOf(component, subject, logins, facts, keys));
  if (verify === Verification.Off && !facts.some(({ pinDigest }) => pinDigest)) {
    const message = `${subject}: the images are not checked at this preview: one comes from a resource that does not exist yet. \`up\` checks them.`;
    reportUnknown(
      component,
      facts.map(({ images }) => [images, message]),
    );
    return { entries, pins: pulumi.output<Pins>({}) };
  }
  const subjects = pulumi
    .all([logins, facts, entries])
    .apply(([known, workloads]) => ({ logins: known, workloads: workloads }));
  const pins = askRegistries(component, subject, subjects, keys, verify);
  return {
    entries: pulumi.all([entries, pins]).apply(([known, digests]) => pinEntries(known, digests)),
    pins,
  };
}

type Facts = ReturnType<typeof factsOf>;

/** What is known of a Deployment before anything is made. */
export function factsOf({ key, workload, podSpec }: PlannedDeployment) {
  return {
    name: key,
    namespace: workload.namespace,
    given: givenOf(workload),
    images: mapInput(readPodSpec(podSpec, ""), ({ images }) => images),
    misshapen: mapInput(readPodSpec(workload.podSpec, "podSpec"), ({ problems }) => problems),
    allowAnonymous: workload.allowAnonymous ?? false,
    pinDigest: workload.pinDigest ?? false,
  };
}

function entriesOf(
  component: pulumi.Resource,
  subject: string,
  logins: pulumi.Output<KnownLogins>,
  workloads: Facts[],
  keys: string[],
): pulumi.Output<PullPlanEntry[]> {
  const check = (known: WorkloadsLogins, facts: PinnableWorkload[]) => {
    const { result, problems } = planWorkloads(known, facts, keys);
    return { result, problems: [...problems, ...checkExpiry(known.registries, new Date()).problems] };
  };
  return isPlain(workloads)
    ? checked(component, subject, logins, (known) => check(known, workloads as PinnableWorkload[]))
    : checked(component, subject, pulumi.all([logins, workloads]), ([known, facts]) =>
        check(known as KnownLogins, facts as PinnableWorkload[]),
      );
}
