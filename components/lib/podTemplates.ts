import { pullAttempts } from "./kubelet/pullAttempts";
import { quote } from "./problems";
import { ownMember } from "./records";

/** The path of the pod spec in a workload, by kind. */
const podSpecPaths: Record<string, readonly string[]> = {
  Pod: ["spec"],
  Deployment: ["spec", "template", "spec"],
  StatefulSet: ["spec", "template", "spec"],
  DaemonSet: ["spec", "template", "spec"],
  ReplicaSet: ["spec", "template", "spec"],
  Job: ["spec", "template", "spec"],
  CronJob: ["spec", "jobTemplate", "spec", "template", "spec"],
};

/**
 * The path of the pod spec in a resource of the Kubernetes provider, in any API version; undefined for anything but a workload,
 * and for a patch, which has only part of a pod spec.
 *
 * @param type the resource's type token, such as `kubernetes:apps/v1:Deployment`
 */
export function podSpecPath(type: string): readonly string[] | undefined {
  const [, kind = ""] = /^kubernetes:(?:core|apps|extensions|batch)\/v\w+:(\w+)$/.exec(type) ?? [];
  return ownMember(podSpecPaths, kind);
}

/** The facts about a workload that decide which pull Secret it gets. */
export interface TransformedWorkload {
  /** Empty for the provider's. */
  namespace: string;
  images: readonly string[];
}

/** Where pull Secrets are, and which servers they serve, by namespace key. */
export interface PlacedPullSecrets {
  /** Names of the namespaces; empty for the provider's. */
  namespaces: Record<string, string>;
  servers: Record<string, readonly string[]>;
}

/**
 * The key of the namespace whose pull Secret a workload needs; undefined if none of its servers matches an image of the
 * workload. There is a reason instead if a Secret serves one of the images, but the workload's namespace has no Secret.
 */
export function neededPullSecret(
  { namespace, images }: TransformedWorkload,
  { namespaces, servers }: PlacedPullSecrets,
): { key?: string; reason?: string } {
  const servedImage = (key: string): string | undefined =>
    images.find((image) => isServed(image, ownMember(servers, key) ?? []));
  const own = Object.keys(namespaces).find((key) => namespaces[key] === namespace);
  if (own !== undefined) {
    return servedImage(own) === undefined ? {} : { key: own };
  }
  const image = Object.keys(namespaces)
    .map(servedImage)
    .find((served) => served !== undefined);
  return image === undefined ? {} : { reason: noSecret(namespace, namespaces, image) };
}

function noSecret(namespace: string, namespaces: Record<string, string>, image: string): string {
  const known = Object.values(namespaces).map((name) => (name === "" ? "the provider's" : quote(name)));
  const where = namespace === "" ? "is not given, and the provider's" : `is ${quote(namespace)}, which`;
  return `${where} has no pull Secret for the image ${quote(image)}. There is one in: ${known.join(", ")}. Name one of these, or add the namespace to the pull Secret's \`namespaces\`.`;
}

/** Whether one of the servers matches the image, by kubelet's rules. */
export function isServed(image: string, servers: readonly string[]): boolean {
  const held = servers.map((server) => ({ server, pullSecret: "current" }));
  return pullAttempts(image, held, true).attempts.length > 0;
}

/** A pod's pull Secrets: those it already lists, then `added`, without duplicates; undefined if there are none. */
export function addedPullSecrets<Listed extends { name?: unknown }>(
  listed: readonly Listed[],
  added: readonly string[],
): (Listed | { name: string })[] | undefined {
  const all = [...listed, ...added.map((name) => ({ name }))];
  const distinct = all.filter(({ name }, index) => all.findIndex((other) => other.name === name) === index);
  return distinct.length === 0 ? undefined : distinct;
}
