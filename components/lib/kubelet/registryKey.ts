import { isIPv6 } from "node:net";
import { type ImageReference, repositoryName } from "./imageReference";

/** The server of a login, or the repository of an image, taken apart as kubelet compares the two. */
export interface RegistryKey {
  /** The parts of the host between its dots; an IPv6 address is one label. In a server, `*` stands for any text. */
  labels: string[];
  /** The port as text, empty for none: `443` is never the same as none. */
  port: string;
  /** Empty for the whole host; otherwise `/` and what the path of an image has to begin with. */
  path: string;
  /** Host, port and path in one text: servers with one index key are one server to kubelet. */
  indexKey: string;
}

/**
 * Reads the server of a login as kubelet does: `http://` or `https://` before it, a leading `/v1/` or `/v2/` of its path
 * and a path of only `/` make no difference.
 *
 * @param server `host[:port][/path]` of ASCII letters, digits, `.`, `-`, `_`, and `*` in the host.
 * @returns undefined for any other text, which matches no image unless {@link isAmbiguousServer}.
 * @see kubernetes pkg/credentialprovider/keyring.go, BasicDockerKeyring.Add
 */
export function parseRegistryKey(server: string): RegistryKey | undefined {
  return registryKey(
    server
      .replace(/^https?:\/\//, "")
      .replace(/^([^/]*)\/v[12]\//, "$1/")
      .replace(/^([^/]*)\/$/, "$1"),
  );
}

/**
 * Whether kubelet might match the server with an image although it is no `host[:port][/path]`: kubelet parses a server as
 * a URL, twice, which decodes `%2F` and drops a query, a fragment and user information; and a stray `]` can end a glob.
 *
 * @see kubernetes pkg/credentialprovider/keyring.go, ParseSchemelessURL
 */
export function isAmbiguousServer(server: string): boolean {
  return /[%?#]|^(?:https?:\/\/)?[^/[]*[@\]]/.test(server);
}

/** The repository of an image in the form of a server; undefined for an impossible IPv6 address, which none matches. */
export function repositoryKey(image: ImageReference): RegistryKey | undefined {
  return registryKey(repositoryName(image));
}

/**
 * Whether kubelet gives the login of a server to the pull of an image: equal ports, as many labels, each matched by the
 * server's, and a path that begins with the server's (`/team` matches `/team-b/app`).
 *
 * @see kubernetes pkg/credentialprovider/keyring.go, URLsMatch
 */
export function registryKeyMatches(server: RegistryKey, repository: RegistryKey): boolean {
  return (
    server.port === repository.port &&
    server.labels.length === repository.labels.length &&
    repository.path.startsWith(server.path) &&
    server.labels.every((glob, index) => labelMatches(glob, repository.labels[index] ?? ""))
  );
}

/**
 * The logins that kubelet tries for an image, in its order: index keys from high to low by their bytes, and equal ones as
 * given. Docker Hub's (`https://index.docker.io/v1/`) are used when no other matches, for its images and for those of a
 * host without dot and port.
 *
 * @param logins of all pull Secrets of the pod, in the order of its `imagePullSecrets`.
 * @see kubernetes pkg/credentialprovider/keyring.go, BasicDockerKeyring.Lookup and isDefaultRegistryMatch
 */
export function loginsInKubeletOrder<Login extends { server: string }>(
  image: ImageReference,
  logins: readonly Login[],
): Login[] {
  const repository = repositoryKey(image);
  const keyed = logins.flatMap((login) => {
    const key = parseRegistryKey(login.server);
    return key ? [{ login, key }] : [];
  });
  const matching = keyed.filter(({ key }) => repository && registryKeyMatches(key, repository));
  const found =
    matching.length > 0 || !fallsBackToDockerHub(image)
      ? matching
      : keyed.filter(({ key }) => key.indexKey === "index.docker.io");
  return found
    .sort((one, other) => descending(one.key.indexKey, other.key.indexKey))
    .map(({ login }) => login);
}

function registryKey(hostPortPath: string): RegistryKey | undefined {
  const match = /^(\[[\da-fA-F:]+\]|[\w.*-]*)(:\d*)?(\/[\w./-]*)?$/.exec(hostPortPath);
  const [, host = "", port = "", path = ""] = match ?? [];
  const address = host.startsWith("[") ? host.slice(1, -1) : undefined;
  if (!match || (address !== undefined && !isIPv6(address))) {
    return undefined;
  }
  return {
    labels: address !== undefined && port !== "" ? [address] : host.split("."),
    port: port.slice(1),
    path,
    indexKey: hostPortPath,
  };
}

/** Go's filepath.Match for the globs that a host can hold: `*`, and an IPv6 address without port, a class of characters. */
function labelMatches(glob: string, label: string): boolean {
  if (glob.startsWith("[")) {
    return label.length === 1 && glob.includes(label);
  }
  const [begin = "", ...parts] = glob.split("*");
  const end = parts.pop();
  if (end === undefined) {
    return label === glob;
  }
  if (!label.startsWith(begin) || !label.endsWith(end)) {
    return false;
  }
  let position = begin.length;
  for (const part of parts) {
    const found = label.indexOf(part, position);
    if (found === -1) {
      return false;
    }
    position = found + part.length;
  }
  return position + end.length <= label.length;
}

function fallsBackToDockerHub(image: ImageReference): boolean {
  const [first = ""] = repositoryName(image).split("/", 1);
  return first === "docker.io" || !/[.:]/.test(first);
}

function descending(one: string, other: string): number {
  return one === other ? 0 : one < other ? 1 : -1;
}
