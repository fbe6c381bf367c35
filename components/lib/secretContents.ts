import { createHash } from "node:crypto";
import { encodeDockerConfigJson } from "./kubelet/dockerConfigJson";
import {
  checkCredentials,
  type CheckedLogin,
  type Credential,
  type Pasted,
  pastedFrom,
} from "./logins/credentials";
import { checkDockerConfig } from "./logins/dockerConfigLogins";
import { jsonTextOf } from "./logins/jsonText";
import { givesOutgoingLogins, type LoginSources, sourcesOf } from "./logins/loginSources";
import { type Problem, quote } from "./problems";
import { maxSecretSize } from "./secretSize";

/** Checked logins, and what each namespace's pull Secret contains. All of it is secret except the servers. */
export interface SecretContents {
  /** The logins with a valid server, in the given order. */
  logins: CheckedLogin[];
  /** Hex SHA-256 of all credentials, independent of their order: changes if and only if the Secrets' content may change. */
  digest: string;
  /** The `.dockerconfigjson` text by namespace key. */
  texts: Record<string, string>;
  /** The servers by namespace key, without secrets. */
  servers: Record<string, string[]>;
  /** Whether all credentials have a valid server, so that `servers` is complete. */
  isComplete: boolean;
}

/** The current logins and, while a rotation overlaps, the outgoing ones. Each generation has its own Secret per namespace. */
export interface Generations {
  /** Empty if all logins are in Secrets created elsewhere. */
  current: SecretContents;
  previous?: SecretContents;
  /** Where they were given, for {@link hidePasswords}. */
  sources: unknown[];
}

/**
 * Checks logins of unknown shape.
 *
 * @param namespaceKeys undefined if not known: then the result has no Secret texts
 */
export function checkLogins(
  logins: LoginSources,
  namespaceKeys: readonly string[] | undefined,
): { result: Generations; problems: Problem[] } {
  const sources = sourcesOf(logins);
  const checks = { namespaceKeys, pasted: pastedFrom(sources) };
  const current = contentsOf(logins, "registries", "dockerConfigJson", checks);
  if (!givesOutgoingLogins(logins)) {
    return { result: { current: current.contents, sources }, problems: current.problems };
  }
  const previous = contentsOf(logins, "previousRegistries", "previousDockerConfigJson", checks);
  return {
    result: { current: current.contents, previous: previous.contents, sources },
    problems: [...current.problems, ...previous.problems],
  };
}

function contentsOf(
  sources: LoginSources,
  listPath: "registries" | "previousRegistries",
  configPath: "dockerConfigJson" | "previousDockerConfigJson",
  { namespaceKeys, pasted }: { namespaceKeys: readonly string[] | undefined; pasted: Pasted },
): { contents: SecretContents; problems: Problem[] } {
  const { [listPath]: list, [configPath]: given } = sources;
  const config = jsonTextOf(given);
  const none = { logins: [], problems: [], isComplete: true };
  const listed = list === undefined ? none : checkCredentials(list, listPath, namespaceKeys, pasted);
  const configured =
    config === undefined ? none : checkDockerConfig(config, configPath, pasted, listed.logins);
  const logins = [...listed.logins, ...configured.logins];
  const problems = [...listed.problems, ...configured.problems];
  const credentials = logins.flatMap(({ credential }) => credential ?? []);
  const byKey = <T>(valueOf: (key: string) => T): Record<string, T> =>
    Object.fromEntries((namespaceKeys ?? []).map((key) => [key, valueOf(key)]));
  const textOf = (key: string): string => {
    const held = credentials.filter((credential) => goesTo(key, credential));
    const text = encodeDockerConfigJson(held);
    problems.push(...textProblems(held, text, key, list === undefined ? configPath : listPath));
    return text;
  };
  const contents = {
    logins,
    digest: digestOf(credentials),
    texts: problems.length === 0 && logins.length > 0 ? byKey(textOf) : {},
    servers: byKey((key) => logins.filter((login) => goesTo(key, login)).map(({ server }) => server)),
    isComplete:
      (list === undefined || (Array.isArray(list) && listed.logins.length === list.length)) &&
      configured.isComplete,
  };
  return { contents, problems };
}

/** Whether a namespace's Secret contains a login. */
export function goesTo(key: string, { namespaces }: Pick<Credential, "namespaces">): boolean {
  return namespaces?.includes(key) ?? true;
}

function textProblems(held: Credential[], text: string, key: string, path: string): Problem[] {
  // Only the outgoing logins may skip a namespace.
  if (held.length === 0 && path === "registries") {
    const reason = `no registry is for the namespace key ${quote(key)}: name the key in a registry's \`namespaces\`, or drop it.`;
    return [{ path, reason }];
  }
  const size = Buffer.byteLength(text);
  if (size > maxSecretSize) {
    const reason = `would make a Secret of ${size} bytes for the namespace key ${quote(key)}, and Kubernetes takes at most ${maxSecretSize}: use fewer or shorter credentials.`;
    return [{ path, reason }];
  }
  return [];
}

function digestOf(credentials: Credential[]): string {
  const lines = credentials.map(({ server, username, password, email, namespaces }) =>
    JSON.stringify([server, username, password, email ?? "", namespaces?.toSorted() ?? null]),
  );
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex");
}
