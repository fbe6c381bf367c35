import { encodeDockerConfigJson, type RegistryLogin } from "../../../components";
import type { ApiObject } from "./apiServer";

type Members = Record<string, unknown>;

/** `namespace/name`, as metadata. */
function metadata(place: string, more: Members = {}): ApiObject["metadata"] {
  const [namespace = "", name = ""] = place.split("/");
  return { namespace, name, uid: `uid-${place}`, ...more };
}

/** A pod spec with an image, or several, and the Secrets that it lists. */
export function podSpec(images: string | string[], secrets: string[] = [], more: Members = {}): Members {
  return {
    containers: [images].flat().map((image, index) => ({ name: `c${index}`, image })),
    ...(secrets.length > 0 && { imagePullSecrets: secrets.map((name) => ({ name })) }),
    ...more,
  };
}

/** A Deployment, StatefulSet and the like. */
export function workload(place: string, spec: Members, more: Members = {}): ApiObject {
  return { metadata: metadata(place, more), spec: { template: { spec } } };
}

/** A pod, whose containers have run unless `status` says otherwise. */
export function pod(place: string, spec: Members, owner?: Members, status?: Members): ApiObject {
  const containers = spec["containers"] as { name: string }[];
  return {
    metadata: metadata(place, owner && { ownerReferences: [{ controller: true, ...owner }] }),
    spec: { serviceAccountName: "default", ...spec },
    status: status ?? {
      phase: "Running",
      containerStatuses: containers.map(({ name }) => ({
        name,
        imageID: "sha256:1",
        state: { running: {} },
      })),
    },
  };
}

export function account(place: string, secrets: string[] = [], annotations: Members = {}): ApiObject {
  return {
    metadata: metadata(place, { annotations }),
    imagePullSecrets: secrets.map((name) => ({ name })),
  };
}

/** A pull Secret with the logins, or with a content of any kind. */
export function pullSecret(
  place: string,
  content: RegistryLogin[] | string,
  type = "kubernetes.io/dockerconfigjson",
): ApiObject {
  const text = typeof content === "string" ? content : encodeDockerConfigJson(content);
  const key = type === "kubernetes.io/dockercfg" ? ".dockercfg" : ".dockerconfigjson";
  return { metadata: metadata(place), type, data: { [key]: Buffer.from(text).toString("base64") } };
}

/** A login whose password is in no other. */
export function login(server: string, password = "c4n4ry-pass", username = "c4n4ry-user"): RegistryLogin {
  return { server, username, password };
}
