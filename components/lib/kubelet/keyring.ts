import { MessageError } from "../problems";
import {
  type DockerConfigEntry,
  DockerConfigError,
  entryPath,
  readDockerConfigEntries,
} from "./dockerConfigEntries";
import { parseImageReference } from "./imageReference";
import { isAmbiguousServer, loginsInKubeletOrder } from "./registryKey";

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
