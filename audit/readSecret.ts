import { DockerConfigError, readDockerConfigEntries } from "../components/lib/kubelet/dockerConfigEntries";
import { decodeDockerConfigJson } from "../components/lib/kubelet/dockerConfigJson";
import { notKnown, textAt } from "../components/lib/served/known";
import { dockerConfigIn } from "../components/lib/served/pullSecretContent";
import type { ClusterSecret } from "./cluster";
import { placeOf } from "./readObjects";

/** A Secret as kubelet reads it, with its logins. */
export function readSecret(object: unknown): ClusterSecret {
  const type = textAt(object, ["type"]);
  const secret: ClusterSecret = {
    ...placeOf(object, "Secret"),
    kind: "Secret",
    type: typeof type === "string" ? type : "",
  };
  const config = dockerConfigIn(object);
  if (config === undefined || config === notKnown) {
    return { ...secret, entries: [], unusable: "is empty, so kubelet skips it." };
  }
  try {
    return { ...secret, entries: readDockerConfigEntries(config), ...unusableIn(config) };
  } catch (error) {
    if (error instanceof DockerConfigError) {
      return { ...secret, poison: error.message };
    }
    throw error;
  }
}

/** Why a login of a config that kubelet can read is of no use. */
function unusableIn(config: string): { unusable?: string } {
  try {
    decodeDockerConfigJson(config);
    return {};
  } catch (error) {
    if (error instanceof DockerConfigError) {
      return { unusable: error.message };
    }
    throw error;
  }
}
