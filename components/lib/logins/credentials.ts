import { holdsOneOf, isOneOf } from "../hidePasswords";
import type { RegistryLogin } from "../kubelet/dockerConfigJson";
import { dockerHubServer } from "../kubelet/dockerHub";
import { canonicalServer, ServerError } from "../kubelet/server";
import type { Problem } from "../problems";
import { isObject, kindOf } from "../records";
import { secretsIn } from "../secretTexts";
import { memberProblem, readConnection, readExpiry, readNamespaces } from "./credentialMembers";
import { givenSecrets, type LoginSecret, readLoginSecret, secretMembers } from "./loginSecret";
import { isGiven, type MemberTexts, memberTexts, unknownLoginMembers } from "./memberTexts";
import { sameKeyProblems } from "./sameKeys";

/** A login with its canonical server, and the settings that don't go into the Secret. */
export interface Credential extends RegistryLogin {
  /** Keys of the namespaces whose Secret contains it; undefined for all. */
  namespaces?: string[];
  /** When the registry stops accepting it (RFC 3339). */
  expiresAt?: string;
  /** Whether checks may use plain http. */
  insecure?: boolean;
  /** PEM of the CA that checks trust for this registry. */
  caBundle?: string;
}

/** A login after its check. */
export interface CheckedLogin extends Pick<Credential, "server" | "namespaces"> {
  /** Its property path, such as `registries[0]`. */
  path: string;
  /** Whether it is from a config.json. */
  isFromConfig?: true;
  /** The complete login; undefined if it has problems. */
  credential?: Credential;
}

export interface CheckedCredentials {
  /** All entries with a valid server, even those with other problems. */
  logins: CheckedLogin[];
  problems: Problem[];
}

const members = [
  "server",
  "username",
  ...secretMembers,
  "email",
  "expiresAt",
  "namespaces",
  "insecure",
  "caBundle",
] as const;

/** Whether a text that a user wrote is, or contains, one of the secrets. */
export type Pasted = Record<"isSecret" | "holdsSecret", (text: string) => boolean>;

/** Finds the secrets of some sources, which it reads once it has to: lists of logins, and texts of a config.json. */
export function pastedFrom(sources: readonly unknown[]): Pasted {
  let found: Pasted | undefined;
  const search = (): Pasted => (found ??= searchFor(sources.flatMap(secretsIn)));
  return { isSecret: (text) => search().isSecret(text), holdsSecret: (text) => search().holdsSecret(text) };
}

function searchFor(secrets: string[]): Pasted {
  return { isSecret: isOneOf(secrets), holdsSecret: holdsOneOf(secrets) };
}

/**
 * Reads a list of registry credentials of unknown shape. Problems name the property path and never quote a username,
 * password or email, whether from this list or from another source of logins.
 */
export function checkCredentials(
  value: unknown,
  path: string,
  namespaceKeys?: readonly string[],
  pasted = pastedFrom([value]),
): CheckedCredentials {
  if (!Array.isArray(value)) {
    const reason = `is ${kindOf(value)}: give a list of registries, each with server, username and password.`;
    return { logins: [], problems: [{ path, reason }] };
  }
  if (value.length === 0) {
    const reason = "is empty: give at least one registry.";
    return { logins: [], problems: [{ path, reason }] };
  }
  const entries = value.map((entry: unknown, index) =>
    checkCredential(entry, `${path}[${index}]`, pasted, namespaceKeys),
  );
  const logins = entries.flatMap(({ login }) => login ?? []);
  return {
    logins,
    problems: [...entries.flatMap(({ problems }) => problems), ...sameKeyProblems(logins)],
  };
}

function checkCredential(
  entry: unknown,
  path: string,
  pasted: Pasted,
  namespaceKeys: readonly string[] | undefined,
): { login?: CheckedLogin; problems: Problem[] } {
  if (!isObject(entry)) {
    return { problems: [{ path, reason: `is ${kindOf(entry)}: give server, username and password.` }] };
  }
  const problems = unknownLoginMembers(entry, members, path, pasted.holdsSecret);
  const texts = memberTexts(entry, path, problems);
  const derives = givenSecrets(entry).some((member) => member !== "password");
  const given = derives && !isGiven(entry["username"]) ? undefined : readUsername(texts);
  const secret = readLoginSecret(entry, path, problems, pasted.holdsSecret);
  if (given !== undefined && given !== "" && secret.username !== undefined && given !== secret.username) {
    texts.report("username", `is not the one of ${secret.member ?? ""}: remove it.`);
  }
  const username = secret.username ?? given ?? "";
  const hasEmail = entry["email"] !== undefined && entry["email"] !== "";
  const email = hasEmail ? texts.text("email", "give the account's email, or leave the key out.") : "";
  const isKnown = username !== "" && secret.password !== "";
  const server = readServer(entry["server"], texts, secret, isKnown ? pasted : undefined);
  const namespaces = readNamespaces(entry["namespaces"], `${path}.namespaces`, namespaceKeys, problems);
  const expiresAt = readExpiry(entry["expiresAt"], `${path}.expiresAt`, problems) ?? secret.expiresAt;
  const { insecure, caBundle } = readConnection(entry, path, problems);
  const login = { server, ...(namespaces && { namespaces }) };
  if (problems.length > 0) {
    return { problems, ...(server !== "" && { login: { ...login, path } }) };
  }
  const credential = {
    ...login,
    username,
    password: secret.password,
    ...(email && { email }),
    ...(expiresAt && { expiresAt }),
    ...(insecure && { insecure }),
    ...(caBundle && { caBundle }),
  };
  return { login: { ...login, path, credential }, problems };
}

function readUsername({ text, report }: MemberTexts): string {
  const username = text("username", "give the account's user name at the registry.");
  const reason = usernameProblem(username);
  if (reason !== undefined) {
    report("username", reason);
  }
  return username;
}

/** Why kubelet can't use a username. */
export function usernameProblem(username: string): string | undefined {
  return username.includes(":")
    ? 'contains ":", where kubelet splits username from password: a username can\'t have one.'
    : undefined;
}

function readServer(
  value: unknown,
  { text, report }: MemberTexts,
  secret: LoginSecret,
  pasted: Pasted | undefined,
): string {
  if (value === undefined) {
    if (secret.serverHint !== undefined) {
      report("server", `is missing: ${secret.serverHint}`);
    }
    return secret.serverHint !== undefined || secret.member === "huaweiSwr"
      ? (secret.server ?? "")
      : dockerHubServer;
  }
  const written = text(
    "server",
    "give the registry's host, or leave the key out for Docker Hub.",
    memberProblem,
  );
  if (written === "") {
    return "";
  }
  try {
    return canonicalServer(written);
  } catch (error) {
    if (!(error instanceof ServerError)) {
      throw error;
    }
    report("server", serverReason(error, written, pasted));
    return "";
  }
}

/**
 * Why a server is refused. Shows it only if it can't be a username or password in the wrong place.
 *
 * @param pasted finds secrets in it; undefined if any text may be one
 */
export function serverReason(error: ServerError, written: string, pasted: Pasted | undefined): string {
  const isDoubtful =
    pasted === undefined || written.includes("@") || pasted.isSecret(written) || pasted.holdsSecret(written);
  return isDoubtful ? `${error.reason}: give the registry's host.` : error.message;
}
