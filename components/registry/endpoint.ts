import { dockerHubServer } from "../lib/kubelet/dockerHub";
import { type ImageReference, repositoryName } from "../lib/kubelet/imageReference";
import { loginsInKubeletOrder } from "../lib/kubelet/keyring";
import { canonicalServer, ServerError } from "../lib/kubelet/server";
import { quote } from "../lib/problems";
import { PreflightError, PreflightReason } from "./preflightError";

const dockerHubDomain = "docker.io";

/** Docker Hub's images use `docker.io` and its logins `https://index.docker.io/v1/`, but its API is here. */
const dockerHubApi = "https://registry-1.docker.io";

/** The address of a registry's API. */
export interface RegistryEndpoint {
  /** `host` or `host:port`. */
  host: string;
  /** Scheme, host and port, such as `https://registry.example.com`. */
  origin: string;
}

/**
 * The API of a login's server: https, unless the server starts with `http://`, or has no scheme and `insecure` is set.
 * Every spelling of Docker Hub is `https://registry-1.docker.io`.
 *
 * @throws PreflightError `invalid` if no image can match the server, or if a `*` in it stands for many hosts.
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
 * The API that serves an image.
 *
 * @param server as the login for the image spells it
 * @throws PreflightError `invalid` if kubelet would not use the server's login for this image, which would send the
 * password to the wrong host; if kubelet would send Docker Hub's login to another host, which we never do; or if the
 * image's domain is not an address.
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

/** Whether a login uses plain http: by its server's scheme or, without one, by `insecure`. */
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

/** Kubelet falls back to Docker Hub's login for an image whose host has neither dot nor port when no other login matches. */
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

/** The media types of a manifest: a single image, or an index of several. */
export const manifestMediaTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];

/** The base of the API, where a registry says whether it accepts a login (OCI distribution-spec, end-1). */
export function baseUrl({ origin }: RegistryEndpoint): URL {
  return new URL("/v2/", origin);
}

/** The manifest of an image; like kubelet, by digest if there is one, else by tag (OCI distribution-spec, end-3). */
export function manifestUrl({ origin }: RegistryEndpoint, { path, tag, digest }: ImageReference): URL {
  return new URL(`/v2/${path}/manifests/${digest ?? tag ?? "latest"}`, origin);
}
