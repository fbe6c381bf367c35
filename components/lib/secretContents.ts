import { createHash } from "node:crypto";
import { checkCredentials, type Credential } from "./credentials";
import { encodeDockerConfigJson } from "./kubelet/dockerConfigJson";
import { type Problem, quote } from "./problems";

/** What one pull Secret of each namespace holds. Secret but for the servers. */
export interface PullSecretPlan {
  /** Hex SHA-256 of all credentials, the same in any order: changes if and only if the Secrets' content can. */
  digest: string;
  /** The `.dockerconfigjson` text by namespace key. */
  contents: Record<string, string>;
  /** The servers by namespace key, without secrets. */
  servers: Record<string, string[]>;
  /** Whether the servers of all credentials are valid, so that `servers` is all there is. */
  isComplete: boolean;
}

/** The plans of an ImagePullSecret: of the current logins and, while a rotation overlaps, of the outgoing ones. */
export interface PullSecretPlans {
  registries: PullSecretPlan;
  previousRegistries?: PullSecretPlan;
}

/** The greatest size of all values of a Secret together, in bytes (kubernetes pkg/apis/core/types.go MaxSecretSize). */
const maxSecretSize = 1024 * 1024;

/** Plans the Secrets of `namespaceKeys`, none when they are not known, from registry credentials of unknown shape. */
export function planPullSecrets(
  logins: { registries: unknown; previousRegistries?: unknown },
  namespaceKeys: readonly string[] | undefined,
): { result: PullSecretPlans; problems: Problem[] } {
  const { registries, previousRegistries } = logins;
  const current = planPullSecret(registries, "registries", namespaceKeys, previousRegistries);
  if (previousRegistries === undefined) {
    return { result: { registries: current.plan }, problems: current.problems };
  }
  const previous = planPullSecret(previousRegistries, "previousRegistries", namespaceKeys, registries);
  return {
    result: { registries: current.plan, previousRegistries: previous.plan },
    problems: [...current.problems, ...previous.problems],
  };
}

function planPullSecret(
  registries: unknown,
  path: keyof PullSecretPlans,
  namespaceKeys: readonly string[] | undefined,
  otherRegistries: unknown,
): { plan: PullSecretPlan; problems: Problem[] } {
  const { credentials, servers, problems } = checkCredentials(
    registries,
    path,
    namespaceKeys,
    otherRegistries,
  );
  const byKey = <T>(valueOf: (key: string) => T): Record<string, T> =>
    Object.fromEntries((namespaceKeys ?? []).map((key) => [key, valueOf(key)]));
  const contentOf = (key: string): string => {
    const held = credentials.filter((credential) => goesTo(key, credential));
    const content = encodeDockerConfigJson(held);
    problems.push(...contentProblems(held, content, key, path));
    return content;
  };
  const plan = {
    digest: digestOf(credentials),
    contents: problems.length === 0 ? byKey(contentOf) : {},
    servers: byKey((key) => servers.filter((entry) => goesTo(key, entry)).map(({ server }) => server)),
    isComplete: Array.isArray(registries) && servers.length === registries.length,
  };
  return { plan, problems };
}

/** Whether the Secret of a namespace holds a login. */
export function goesTo(key: string, { namespaces }: Pick<Credential, "namespaces">): boolean {
  return namespaces?.includes(key) ?? true;
}

function contentProblems(held: Credential[], content: string, key: string, path: string): Problem[] {
  // Only the outgoing logins may leave a namespace out.
  if (held.length === 0 && path === "registries") {
    const reason = `no registry is meant for the namespace key ${quote(key)}: name the key in a registry's \`namespaces\`, or drop it.`;
    return [{ path, reason }];
  }
  const size = Buffer.byteLength(content);
  if (size > maxSecretSize) {
    const reason = `make a Secret of ${size} bytes for the namespace key ${quote(key)}, and Kubernetes takes at most ${maxSecretSize}: use fewer or shorter credentials.`;
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
