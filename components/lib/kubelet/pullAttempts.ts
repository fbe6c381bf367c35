import { distance } from "fastest-levenshtein";
import { quote } from "../problems";
import { withoutLogin } from "../withoutLogin";
import { dockerHubWebsites, hostsBesideDockerHub } from "./dockerHub";
import { type ImageReference, ImageReferenceError, readImageReference } from "./imageReference";
import { loginsInKubeletOrder } from "./keyring";
import { canonicalServer } from "./server";
import { parseRegistryKey, type RegistryKey, registryKeyMatches, repositoryKey } from "./serverMatching";

/** A server and the pull Secret that holds a login for it. */
export interface PullAttempt {
  /** The server as the pull Secret spells it. */
  server: string;
  /** `current`, `previous`, or the name of a Secret created elsewhere. */
  pullSecret: string;
}

/**
 * The servers whose logins kubelet tries for an image, in its order. There is a reason instead if the reference is invalid,
 * or if no login matches and anonymous pulls are not allowed.
 */
export function pullAttempts<Login extends PullAttempt>(
  image: string,
  servers: readonly Login[],
  allowAnonymous: boolean,
): { attempts: Login[]; reason?: string } {
  const reference = readImageReference(image);
  if (reference instanceof ImageReferenceError) {
    return { attempts: [], reason: reference.message };
  }
  const attempts = loginsInKubeletOrder(reference, servers);
  return attempts.length > 0 || allowAnonymous
    ? { attempts }
    : {
        attempts,
        reason: uncovered(
          image,
          reference,
          servers.map(({ server }) => server),
        ),
      };
}

/**
 * Why kubelet would pull an image anonymously although one of `servers` matches it: no pull Secret holds that login.
 *
 * @param held the servers of the pull Secrets; undefined if they are `servers`, or not known yet
 */
export function unheldReason(
  image: string,
  servers: readonly PullAttempt[],
  held: readonly PullAttempt[] | undefined,
): string | undefined {
  return held === undefined || isMatched(image, held) || !isMatched(image, servers)
    ? undefined
    : `\`servers\` matches ${quote(image)}, but no server of \`pullSecrets\` does, so kubelet would pull it without a login. Add the pull Secret that holds the login to \`pullSecrets\`, and take \`servers\` from its outputs.`;
}

/** The first of the servers that matches the image, by kubelet's rules, as it is given. */
export function serverOf(image: string, servers: readonly string[]): string | undefined {
  const named = servers.map((given) => ({ server: canonicalServer(given), given }));
  return named.find((server) => isMatched(image, [server]))?.given;
}

function isMatched(image: string, logins: readonly { server: string }[]): boolean {
  const reference = readImageReference(image);
  return !(reference instanceof ImageReferenceError) && loginsInKubeletOrder(reference, logins).length > 0;
}

function uncovered(image: string, reference: ImageReference, servers: readonly string[]): string {
  const remedy =
    "Add a registry for it, correct the image or the server, or name its server in `serversWithoutSecret` if it needs no pull Secret.";
  const where = reference.domain === "docker.io" ? " (on Docker Hub, as it names no other host)" : "";
  const nearest = nearestServer(reference, servers);
  const hubAdvice = adviceOnDockerHub(image, reference, servers);
  if (hubAdvice !== undefined && !isOfHost(nearest, reference)) {
    return `no server matches ${quote(image)}: ${hubAdvice}, or name its server in \`serversWithoutSecret\` if it needs no pull Secret.`;
  }
  const why =
    nearest === undefined
      ? "there is none"
      : `the nearest, ${quote(withoutLogin(nearest))}, does not: ${whyNot(nearest, reference)}`;
  return `no server matches ${quote(image)}${where}; ${why}. ${remedy}`;
}

/**
 * The server that is most similar to an image which none of the servers matches, and why it does not match; undefined if none
 * is of the image's host with another port, or of nearly the same host. One for another path of the host is meant for that part.
 */
