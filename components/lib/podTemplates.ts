import { pullAttempts } from "./kubelet/pullAttempts";
import { podImages } from "./podImages";
import { quote } from "./problems";
import { isObject, ownMember } from "./records";
import { pathText } from "./workloadKinds";

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

/** What has the shape of a pod spec in a resource of a kind that is not known. */
export interface FoundPodSpec {
  /** Its path, as the options of a transform name it. */
  path: string;
  images: string[];
}

/** The pod specs in the properties of a resource that list no pull Secrets. */
export function podSpecsIn(props: unknown): FoundPodSpec[] {
  return podSpecsBelow(isObject(props) ? { ...props, metadata: undefined, status: undefined } : {}, []);
}

function podSpecsBelow(value: unknown, path: string[]): FoundPodSpec[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => podSpecsBelow(item, [...path, "[]"]));
  }
  if (!isObject(value)) {
    return [];
  }
  const images = podImages(value).map(({ image }) => image);
  if (Array.isArray(value["containers"]) && images.length > 0) {
    return (value["imagePullSecrets"] ?? undefined) === undefined ? [{ path: pathText(path), images }] : [];
  }
  return Object.entries(value).flatMap(([key, inner]) => podSpecsBelow(inner, [...path, key]));
}
