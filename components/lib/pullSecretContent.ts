import { type Known, notKnown, textAt } from "./known";
import { DockerConfigError, readDockerConfigEntries } from "./kubelet/dockerConfigEntries";

/** What kubelet finds in a Secret when it pulls. */
export interface PullSecretContent {
  /** The servers that it has a login for, as it spells them. */
  servers: Known<readonly string[]>;
  /** Whether kubelet ignores it: it has another type, or not the key of its type. */
  isIgnored?: true;
  /** Why kubelet can't read it and therefore pulls nothing for a pod that lists it. Contains no secret. */
  unreadable?: string;
}

/** @see kubernetes pkg/credentialprovider/secrets/secrets.go, MakeDockerKeyring */
const keyOfType = new Map([
  ["kubernetes.io/dockerconfigjson", ".dockerconfigjson"],
  ["kubernetes.io/dockercfg", ".dockercfg"],
]);

/** What kubelet finds in a Secret of any shape. */
export function secretContent(secret: unknown): PullSecretContent {
  const type = textAt(secret, ["type"]);
  if (type === notKnown) {
    return { servers: notKnown };
  }
  const key = keyOfType.get(type ?? "");
  const text = key === undefined ? undefined : secretText(secret, key);
  if (text === notKnown) {
    return { servers: notKnown };
  }
  return text === undefined || text === ""
    ? { servers: [], isIgnored: true }
    : contentOf(text, key === ".dockercfg");
}

/** As the API server does: `stringData` wins over `data`. */
function secretText(secret: unknown, key: string): Known<string> | undefined {
  const plain = textAt(secret, ["stringData", key]);
  const encoded = textAt(secret, ["data", key]);
  if (plain !== undefined || encoded === undefined || encoded === notKnown) {
    return plain ?? encoded;
  }
  return Buffer.from(encoded, "base64").toString();
}

/**
 * The servers that the text of a pull Secret has a login for, or why kubelet can't read it.
 *
 * @param isDockercfg whether it is of the old form, of type `kubernetes.io/dockercfg`
 */
export function contentOf(text: string, isDockercfg = false): PullSecretContent {
  try {
    const entries = readDockerConfigEntries(isDockercfg ? inAuths(text) : text);
    const withLogin = entries.filter(({ username, password }) => username !== "" && password !== "");
    return { servers: withLogin.map(({ server }) => server) };
  } catch (error) {
    if (error instanceof DockerConfigError) {
      return { servers: [], unreadable: error.message };
    }
    throw error;
  }
}

function inAuths(dockercfg: string): string {
  try {
    JSON.parse(dockercfg);
  } catch {
    return dockercfg;
  }
  return `{"auths":${dockercfg}}`;
}
