import { MessageError } from "../problems";
import {
  type DockerConfigEntry,
  DockerConfigError,
  entryPath,
  readDockerConfigEntries,
} from "./dockerConfigEntries";
import { parseImageReference } from "./imageReference";
import { isAmbiguousServer, loginsInKubeletOrder } from "./registryKey";

/** A credential that kubelet tries; both members are empty for an entry without login: kubelet tries that, too. */
export interface ImageCredential {
  /** User name, without a colon. */
  username: string;
  /** Password or access token. */
  password: string;
}

/** Pull Secrets that kubelet can't use, or a server in them that nobody should write; the message names it. */
export class KeyringError extends MessageError {
  override readonly name = "KeyringError";
}

/**
 * The credentials that kubelet tries for an image, in its order; none for an anonymous pull.
 *
 * All Secrets make one keyring. The order is that of the servers, from high to low by their bytes, and for one server
 * that of the Secrets; kubelet tries two spellings of a server in one Secret in random order, here in that of the text.
 * What is no UTF-8 in an `auth` is U+FFFD in the answer: such a credential reaches no registry.
 *
 * @param image reference of the image, as in the pod.
 * @param dockerConfigJsons decoded `.dockerconfigjson` of each Secret, in the order of `imagePullSecrets`. Empty ones are
 * skipped.
 * @throws ImageReferenceError when the reference is invalid.
 * @throws KeyringError when one Secret, whatever its servers, makes kubelet fail the pull with all of them; and for a
 * server with `%`, `?`, `#`, `@` or a stray `]`, which kubelet takes apart as a URL.
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
