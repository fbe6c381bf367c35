import { inOneLine } from "../components/lib/problems";
import { withoutLogin } from "../components/lib/withoutLogin";
import type { Cluster, Place } from "./cluster";
import type { JudgedPull } from "./judge";
import type { Lookup } from "./lookup";

/** One thing that is wrong, or worth knowing, in words without a secret. */
export interface Finding extends Place {
  /** Which sort of problem, such as `noLogin`: docs/audit.md lists them. */
  problem: string;
  image?: string;
  what: string;
  /** What to do. */
  fix: string;
  /** Pods that run now although their next pull would fail. */
  runningPods?: number;
}

/** Findings about images: each once for a workload, whether it is about its new pods or those that are there. */
export function imageFindings(pulls: readonly JudgedPull[]): Finding[] {
  const findings = new Map<string, Finding>();
  const isServedAnew = new Set(
    pulls
      .filter(({ pods, state }) => pods === 0 && ["served", "byNode"].includes(state))
      .map(({ owner, image }) => JSON.stringify([owner, image.image])),
  );
  for (const { owner, image, pods, evidence } of pulls) {
    if (evidence === undefined) {
      continue;
    }
    const key = JSON.stringify([evidence.problem, owner, image.image]);
    const found = findings.get(key) ?? {
      problem: evidence.problem,
      ...owner,
      image: withoutLogin(image.image, true),
      what: evidence.what,
      fix:
        evidence.problem === "noLogin" && isServedAnew.has(JSON.stringify([owner, image.image]))
          ? "What its new pods list is right: recreate the pods, such as with `kubectl rollout restart`."
          : evidence.fix,
    };
    findings.set(key, found);
    if (pods > 0 && image.isOnNode) {
      found.runningPods = (found.runningPods ?? 0) + pods;
    }
  }
  return [...findings.values()].map(withRunningPods);
}

/** The finding, with a sentence about the pods that run. */
export function withRunningPods(finding: Finding): Finding {
  const { runningPods = 0, what } = finding;
  if (runningPods === 0) {
    return finding;
  }
  const pods = runningPods === 1 ? "1 pod runs" : `${runningPods} pods run`;
  return {
    ...finding,
    what: `${what} ${pods} now, with the image that is on the node, and would fail at the next pull.`,
  };
}

/** Workloads whose ServiceAccount is not there, so that Kubernetes makes no pod for them. */
export function accountFindings({ workloads, accounts }: Cluster, lookup: Lookup): Finding[] {
  if (accounts === undefined) {
    return [];
  }
  return workloads
    .filter(({ namespace, serviceAccount }) => lookup.account(namespace, serviceAccount) === undefined)
    .map(({ kind, namespace, name, serviceAccount }) => ({
      problem: "missingServiceAccount",
      kind,
      namespace,
      name,
      what: `Its ServiceAccount "${inOneLine(serviceAccount)}" does not exist, so Kubernetes makes no pod for it.`,
      fix: "Create the ServiceAccount, or correct serviceAccountName.",
    }));
}

/** In the order in which people read them. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const key = ({ namespace, kind, name, image = "", problem }: Finding): string[] => [
    namespace,
    kind,
    name,
    image,
    problem,
  ];
  return findings.toSorted((one, other) => {
    const [first, second] = [key(one), key(other)];
    const index = first.findIndex((text, place) => text !== second[place]);
    return index === -1 ? 0 : (first[index] ?? "") < (second[index] ?? "") ? -1 : 1;
  });
}
