import { ImageReferenceError, readImageReference } from "../components/lib/kubelet/imageReference";
import { loginsInKubeletOrder } from "../components/lib/kubelet/keyring";
import { nearMiss, serverOf } from "../components/lib/kubelet/pullAttempts";
import { causeOf } from "../components/lib/kubelet/pullFailureCauses";
import { quote } from "../components/lib/problems";
import { withoutLogin } from "../components/lib/withoutLogin";
import type { Cluster, ClusterSecret, PodFacts, PodImage, Place } from "./cluster";
import type { CredentialProvider } from "./credentialProviders";
import { fixOf, type Evidence, loginEvidence } from "./evidence";
import type { Lookup } from "./lookup";
import { type NodeLogin, nodeLogin } from "./nodeLogin";

/** A login in one of a pod's Secrets. */
export interface HeldLogin {
  server: string;
  username: string;
  password: string;
  secret: ClusterSecret;
}

/**
 * How kubelet will pull an image:
 * - `served`: with a login of a Secret that the pod lists
 * - `byNode`: with a login of the nodes, or its server needs none from a Secret
 * - `anonymous`: without a login
 * - `broken`: not at all, as the image is invalid or kubelet can't read one of the Secrets
 * - `unknown`: Secrets or ServiceAccounts that decide could not be read
 */
export type PullState = "served" | "byNode" | "anonymous" | "broken" | "unknown";

/** An image, as a workload's new pods or some of its pods now will pull it. */
export interface JudgedPull {
  owner: Place;
  /** Pods that are there now; 0 for what the workload makes its next pods from. */
  pods: number;
  image: PodImage;
  state: PullState;
  /** In kubelet's order. */
  logins: HeldLogin[];
  /** Why this is a problem. */
  evidence?: Evidence;
}

/** What the audit is told beside the cluster. */
export interface JudgeOptions {
  providers: readonly CredentialProvider[];
  /** Servers whose images need no pull Secret. */
  serversWithoutSecret: readonly string[];
}

/** How kubelet will pull each image of each workload, and of each pod that is there now. */
export function judgePulls(cluster: Cluster, lookup: Lookup, options: JudgeOptions): JudgedPull[] {
  const judge = (owner: Place, pod: PodFacts, pods: number): JudgedPull[] =>
    pod.images.map((image) => ({
      owner,
      pods,
      image,
      ...judged(image, owner, pod, pods > 0, lookup, options),
    }));
  return [
    ...cluster.workloads.flatMap(({ kind, namespace, name, ...pod }) =>
      judge({ kind, namespace, name }, pod, 0),
    ),
    ...cluster.pods.flatMap(({ owner, count, ...pod }) => judge(owner, pod, count)),
  ];
}

type Verdict = Pick<JudgedPull, "state" | "logins" | "evidence">;

function judged(
  { image, failure }: PodImage,
  { namespace }: Place,
  pod: PodFacts,
  isPod: boolean,
  lookup: Lookup,
  { providers, serversWithoutSecret }: JudgeOptions,
): Verdict {
  const reference = readImageReference(image);
  if (reference instanceof ImageReferenceError) {
    return {
      state: "broken",
      logins: [],
      evidence: { problem: "invalidImage", what: reference.message, fix: "Correct the image." },
    };
  }
  const names = lookup.listedNames(namespace, pod, isPod);
  const secrets = (names ?? []).map((name) => lookup.secret(namespace, name));
  const isBroken = secrets.some((secret) => secret !== "unread" && secret?.poison !== undefined);
  const logins = secrets.flatMap((secret) =>
    secret === "unread" || secret === undefined
      ? []
      : (secret.entries ?? []).map(({ server, username, password }) => ({
          server,
          username,
          password,
          secret,
        })),
  );
  const tried = isBroken ? [] : loginsInKubeletOrder(reference, logins);
  const failed = failure === undefined ? undefined : failureEvidence(image, failure);
  if (isBroken || tried.length > 0) {
    return { state: isBroken ? "broken" : "served", logins: tried, ...(failed && { evidence: failed }) };
  }
  const node = nodeLogin(
    image,
    {
      name: pod.serviceAccount,
      annotationKeys: lookup.account(namespace, pod.serviceAccount)?.annotationKeys,
    },
    providers,
  );
  if (node.provider !== undefined || serverOf(image, serversWithoutSecret) !== undefined) {
    return { state: "byNode", logins: [], ...(failed && { evidence: failed }) };
  }
  if (names === undefined || secrets.includes("unread")) {
    return { state: "unknown", logins: [], ...(failed && { evidence: failed }) };
  }
  const evidence =
    hinderedEvidence(node) ??
    loginEvidence({ image, reference, namespace, pod, isPod, listed: names }, lookup) ??
    nearMissEvidence(image, logins) ??
    failed;
  return { state: "anonymous", logins: [], ...(evidence && { evidence }) };
}

function hinderedEvidence({ hindrance }: NodeLogin): Evidence | undefined {
  return (
    hindrance && {
      problem: "missingAnnotation",
      what: `No login serves it: ${hindrance.what}.`,
      fix: hindrance.fix,
    }
  );
}

function nearMissEvidence(image: string, logins: readonly HeldLogin[]): Evidence | undefined {
  const near = nearMiss(
    image,
    logins.map(({ server }) => server),
  );
  const secret = logins.find(({ server }) => server === near?.server)?.secret;
  return (
    near &&
    secret && {
      problem: "noLogin",
      what: `No login of its Secrets matches it. The nearest, ${quote(withoutLogin(near.server))} in ${quote(secret.name)}, does not: ${near.why}.`,
      fix: fixOf("Correct the image or the server of the login", image),
    }
  );
}

/** What kubelet says of a pull that fails now. */
function failureEvidence(image: string, failure: string): Evidence | undefined {
  const cause = causeOf(failure);
  return (
    cause && {
      problem: "pullFails",
      what: `Kubelet can't pull it now. ${cause.problem(quote(withoutLogin(image, true)))}`,
      fix: "`kubectl describe pod` has kubelet's words; --verify asks the registry with each login that kubelet tries.",
    }
  );
}
