import { type PullAttempt, pullAttempts, serverOf } from "../kubelet/pullAttempts";
import { podImages } from "../podImages";
import { isServed } from "../podTemplates";
import { quote } from "../problems";
import { joinWords } from "../suggestions";
import { imagesNotKnown } from "./imagesNotKnown";
import { notKnown } from "./known";
import { type ListedSecret, type ListedSecrets, listedSecrets } from "./listedSecrets";
import type { PullingAccount, PullingWorkload, PullSecret } from "./pullObjects";

/** Why an image is not sure to be pulled with a login. */
export interface ImageProblem<Workload> {
  workload: Workload;
  /** Path of the image in the pod spec, such as `containers[0].image`; empty if the pod spec is not known. */
  path: string;
  /** What is wrong and what to do. Names servers and Secrets; contains no login. */
  reason: string;
  /**
   * - `unserved`: kubelet pulls it without a login, or can't pull it.
   * - `elsewhere`: a Secret or a ServiceAccount that is not among the objects decides.
   * - `notKnown`: what decides is not known yet, as at preview.
   */
  kind: "unserved" | "elsewhere" | "notKnown";
}

/** The arguments of {@link unservedImages}. */
export interface ImagesToServe<Workload extends PullingWorkload> {
  workloads: readonly Workload[];
  /** All that are known; a workload uses only those of its own namespace. */
  secrets: readonly PullSecret[];
  /** All that are known. One named `default` that is not among them lists no pull Secret, as Kubernetes makes it. */
  serviceAccounts: readonly PullingAccount[];
  /** Servers whose images need no pull Secret, as {@link serverProblem} accepts them. Default none. */
  serversWithoutSecret?: readonly string[];
  /** What the objects are all of, for messages, such as "this stack". */
  scope: string;
}

/**
 * The images that no pull Secret serves, by kubelet's rules: a Secret of the workload's namespace that its pods list, or their
 * ServiceAccount if they list none.
 */
export function unservedImages<Workload extends PullingWorkload>(
  objects: ImagesToServe<Workload>,
): ImageProblem<Workload>[] {
  return objects.workloads.flatMap((workload) => {
    const listed = listedSecrets(workload, objects);
    const unknown = imagesNotKnown(workload.podSpec).map((path) => ({
      path,
      kind: "notKnown" as const,
      reason: "The image is not known yet.",
    }));
    const known = podImages(workload.podSpec).flatMap(({ list, index, image }) => {
      const path = `${list}[${index}].${list === "volumes" ? "image.reference" : "image"}`;
      const problem = imageProblem(image, workload, listed, objects);
      return problem === undefined ? [] : [{ path, ...problem }];
    });
    return [...unknown, ...known].map((problem) => ({ workload, ...problem }));
  });
}

type Verdict = Pick<ImageProblem<unknown>, "kind" | "reason">;

function imageProblem(
  image: string,
  workload: PullingWorkload,
  listed: ListedSecrets,
  { secrets, serversWithoutSecret = [] }: ImagesToServe<PullingWorkload>,
): Verdict | undefined {
  const invalid = pullAttempts(image, [], true).reason;
  if (invalid !== undefined) {
    return { kind: "unserved", reason: invalid };
  }
  for (const { name, unreadable } of listed.secrets) {
    if (unreadable !== undefined) {
      const reason = `${quote(image)} can't be pulled, since kubelet can't read the pull Secret ${quote(name)}: ${unreadable}`;
      return { kind: "unserved", reason };
    }
  }
  const held = listed.secrets.flatMap(attemptsOf);
  const { attempts, reason = "" } = pullAttempts(image, held, false);
  if (attempts.length > 0 || serverOf(image, serversWithoutSecret) !== undefined) {
    return undefined;
  }
  const hint = hintAt(image, workload, secrets);
  if (listed.gaps.length > 0) {
    const kind = listed.gaps.some((gap) => gap.kind === "notKnown") ? "notKnown" : "elsewhere";
    const gaps = listed.gaps.map(({ text }) => text).join(", and ");
    return { kind, reason: [`${quote(image)} can't be checked: ${gaps}.`, ...hint].join(" ") };
  }
  if (listed.names.length > 0) {
    const own = `Its pull Secrets: ${joinWords(listed.names)}.`;
    const ignored = listed.secrets.filter(({ isIgnored }) => isIgnored).map(ignoredNotice);
    return { kind: "unserved", reason: [capitalized(reason), own, ...ignored, ...hint].join(" ") };
  }
  const lead = `${quote(image)} is pulled without a login: neither the pod nor its ServiceAccount ${quote(listed.account)} lists a pull Secret.`;
  const advice =
    "List one that has a login for it, or name its server in `serversWithoutSecret` if it needs none.";
  return {
    kind: "unserved",
    reason: [lead, ...(hint.length > 0 ? hint : nearest(image, workload, secrets, advice))].join(" "),
  };
}

/** Why no Secret of its namespace has a login for an image of a pod that lists none; `otherwise` if none has a login at all. */
function nearest(
  image: string,
  { namespace }: PullingWorkload,
  secrets: readonly PullSecret[],
  otherwise: string,
): string[] {
  const own = secrets.filter((secret) => secret.namespace === namespace && namespace !== notKnown);
  const servers = own.flatMap((secret) => (secret.servers === notKnown ? [] : secret.servers));
  const attempts = servers.map((server) => ({ server, pullSecret: "" }));
  const { reason = otherwise } = attempts.length === 0 ? {} : pullAttempts(image, attempts, false);
  return [capitalized(reason)];
}

function attemptsOf({ name, servers }: ListedSecret): PullAttempt[] {
  return (servers === notKnown ? [] : servers).map((server) => ({ server, pullSecret: name }));
}

function ignoredNotice({ name }: ListedSecret): string {
  return `Kubelet ignores ${quote(name)}: a pull Secret has the type kubernetes.io/dockerconfigjson and the key .dockerconfigjson.`;
}

/** Which other Secret has a login for an image that the Secrets of its pods do not serve; empty if there is none. */
function hintAt(image: string, { namespace }: PullingWorkload, secrets: readonly PullSecret[]): string[] {
  const serving = secrets.filter(({ servers }) => servers !== notKnown && isServed(image, servers));
  const own = serving.find((secret) => secret.namespace === namespace && namespace !== notKnown);
  if (own !== undefined) {
    return [
      own.name === notKnown
        ? "A pull Secret of its namespace, whose name is not known yet, has a login for it."
        : `The pull Secret ${quote(own.name)} of its namespace has a login for it, but is not listed.`,
    ];
  }
  return serving
    .slice(0, 1)
    .flatMap(({ name, namespace: other }) =>
      name === notKnown || other === notKnown || namespace === notKnown
        ? []
        : `The pull Secret ${quote(name)} has a login for it, but is in ${namespaceTitle(other)}: a pod uses only those of its own.`,
    );
}

function namespaceTitle(namespace: string): string {
  return namespace === "" ? "the provider's namespace" : `the namespace ${quote(namespace)}`;
}

function capitalized(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
