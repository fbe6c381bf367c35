import { DockerConfigError, readDockerConfigEntries } from "../kubelet/dockerConfigEntries";
import { type Known, notKnown, textAt } from "./known";

/** What kubelet finds in a Secret when it pulls. */
export interface PullSecretContent {
  /** The servers that it has a login for, as it spells them. */
  servers: Known<readonly string[]>;
  /** Whether kubelet ignores it: it has another type, or not the key of its type. */
  isIgnored?: true;
  /** Why kubelet can't read it and therefore pulls nothing for a pod that lists it. Contains no secret. */
  unreadable?: string;
}

/**
 * The types of the Secrets that kubelet reads, and the key of each.
 *
 * @see kubernetes pkg/credentialprovider/secrets/secrets.go, MakeDockerKeyring
 */
export const pullSecretKeys: ReadonlyMap<string, string> = new Map([
  ["kubernetes.io/dockerconfigjson", ".dockerconfigjson"],
  ["kubernetes.io/dockercfg", ".dockercfg"],
]);

/** What kubelet finds in a Secret of any shape. */
export function secretContent(secret: unknown): PullSecretContent {
  const config = dockerConfigIn(secret);
  if (config === notKnown) {
    return { servers: notKnown };
  }
  if (config === undefined) {
    return { servers: [], isIgnored: true };
  }
  try {
    const entries = readDockerConfigEntries(config);
    const withLogin = entries.filter(({ username, password }) => username !== "" && password !== "");
    return { servers: withLogin.map(({ server }) => server) };
  } catch (error) {
    if (error instanceof DockerConfigError) {
      return { servers: [], unreadable: error.message };
    }
    throw error;
  }
}

/** The text of a Secret of any shape that kubelet reads, as a config.json; undefined if kubelet ignores the Secret. */
export function dockerConfigIn(secret: unknown): Known<string> | undefined {
  const type = textAt(secret, ["type"]);
  if (type === notKnown) {
    return notKnown;
  }
  const key = pullSecretKeys.get(type ?? "");
  const text = key === undefined ? undefined : secretText(secret, key);
  if (text === undefined || text === "") {
    return undefined;
  }
  return text !== notKnown && key === ".dockercfg" ? inAuths(text) : text;
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

function inAuths(dockercfg: string): string {
  try {
    JSON.parse(dockercfg);
  } catch {
    return dockercfg;
  }
  return `{"auths":${dockercfg}}`;
}
