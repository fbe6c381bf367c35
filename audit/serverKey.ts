import { dockerHubServer } from "../components/lib/kubelet/dockerHub";
import { canonicalServer, serverProblem } from "../components/lib/kubelet/server";
import { parseRegistryKey } from "../components/lib/kubelet/serverMatching";
import { quote } from "../components/lib/problems";

/** The keys by which kubelet finds a login for Docker Hub. */
const dockerHubKeys = ["docker.io", "index.docker.io"];

/** Why a server in the content of a Secret matches no image, as it is spelled there; undefined if it can match one. */
export function serverKeyProblem(server: string): string | undefined {
  const problem = serverProblem(server);
  if (problem !== undefined || canonicalServer(server) !== dockerHubServer) {
    return problem;
  }
  return dockerHubKeys.includes(parseRegistryKey(server)?.indexKey ?? "")
    ? undefined
    : `${quote(server)} is not a key by which kubelet finds Docker Hub's login: write ${quote(dockerHubServer)}.`;
}