export function nearMiss(
  image: string,
  servers: readonly string[],
): { server: string; why: string } | undefined {
  const reference = readImageReference(image);
  if (reference instanceof ImageReferenceError) {
    return undefined;
  }
  const server = nearestServer(reference, servers);
  const host = server === undefined ? undefined : serverHost(server);
  if (server === undefined || host === undefined) {
    return undefined;
  }
  const isNear = isOfHost(server, reference)
    ? parseRegistryKey(server)?.port !== repositoryKey(reference)?.port
    : distance(host.slice(0, 512), reference.domain.replace(/:\d+$/, "").slice(0, 512)) <= mostTypos;
  return isNear ? { server, why: whyNot(server, reference) } : undefined;
}

/** Two hosts that differ in more letters are rarely meant to be the same. */
const mostTypos = 2;

/** What to write if Docker Hub's names were mixed up with those that kubelet takes for other hosts. */
function adviceOnDockerHub(
  image: string,
  { domain }: ImageReference,
  servers: readonly string[],
): string | undefined {
  const onDockerHub = quote(`docker.io${image.slice(domain.length)}`);
  if (hostsBesideDockerHub.includes(domain)) {
    return `kubelet treats ${quote(domain)} as a separate host, not as Docker Hub. Add a login whose server is ${quote(domain)}, write the image as ${onDockerHub}`;
  }
  if (dockerHubWebsites.includes(domain)) {
    return `nothing is pulled from ${quote(domain)}. Write the image as ${onDockerHub}`;
  }
  const other = hostsBesideDockerHub.find((host) => servers.some((server) => serverHost(server) === host));
  return domain === "docker.io" && other !== undefined
    ? `kubelet treats the server ${quote(other)} as a separate host, and the image is on Docker Hub. Write "docker.io" as the login's server`
    : undefined;
}

function serverHost(server: string): string | undefined {
  return parseRegistryKey(server)?.labels.join(".");
}

/** The server most similar to the image, preferably on the image's host. */
function nearestServer(reference: ImageReference, servers: readonly string[]): string | undefined {
  const name = `${reference.domain}/${reference.path}`;
  const ranked = servers.map((server) => {
    const bare = server.replace(/^https?:\/\//, "");
    const wanted = bare.includes("/") ? name : reference.domain;
    return {
      server,
      isOfHost: isOfHost(server, reference),
      distance: distance(bare.slice(0, 512), wanted.slice(0, 512)),
    };
  });
  ranked.sort((one, other) => Number(other.isOfHost) - Number(one.isOfHost) || one.distance - other.distance);
  return ranked[0]?.server;
}

function isOfHost(server: string | undefined, reference: ImageReference): boolean {
  return hostMatches(server === undefined ? undefined : parseRegistryKey(server), repositoryKey(reference));
}

function hostMatches(key: RegistryKey | undefined, repository: RegistryKey | undefined): boolean {
  return (
    key !== undefined &&
    repository !== undefined &&
    registryKeyMatches({ ...key, port: repository.port, path: "" }, repository)
  );
}

function whyNot(server: string, reference: ImageReference): string {
  const key = parseRegistryKey(server);
  const repository = repositoryKey(reference);
  if (key === undefined || repository === undefined) {
    return `kubelet can't read ${key === undefined ? "it" : "the host of the image"}`;
  }
  if (key.labels.length !== repository.labels.length) {
    return `its host has ${key.labels.length} dot-separated parts and the image's has ${repository.labels.length}; "*" matches within one part`;
  }
  if (!hostMatches(key, repository)) {
    return `its host is not ${quote(repository.labels.join("."))}`;
  }
  if (key.port !== repository.port) {
    return `its port is ${key.port || "not given"} and the image's ${repository.port || "not given"}, and kubelet compares them as text`;
  }
  return `its path ${quote(key.path)} is not how the image's ${quote(repository.path)} begins`;
}

/** Whether the registry decides what runs: the reference has no digest, and either no tag or `latest`. */
export function isMovingTag(image: string): boolean {
  const reference = readImageReference(image);
  return (
    !(reference instanceof ImageReferenceError) &&
    reference.digest === undefined &&
    (reference.tag === undefined || reference.tag === "latest")
  );
}
