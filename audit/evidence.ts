import { dockerHubServer } from "../components/lib/kubelet/dockerHub";
import type { ImageReference } from "../components/lib/kubelet/imageReference";
import { canonicalServer, ServerError } from "../components/lib/kubelet/server";
import { quote } from "../components/lib/problems";
import { withoutLogin } from "../components/lib/withoutLogin";
import type { ClusterSecret, PodFacts } from "./cluster";
import type { Lookup } from "./lookup";

/** What is wrong with the pull of an image, and what to do. */
export interface Evidence {
  problem: "invalidImage" | "noLogin" | "missingAnnotation" | "pullFails" | "refused" | "notVerified";
  what: string;
  fix: string;
}

/** An image for which a pod lists no login. */
export interface UnservedImage {
  image: string;
  reference: ImageReference;
  namespace: string;
  pod: PodFacts;
  /** The Secrets with which kubelet pulls for it. */
  listed: readonly string[];
  /** Whether the pod is there already. */
  isPod: boolean;
}

/** The sentence that says what to do, and what if the image is public. */
export function fixOf(remedy: string, image: string): string {
  return `${remedy}, or if ${quote(withoutLogin(image, true))} is public, name its server with --servers-without-secret.`;
}

/**
 * What speaks for it that an image is private: a Secret of the cluster has a login for it. Docker Hub's official images are
 * public, and a login for all of Docker Hub in another namespace says nothing about an image there.
 */
export function loginEvidence(unserved: UnservedImage, lookup: Lookup): Evidence | undefined {
  const { image, reference, namespace, listed } = unserved;
  const isOnDockerHub = reference.domain === "docker.io";
  if (isOnDockerHub && reference.path.startsWith("library/")) {
    return undefined;
  }
  const serving = lookup.serving(reference);
  const own = serving.filter(({ secret }) => secret.namespace === namespace).map(({ secret }) => secret);
  const [listable] = own;
  if (listable !== undefined) {
    return { problem: "noLogin", ...ownSecret(unserved, listable, own, lookup) };
  }
  const other = serving.find(({ server }) => !(isOnDockerHub && isAllOfDockerHub(server)))?.secret;
  if (other === undefined) {
    return undefined;
  }
  return {
    problem: "noLogin",
    what: `${listsNone(listed)}. The Secret ${quote(other.name)} of the namespace ${quote(other.namespace)} has a login for it, but a Secret serves only pods of its own namespace.`,
    fix: fixOf(`Create such a Secret in ${quote(namespace)}, and list it in imagePullSecrets`, image),
  };
}

function ownSecret(
  { image, pod, listed, isPod }: UnservedImage,
  secret: ClusterSecret,
  own: readonly ClusterSecret[],
  lookup: Lookup,
): Omit<Evidence, "problem"> {
  const account = lookup.account(secret.namespace, pod.serviceAccount);
  const ofAccount = own.find(({ name }) => account?.listed.includes(name) === true);
  const lists = listsNone(listed);
  if (ofAccount !== undefined && pod.listed.length > 0) {
    return {
      what: `${lists}. Its ServiceAccount ${quote(pod.serviceAccount)} lists ${quote(ofAccount.name)}, which has one, but Kubernetes gives the account's list only to pods that list none.`,
      fix: fixOf(`Add ${quote(ofAccount.name)} to its imagePullSecrets, or take those out`, image),
    };
  }
  if (ofAccount !== undefined && isPod) {
    return {
      what: `${lists}. Its ServiceAccount ${quote(pod.serviceAccount)} lists ${quote(ofAccount.name)} now, which has one, but a pod keeps the list that the account had when the pod was made.`,
      fix: "Recreate the pods, such as with `kubectl rollout restart`.",
    };
  }
  return {
    what: `${lists}. The Secret ${quote(secret.name)} of its namespace has one.`,
    fix: fixOf(`Add ${quote(secret.name)} to its imagePullSecrets`, image),
  };
}

function listsNone(listed: readonly string[]): string {
  return listed.length === 0
    ? "It lists no pull Secret, so it is pulled without a login"
    : `Of the Secrets that it lists (${listed.map(quote).join(", ")}), none has a login for it`;
}

function isAllOfDockerHub(server: string): boolean {
  try {
    return canonicalServer(server) === dockerHubServer;
  } catch (error) {
    if (error instanceof ServerError) {
      return false;
    }
    throw error;
  }
}
