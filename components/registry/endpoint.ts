import { type ImageReference, repositoryName } from "../lib/kubelet/imageReference";
import { loginsInKubeletOrder } from "../lib/kubelet/registryKey";
import { canonicalServer, dockerHubServer, ServerError } from "../lib/kubelet/server";
import { quote } from "../lib/problems";
import { PreflightError, PreflightReason } from "./preflightError";

const dockerHubDomain = "docker.io";

/** Docker Hub's images name `docker.io`, its logins `https://index.docker.io/v1/`; its API is at neither. */
const dockerHubApi = "https://registry-1.docker.io";

/** Where the API of a registry is. */
export interface RegistryEndpoint {
  /** `host` or `host:port`. */
  host: string;
  /** Scheme, host and port, such as `https://registry.example.com`. */
  origin: string;
}

/**
 * Where the API of a login's server is: https, unless the server is written with `http://`, or without a scheme and
 * `insecure` is set. Docker Hub, however it is spelled, is `https://registry-1.docker.io`.
 *
 * @throws PreflightError `invalid` when no image can match the server, or when a `*` in it names many hosts.
 */
export function serverEndpoint(server: string, insecure = false): RegistryEndpoint {
  const host = hostOf(server);
  if (host.includes("*")) {
    throw invalidServer(
      server,
      `${quote(server)} names many hosts: such a server is checked with the images that it matches, not by itself.`,
    );
  }
  return endpoint(host, usesHttp(server, insecure));
}

/**
 * Where the API for an image is, given the server as the login that is used for the image writes it.
 *
 * @throws PreflightError `invalid` when kubelet would not use the server's login for this image, so that the password
 * would go to a host that it is not for; when kubelet would send the login of Docker Hub to another host, which is never done
 * here; and when the image's domain is no address.
 */
export function imageEndpoint(image: ImageReference, server?: string, insecure = false): RegistryEndpoint {
  if (server !== undefined && image.domain !== dockerHubDomain && canonical(server) === dockerHubServer) {
    throw dockerHubElsewhere(image, server);
  }
  if (server !== undefined && loginsInKubeletOrder(image, [{ server: canonical(server) }]).length === 0) {
    throw invalidServer(server, `${quote(server)} has no login for ${quote(repositoryName(image))}.`);
  }
  return endpoint(image.domain, usesHttp(server, insecure));
}

function endpoint(host: string, http: boolean): RegistryEndpoint {
  const url = host === dockerHubDomain ? dockerHubApi : `${http ? "http" : "https"}://${host}`;
  if (!URL.canParse(url)) {
    throw new PreflightError(
      PreflightReason.Invalid,
      { registry: host },
      `${quote(host)} is not a registry address: write host or host:port.`,
    );
  }
  const { host: apiHost, origin } = new URL(url);
  return { host: apiHost, origin };
}

/** Whether a login leads to plain http: by the scheme of its server, or by `insecure` where that has none. */
export function usesHttp(server: string | undefined, insecure: boolean): boolean {
  return server?.startsWith("http://") === true || (insecure && server?.startsWith("https://") !== true);
}

/** The host of a server, `docker.io` for every spelling of Docker Hub. */
function hostOf(server: string): string {
  const written = canonical(server);
  return written === dockerHubServer
    ? dockerHubDomain
    : written.replace(/^https?:\/\//, "").replace(/\/.*/, "");
}

function canonical(server: string): string {
  try {
    return canonicalServer(server);
  } catch (error) {
    throw error instanceof ServerError ? invalidServer(server, error.message) : error;
  }
}

/** Kubelet's fallback: an image of a host without a dot and a port gets the login of Docker Hub when no other matches. */
function dockerHubElsewhere(image: ImageReference, server: string): PreflightError {
  const name = quote(repositoryName(image));
  if (loginsInKubeletOrder(image, [{ server: dockerHubServer }]).length === 0) {
    return invalidServer(server, `${quote(server)} has no login for ${name}.`);
  }
  const host = quote(image.domain);
  return new PreflightError(
    PreflightReason.Invalid,
    { registry: image.domain },
    `The image ${name} is not on Docker Hub, and kubelet would send the login of Docker Hub to the host ${host}, because that has neither a dot nor a port and no other login matches. Here it is never sent there. Name the image by a host with a dot or a port, and give that host a login of its own.`,
  );
}

function invalidServer(server: string, problem: string): PreflightError {
  return new PreflightError(PreflightReason.Invalid, { registry: server }, `The server ${problem}`);
}

/** The media types that an image's manifest may have, a single image or an index of several. */
export const manifestMediaTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** The base of the API, where a registry answers whether the login is good (OCI distribution-spec, end-1). */
export function baseUrl({ origin }: RegistryEndpoint): URL {
  return new URL("/v2/", origin);
}

/** The manifest of an image, by digest before tag as kubelet pulls it (OCI distribution-spec, end-3). */
export function manifestUrl({ origin }: RegistryEndpoint, { path, tag, digest }: ImageReference): URL {
  return new URL(`/v2/${path}/manifests/${digest ?? tag ?? "latest"}`, origin);
}
