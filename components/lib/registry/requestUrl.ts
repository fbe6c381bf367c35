import type { ImageReference } from "../imageReference";
import type { RegistryEndpoint } from "./endpoint";

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
