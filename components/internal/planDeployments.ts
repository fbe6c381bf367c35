import * as pulumi from "@pulumi/pulumi";
import { Verification } from "../args";
import { hidePasswords } from "../lib/hidePasswords";
import { checkExpiry } from "../lib/logins/expiry";
import type { Pins } from "../lib/preflight/outcome";
import type { Problem } from "../lib/problems";
import { namespaceKey, type PlacedWorkload, planWorkloads, type PullPlan } from "../lib/pullPlan";
import { checkLogins, type Generations } from "../lib/secretContents";
import { givenOf, planEntry, type PullPlanEntry } from "../lib/workload";
import type { DeploymentArgs } from "../workloadArgs";
import { askRegistries } from "./askRegistries";
import type { KnownLogins } from "./componentInputs";
import { pinEntries } from "./images";
import { after, applyCheck, isPlain, mapInput } from "./inputs";
import { reportUnknown } from "./notices";
import { podSpecOf } from "./podSpec";
import { readPodSpec } from "./readPodSpec";

/** A Deployment to create. */
export interface PlannedDeployment {
  key: string;
  workload: DeploymentArgs;
  /** Key of its namespace. */
  namespaceKey: string;
  podSpec: ReturnType<typeof podSpecOf>;
}

/** The Deployments in a component's arguments. */
export function readDeployments(
  deployments: Record<string, DeploymentArgs>,
  namespaceKeys: string[],
): PlannedDeployment[] {
  return Object.entries(deployments).map(([key, workload]) => ({
    key,
    workload,
    namespaceKey: namespaceKey(workload.namespace, namespaceKeys).key,
    podSpec: podSpecOf(key, workload),
  }));
}

/** The arguments of planPulls. */
export interface PlanPullsArgs {
  logins: pulumi.Output<KnownLogins>;
  /** Servers whose images need no pull Secret. */
  serversWithoutSecret?: pulumi.Input<pulumi.Input<string>[]>;
  deployments: PlannedDeployment[];
  namespaceKeys: string[];
  verify?: Verification;
  /** What is wrong apart from the pulls. */
  otherProblems: Problem[];
}

/** The pulls, once logins and Deployments are checked and the registries have answered. */
export interface PlannedPulls {
  entries: pulumi.Output<PullPlanEntry[]>;
  pins: pulumi.Output<Pins>;
  /** The checked logins. */
  generations: pulumi.Output<Generations>;
}

/** Plans the pulls of the Deployments. The Outputs fail with all problems at once. */
export function planPulls(
  component: pulumi.Resource,
  subject: string,
  { deployments, verify = Verification.Off, ...args }: PlanPullsArgs,
): PlannedPulls {
  const { logins, serversWithoutSecret, namespaceKeys } = args;
  const facts = deployments.map(factsOf);
  const checkedLogins = logins.apply<CheckedLogins>((known) => checkLogins(known, namespaceKeys));
  const plan = checkedPlan(component, subject, { ...args, checkedLogins, facts });
  const entries = pulumi.unsecret(plan.apply(({ pulls }) => pulls.map(planEntry)));
  // Not from the plan: a preview knows the logins even if it does not know an image yet.
  const generations = after(
    plan,
    checkedLogins.apply<Generations>(({ result }) => result),
  );
  const pinned = deployments.filter(({ workload }) => workload.pinDigest).map(({ key }) => key);
  if (verify === Verification.Off && pinned.length === 0) {
    const message = `${subject}: the images are not checked at this preview: one comes from a resource that does not exist yet. \`up\` checks them.`;
    const laterServers = `${subject}: the images are not checked at this preview: \`serversWithoutSecret\` is not known yet. \`up\` checks them.`;
    reportUnknown(component, [
      ...facts.map(({ images }): [pulumi.Input<unknown>, string] => [images, message]),
      [serversWithoutSecret, laterServers],
    ]);
    return { entries, pins: pulumi.output<Pins>({}), generations };
  }
  const pins = askRegistries(component, subject, plan, { namespaceKeys, verify, pinned });
  return {
    entries: pulumi.all([entries, pins]).apply(([known, digests]) => pinEntries(known, digests)),
    pins,
    generations: after(pins, generations),
  };
}

type CheckedLogins = ReturnType<typeof checkLogins>;

type Facts = ReturnType<typeof factsOf>;

/** The facts about a Deployment that its pulls depend on. */
export function factsOf({ key, workload, podSpec }: Omit<PlannedDeployment, "namespaceKey">) {
  return {
    name: key,
    namespace: workload.namespace,
    given: givenOf(workload),
    images: mapInput(readPodSpec(podSpec, ""), ({ images }) => images),
    misshapen: mapInput(readPodSpec(workload.podSpec, "podSpec"), ({ problems }) => problems),
    allowAnonymous: workload.allowAnonymous ?? false,
  };
}

interface CheckedPlanArgs extends Omit<PlanPullsArgs, "deployments" | "verify"> {
  checkedLogins: pulumi.Output<CheckedLogins>;
  facts: Facts[];
}

function checkedPlan(
  component: pulumi.Resource,
  subject: string,
  { logins, checkedLogins, serversWithoutSecret, facts, namespaceKeys, otherProblems }: CheckedPlanArgs,
): pulumi.Output<PullPlan> {
  const laterFacts = isPlain(facts) ? undefined : facts;
  return applyCheck(
    component,
    subject,
    pulumi.all([logins, checkedLogins, laterFacts, serversWithoutSecret]),
    ([known, { result: generations, problems }, knownFacts, withoutSecret]) => {
      const plan = planWorkloads({
        generations,
        extraPullSecrets: known.extraPullSecrets,
        serversWithoutSecret: withoutSecret,
        workloads: (knownFacts ?? facts) as PlacedWorkload[],
        namespaceKeys,
      });
      return {
        result: plan.result,
        problems: [
          ...problems,
          ...otherProblems,
          ...hidePasswords(plan.problems, generations.sources),
          ...checkExpiry(known.registries, new Date()).problems,
        ],
      };
    },
  );
}
