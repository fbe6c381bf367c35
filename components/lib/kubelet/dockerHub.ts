import { type ImageReference, repositoryName } from "./imageReference";

/** The only key under which kubelet finds Docker Hub's credential for every Hub image; also kubectl's default server. */
export const dockerHubServer = "https://index.docker.io/v1/";

/** Docker Hub's websites. They serve no images, so as a server they can only mean Docker Hub. */
export const dockerHubWebsites: readonly string[] = ["www.docker.io", "hub.docker.com"];

/** The hosts of Docker Hub's images, and its websites. */
export const dockerHubHosts: readonly string[] = ["docker.io", "index.docker.io", ...dockerHubWebsites];

/** Hosts where Docker Hub answers too. Kubelet treats each as a separate host and does not use Docker Hub's login there. */
export const hostsBesideDockerHub: readonly string[] = ["registry-1.docker.io", "registry.hub.docker.com"];

/**
 * Whether kubelet takes Docker Hub's login for an image that no other login matches: for Docker Hub's images, and for those of
 * a host with neither dot nor port.
 *
 * @see kubernetes pkg/credentialprovider/keyring.go, isDefaultRegistryMatch
 */
export function fallsBackToDockerHub(image: ImageReference): boolean {
  const [first = ""] = repositoryName(image).split("/", 1);
  return first === "docker.io" || !/[.:]/.test(first);
}
