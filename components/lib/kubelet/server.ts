import { isIPv6 } from "node:net";
import { MessageError, quote } from "../problems";
import { withoutLogin } from "../withoutLogin";
import { dockerHubHosts, dockerHubServer } from "./dockerHub";

/** A server that can't match any image. The message says why and what to write instead. */
export class ServerError extends MessageError {
  override readonly name = "ServerError";

  /**
   * @param reason why it can't match an image, without any part of the server
   * @param advice what to write instead
   * @param server the text to show, if any
   */
  constructor(
    readonly reason: string,
    advice: string,
    server?: string,
  ) {
    super(`${server === undefined ? "" : `${quote(withoutLogin(server))} `}${reason}: ${advice}`);
  }
}

/**
 * The server as a pull Secret needs it: every spelling of Docker Hub becomes `https://index.docker.io/v1/`; any other server
 * stays as written, including `registry-1.docker.io` and `registry.hub.docker.com`.
 *
 * @throws ServerError if kubelet could not match the server with any image: a scheme other than http and https, user
 * information, upper case, white space, an invalid port, an IPv6 address without a port, `/v1` or `/v2` without the
 * trailing slash, `*` outside a host label, or a host that no image reference can have.
 * @see kubernetes pkg/credentialprovider/keyring.go (DockerConfigEntry keys), github.com/distribution/reference (hosts)
 */
export function canonicalServer(server: string): string {
  if (server === "") {
    throw new ServerError("is empty", 'write the registry\'s host, such as "registry.example.com".');
  }
  if (server.includes("@")) {
    throw new ServerError("contains user information (an @)", "put it in username and password.");
  }
  if (/\s/.test(server)) {
    throw new ServerError("contains white space", "remove it.", server);
  }
  const scheme = /^([^/]*?):\/\//.exec(server);
  if (scheme && scheme[1] !== "https" && scheme[1] !== "http") {
    throw new ServerError(
      "has a scheme that kubelet does not know",
      "write the host alone, or https:// before it.",
      server,
    );
  }
  const bare = server.slice(scheme?.[0].length ?? 0);
  const path = /\/.*/.exec(bare)?.[0] ?? "";
  const [, host = "", port] =
    /^(\[[^\]]*\]|[^:]*)(?::(.*))?/s.exec(bare.slice(0, -path.length || undefined)) ?? [];
  const problem = hostProblem(host, port !== undefined) ?? portProblem(port);
  if (problem !== undefined) {
    throw new ServerError(problem.reason, problem.advice, server);
  }
  return port === undefined && dockerHubHosts.includes(host)
    ? canonicalDockerHub(server, host, path)
    : withMatchingPath(server, path);
}

/** Why `server` can't match any image, and what to write instead; undefined if it can. */
export function serverProblem(server: string): string | undefined {
  try {
    canonicalServer(server);
    return undefined;
  } catch (error) {
    if (error instanceof ServerError) {
      return error.message;
    }
    throw error;
  }
}

interface ServerProblem {
  reason: string;
  advice: string;
}

function hostProblem(host: string, hasPort: boolean): ServerProblem | undefined {
  if (host.startsWith("[")) {
    return addressProblem(host, hasPort);
  }
  if (!/^[-A-Za-z0-9.*]+$/.test(host)) {
    return {
      reason: "is not host[:port][/path]",
      advice: 'a host has letters, digits, "-" and ".", and "*" for a part of a label.',
    };
  }
  if (/[A-Z]/.test(host)) {
    return {
      reason: "has upper case in its host, and kubelet compares hosts letter by letter",
      advice: `write ${quote(host.toLowerCase())} here and in the image.`,
    };
  }
  if (!host.split(".").every((label) => /^[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?$/.test(label))) {
    return {
      reason: "has a host that no image can name",
      advice: "each part between dots begins and ends with a letter or digit.",
    };
  }
  if (!hasPort && !host.includes(".") && !host.includes("*") && host !== "localhost") {
    return {
      reason: 'has a host without a dot or port, and an image named "host/app" is on Docker Hub',
      advice: "write the full host name or the port.",
    };
  }
  return undefined;
}

/** Kubelet reads an IPv6 address without a port as a glob, which matches no image. */
function addressProblem(host: string, hasPort: boolean): ServerProblem | undefined {
  if (!/^\[[\da-fA-F:]+\]$/.test(host) || !isIPv6(host.slice(1, -1))) {
    return {
      reason: "is not an IPv6 address that an image can name",
      advice: 'write hexadecimal digits and ":" in brackets, then the port, such as "[fd00::1]:5000".',
    };
  }
  return hasPort
    ? undefined
    : {
        reason: "is an IPv6 address without a port, which kubelet matches with no image",
        advice: `write the port here and in the image, such as ${quote(`${host}:443`)}.`,
      };
}

function portProblem(port: string | undefined): ServerProblem | undefined {
  if (port === undefined || (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535)) {
    return undefined;
  }
  return {
    reason: "has an impossible port",
    advice: "use a number from 1 to 65535, the one that the images name, or none.",
  };
}

function canonicalDockerHub(server: string, host: string, path: string): string {
  if (/^(\/v[12])?\/?$/.test(path)) {
    return dockerHubServer;
  }
  const matching = withMatchingPath(server, path);
  if (host === "docker.io") {
    return matching;
  }
  throw new ServerError(
    "never matches an image",
    `write ${quote(`docker.io${path}`)} for that part of Docker Hub, or "docker.io" for all of it.`,
    server,
  );
}

function withMatchingPath(server: string, path: string): string {
  if (path === "/v1" || path === "/v2") {
    throw new ServerError("never matches", `write "${path}/" with the trailing slash, or neither.`, server);
  }
  if (path.includes("*")) {
    throw new ServerError(
      'has a "*" in its path, where it is not a wildcard',
      'a path matches every image whose path it begins, so leave the "*" out.',
      server,
    );
  }
  if (!isImagePathPrefix(path.replace(/^\/v[12]\//, "/"))) {
    throw new ServerError(
      "has a path that no image's path begins with",
      'use lower-case letters, digits, ".", "_", "-" and "/".',
      server,
    );
  }
  return server;
}

const component = "[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*";
const imagePathPrefix = new RegExp(`^/?(?:${component}/)*(?:${component}(?:\\.|_{1,2}|-+)?)?$`);

function isImagePathPrefix(path: string): boolean {
  const shortest = /[a-z0-9]$/.test(path) ? path : `${path}a`;
  return shortest.length <= "/".length + 255 && imagePathPrefix.test(path);
}
