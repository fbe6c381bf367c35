import { isIPv6 } from "node:net";
import { type ImageReference, repositoryName } from "./imageReference";

/** The server of a login or the repository of an image, in the parts that kubelet compares. */
export interface RegistryKey {
  /** The parts of the host between dots; an IPv6 address is one label. In a server, `*` matches any text. */
  labels: string[];
  /** The port as text, empty if absent: `443` never equals an absent port. */
  port: string;
  /** Empty for the whole host; otherwise `/` and the prefix of an image's path. */
  path: string;
  /** Host, port and path as one text: kubelet treats servers with equal index keys as one. */
  indexKey: string;
}

/**
 * Reads the server of a login as kubelet does: ignores `http://` or `https://`, a leading `/v1/` or `/v2/` in the path, and
 * a path of only `/`.
 *
 * @param server `host[:port][/path]` of ASCII letters, digits, `.`, `-`, `_`, and `*` in the host.
 * @returns undefined for any other text, which matches no image unless it {@link isAmbiguousServer}.
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
 * Whether kubelet might match the server with an image although it is not `host[:port][/path]`: kubelet parses a server as a
 * URL, twice, which decodes `%2F` and drops query, fragment and user information; and a stray `]` can end a glob.
 *
 * @see kubernetes pkg/credentialprovider/keyring.go, ParseSchemelessURL
 */
export function isAmbiguousServer(server: string): boolean {
  return /[%?#]|^(?:https?:\/\/)?[^/[]*[@\]]/.test(server);
}

/** The repository of an image as a registry key; undefined for an invalid IPv6 address, which no server matches. */
export function repositoryKey(image: ImageReference): RegistryKey | undefined {
  return registryKey(repositoryName(image));
}

/**
 * Whether kubelet uses a server's login to pull an image: equal ports, equally many labels that all match, and a path that
 * starts with the server's (`/team` matches `/team-b/app`).
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

/** Reads `host[:port][/path]` as it is; undefined for any other text. */
export function registryKey(hostPortPath: string): RegistryKey | undefined {
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

/** Go's filepath.Match for what a host can contain: `*`, and an IPv6 address without a port, which is a character class. */
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
