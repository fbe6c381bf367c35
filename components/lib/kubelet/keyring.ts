import { MessageError } from "../problems";
import {
  type DockerConfigEntry,
  DockerConfigError,
  entryPath,
  readDockerConfigEntries,
} from "./dockerConfigEntries";
import { fallsBackToDockerHub } from "./dockerHub";
import { type ImageReference, parseImageReference } from "./imageReference";
import { isAmbiguousServer, parseRegistryKey, registryKeyMatches, repositoryKey } from "./serverMatching";

/** A credential that kubelet tries. Both members are empty for an entry without a login, which kubelet tries too. */
export interface ImageCredential {
  /** User name, without a colon. */
  username: string;
  /** Password or access token. */
  password: string;
}

/** Kubelet can't use the pull Secrets, or one of their servers is ambiguous. The message names it. */
export class KeyringError extends MessageError {
  override readonly name = "KeyringError";
}

/**
 * The credentials that kubelet tries for an image, in kubelet's order; empty for an anonymous pull.
 *
 * All Secrets form one keyring. Servers come in descending byte order; one server's credentials, in the order of the
 * Secrets. Kubelet tries two spellings of a server in one Secret in random order; here they keep the order of the text.
 * Invalid UTF-8 in an `auth` becomes U+FFFD: no registry accepts such a credential.
 *
 * @param image reference of the image, as in the pod.
 * @param dockerConfigJsons decoded `.dockerconfigjson` of each Secret, in the order of `imagePullSecrets`. Empty ones are
 * skipped.
 * @throws ImageReferenceError if the reference is invalid.
 * @throws KeyringError if kubelet can't read one of the Secrets, which fails the pull with all of them, and for a server
 * with `%`, `?`, `#`, `@` or a stray `]`, which kubelet parses as a URL.
 * @see kubernetes pkg/credentialprovider/secrets/secrets.go, MakeDockerKeyring
 */
export function lookupCredentials(image: string, dockerConfigJsons: readonly string[]): ImageCredential[] {
  const reference = parseImageReference(image);
  const entries = dockerConfigJsons.flatMap((json, index) =>
    json === "" ? [] : readSecret(json, `dockerConfigJsons[${index}]`),
  );
  return loginsInKubeletOrder(reference, entries).map(({ username, password }) => ({ username, password }));
}

/**
 * The logins that kubelet tries for an image, in its order: index keys in descending byte order, equal keys in the given
 * order. If no other login matches, it falls back to Docker Hub's (`https://index.docker.io/v1/`), for Docker Hub's images
 * and for those of a host with neither dot nor port.
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

function readSecret(json: string, path: string): DockerConfigEntry[] {
  const entries = readEntries(json, path);
  for (const { server } of entries) {
    if (isAmbiguousServer(server)) {
      throw new KeyringError(
        `${path}: ${entryPath(server)} has a server that kubelet parses as a URL: write host[:port][/path], without "%", "?", "#", "@" or "]".`,
      );
    }
  }
  return entries;
}

function readEntries(json: string, path: string): DockerConfigEntry[] {
  try {
    return readDockerConfigEntries(json);
  } catch (error) {
    if (!(error instanceof DockerConfigError)) {
      throw error;
    }
    throw new KeyringError(
      `${path}: ${error.message} Until then kubelet uses no credential from any Secret.`,
    );
  }
}

function descending(one: string, other: string): number {
  return one === other ? 0 : one < other ? 1 : -1;
}
