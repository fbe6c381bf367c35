import {
  controlProblem,
  memberProblem,
  readConnection,
  readExpiry,
  readNamespaces,
} from "./credentialMembers";
import { holdsOneOf, isOneOf, membersOf, secretTexts } from "./hidePasswords";
import type { RegistryLogin } from "./kubelet/dockerConfigJson";
import { canonicalServer, dockerHubServer, ServerError } from "./kubelet/server";
import { parseRegistryKey } from "./kubelet/serverMatching";
import type { Problem } from "./problems";
import { isObject, kindOf } from "./records";
import { unknownMembers } from "./suggestions";

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
  "password",
  "email",
  "expiresAt",
  "namespaces",
  "insecure",
  "caBundle",
] as const;

/**
 * Reads a list of registry credentials of unknown shape. Problems name the property path and never quote a username,
 * password or email, whether from this list or from `otherList`.
 */
export function checkCredentials(
  value: unknown,
  path: string,
  namespaceKeys?: readonly string[],
  otherList?: unknown,
): CheckedCredentials {
  if (!Array.isArray(value)) {
    const reason = `is ${kindOf(value)}: give a list of registries, each with server, username and password.`;
    return { logins: [], problems: [{ path, reason }] };
  }
  if (value.length === 0) {
    const reason = "is empty: give at least one registry.";
    return { logins: [], problems: [{ path, reason }] };
  }
  const secrets = [value, otherList].flat().flatMap((entry: unknown) => secretTexts(entry));
  const pasted = { isSecret: isOneOf(secrets), holdsSecret: holdsOneOf(secrets) };
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
  { isSecret, holdsSecret }: Record<"isSecret" | "holdsSecret", (text: string) => boolean>,
  namespaceKeys: readonly string[] | undefined,
): { login?: CheckedLogin; problems: Problem[] } {
  if (!isObject(entry)) {
    return { problems: [{ path, reason: `is ${kindOf(entry)}: give server, username and password.` }] };
  }
  const problems = unknownMembers(entry, members, path).map((problem) =>
    membersOf(problem.path.slice(path.length)).some(holdsSecret)
      ? { path, reason: "has a key that contains the username, email or password: remove it." }
      : problem,
  );
  const report = (member: string, reason: string): void => {
    problems.push({ path: `${path}.${member}`, reason });
  };
  const text = (member: (typeof members)[number], hint: string): string => {
    const found = entry[member];
    if (found === undefined || found === null) {
      report(member, `is missing: ${hint}`);
    } else if (typeof found !== "string") {
      report(member, `is ${kindOf(found)}: give a string.`);
    } else {
      const reason = memberProblem(found) ?? (member === "server" ? undefined : controlProblem(found));
      if (reason === undefined) {
        return found;
      }
      report(member, reason);
    }
    return "";
  };

  const username = text("username", "give the account's user name at the registry.");
  if (username.includes(":")) {
    report(
      "username",
      'contains ":", where kubelet splits username from password: a username can\'t have one.',
    );
  }
  const password = text("password", "set it with `pulumi config set --secret --path`.");
  const hasEmail = entry["email"] !== undefined && entry["email"] !== "";
  const email = hasEmail ? text("email", "give the account's email, or leave the key out.") : "";
  let server = entry["server"] === undefined ? dockerHubServer : "";
  if (entry["server"] !== undefined) {
    const written = text("server", "give the registry's host, or leave the key out for Docker Hub.");
    try {
      server = written === "" ? "" : canonicalServer(written);
    } catch (error) {
      if (!(error instanceof ServerError)) {
        throw error;
      }
      // Show the server only if it can't be a username or password in the wrong member.
      const isDoubtful =
        username === "" ||
        password === "" ||
        written.includes("@") ||
        isSecret(written) ||
        holdsSecret(written);
      report("server", isDoubtful ? `${error.reason}: give the registry's host.` : error.message);
    }
  }
  const namespaces = readNamespaces(entry["namespaces"], `${path}.namespaces`, namespaceKeys, problems);
  const expiresAt = readExpiry(entry["expiresAt"], `${path}.expiresAt`, problems);
  const { insecure, caBundle } = readConnection(entry, path, problems);
  const login = { server, ...(namespaces && { namespaces }) };
  if (problems.length > 0) {
    return { problems, ...(server !== "" && { login: { ...login, path } }) };
  }
  const credential = {
    ...login,
    username,
    password,
    ...(email && { email }),
    ...(expiresAt && { expiresAt }),
    ...(insecure && { insecure }),
    ...(caBundle && { caBundle }),
  };
  return { login: { ...login, path, credential }, problems };
}

const bothLogins =
  "If pods need both, name the part of the registry that each one is for, with a trailing slash, such as registry.example.com/team-a/ and registry.example.com/team-b/, or make a second ImagePullSecret with one of them.";

/** Refuses two credentials of a namespace with the same key to kubelet, which would try them in random order. */
function sameKeyProblems(logins: CheckedLogin[]): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string | undefined, CheckedLogin[]>();
  for (const login of logins) {
    const key = parseRegistryKey(login.server)?.indexKey;
    const others = seen.get(key) ?? [];
    const clash = others.find(({ namespaces }) => overlap(namespaces, login.namespaces));
    if (clash) {
      const reason = `is the same key to kubelet as ${clash.path}.server: keep one of them, or give them different \`namespaces\`. ${bothLogins}`;
      problems.push({ path: `${login.path}.server`, reason });
    }
    seen.set(key, [...others, login]);
  }
  return problems;
}

function overlap(one: string[] | undefined, other: string[] | undefined): boolean {
  return one === undefined || other === undefined || one.some((key) => other.includes(key));
}
