import type { DockerConfigEntry } from "../components/lib/kubelet/dockerConfigEntries";

/** An object of the cluster. */
export interface Place {
  kind: string;
  namespace: string;
  name: string;
}

/** An image of a pod spec, and what kubelet has done with it. */
export interface PodImage {
  image: string;
  /** Whether kubelet has had the image on a node: the container runs, or has run. */
  isOnNode: boolean;
  /** What kubelet says of a pull that fails. */
  failure?: string;
}

/** What decides the pulls of a pod. */
export interface PodFacts {
  /** Names of Secrets in its own list. */
  listed: string[];
  /** Empty for a mirror pod, which has none. */
  serviceAccount: string;
  /** Without those that kubelet never pulls. */
  images: PodImage[];
}

/** An object that makes pods, and the pod spec that it makes them from. */
export interface Workload extends PodFacts, Place {}

/** The pods of one workload, or one bare pod, as far as their pulls are the same. */
export interface PodGroup extends PodFacts {
  /** The topmost known owner, or the pod itself. */
  owner: Place;
  count: number;
}

/** A Secret, and how kubelet reads it. */
export interface ClusterSecret extends Place {
  kind: "Secret";
  type: string;
  /** Absent for types that kubelet skips, and where kubelet can't read the content. */
  entries?: DockerConfigEntry[];
  /** Why kubelet can't read the content; then it fails every pull of a pod that lists the Secret. */
  poison?: string;
  /** Why a login in it can't be used, in words without a secret. */
  unusable?: string;
}

export interface ClusterAccount extends Place {
  kind: "ServiceAccount";
  listed: string[];
  annotationKeys: string[];
}

/** Something that could not be read. */
export interface Unread {
  /** Plural of the kind, such as `deployments`. */
  resource: string;
  what: string;
  /** What to do. */
  fix: string;
}

/** What the audit knows of a cluster. */
export interface Cluster {
  workloads: Workload[];
  pods: PodGroup[];
  podCount: number;
  /** Undefined if they could not be read, or should not be. */
  secrets: ClusterSecret[] | undefined;
  accounts: ClusterAccount[] | undefined;
  unread: Unread[];
}

/** A place as people write it, such as `Deployment/web`. */
export function nameOf({ kind, name }: Pick<Place, "kind" | "name">): string {
  return `${kind}/${name}`;
}
