import type { RegistryLogin } from "./kubelet/dockerConfigJson";
import { holdsOneOf, isOneOf, membersOf, secretTexts } from "./hidePasswords";
import { isObject, kindOf, listed, type Problem, suggestion, unknownMembers } from "./problems";
import { parseRegistryKey } from "./kubelet/registryKey";
import { caBundleProblem } from "./caBundle";
import { canonicalServer, dockerHubServer, ServerError } from "./kubelet/server";

/** A login whose server is canonical, with the facts about it that don't go into the Secret. */
export interface Credential extends RegistryLogin {
  /** Keys of the namespaces whose Secret holds it; undefined for all. */
  namespaces?: string[];
  /** When the registry stops to accept it (RFC 3339). */
  expiresAt?: string;
  /** Whether checks may reach the registry by plain http. */
  insecure?: boolean;
  /** PEM of the CA that checks trust for the registry. */
  caBundle?: string;
}

/** The facts about a login that are no secret. */
export type Served = Pick<Credential, "server" | "namespaces">;

export interface CheckedCredentials {
  /** The entries without a problem. */
  credentials: Credential[];
  /** Server and namespaces of all entries that have a server, whatever else is wrong with them. */
  servers: Served[];
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
 * password or email, be they of this list or of another.
 */
export function checkCredentials(
  value: unknown,
  path: string,
  namespaceKeys?: readonly string[],
  otherList?: unknown,
): CheckedCredentials {
  if (!Array.isArray(value)) {
    const reason = `is ${kindOf(value)}: give a list of registries, each with server, username and password.`;
    return { credentials: [], servers: [], problems: [{ path, reason }] };
  }
  if (value.length === 0) {
    const reason = "is empty: give at least one registry.";
    return { credentials: [], servers: [], problems: [{ path, reason }] };
  }
  const secrets = [value, otherList].flat().flatMap((entry: unknown) => secretTexts(entry));
  const pasted = { isSecret: isOneOf(secrets), holdsSecret: holdsOneOf(secrets) };
  const checked = value.map((entry: unknown, index) =>
    checkCredential(entry, `${path}[${index}]`, pasted, namespaceKeys),
  );
  const served = checked.map((entry) => entry.served);
  return {
    credentials: checked.flatMap(({ credential }) => credential ?? []),
    servers: served.filter((entry) => entry !== undefined),
    problems: [...checked.flatMap(({ problems }) => problems), ...sameKeyProblems(served, path)],
  };
}

function checkCredential(
  entry: unknown,
  path: string,
  { isSecret, holdsSecret }: Record<"isSecret" | "holdsSecret", (text: string) => boolean>,
  namespaceKeys: readonly string[] | undefined,
): { credential?: Credential; served?: Served; problems: Problem[] } {
  if (!isObject(entry)) {
    return { problems: [{ path, reason: `is ${kindOf(entry)}: give server, username and password.` }] };
  }
  const problems = unknownMembers(entry, members, path).map((problem) =>
    membersOf(problem.path.slice(path.length)).some(holdsSecret)
      ? { path, reason: "has a key that holds the user name, email or password: take it out." }
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
      const reason = textProblem(found) ?? (member === "server" ? undefined : controlProblem(found));
      if (reason === undefined) {
        return found;
      }
      report(member, reason);
    }
    return "";
  };

  const username = text("username", "give the account's user name at the registry.");
  if (username.includes(":")) {
    report("username", 'holds a ":", where kubelet would cut it: a user name can\'t have one.');
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
      // A server may be shown, but not what may have been written into the wrong member.
      const isDoubtful =
        username === "" ||
        password === "" ||
        written.includes("@") ||
        isSecret(written) ||
        holdsSecret(written);
      report("server", isDoubtful ? `${error.reason}: give the registry's host.` : error.message);
    }
  }
  const namespaces = checkNamespaces(entry["namespaces"], `${path}.namespaces`, namespaceKeys, problems);
  const expiresAt = checkExpiry(entry["expiresAt"], `${path}.expiresAt`, problems);
  const { insecure, caBundle } = checkConnection(entry, path, problems);
  const served = { server, ...(namespaces && { namespaces }) };
  if (problems.length > 0) {
    return { problems, ...(server !== "" && { served }) };
  }
  const credential = {
    ...served,
    username,
    password,
    ...(email && { email }),
    ...(expiresAt && { expiresAt }),
    ...(insecure && { insecure }),
    ...(caBundle && { caBundle }),
  };
  return { credential, served, problems };
}

function textProblem(text: string): string | undefined {
  if (text === "") {
    return "is empty.";
  }
  if (/[\n\r]/.test(text)) {
    return /^\{.*[\n\r]/s.test(text.trim())
      ? "holds a newline: give the JSON key in one line, as `jq -c . key.json` prints it."
      : "holds a newline: often the end of the file that it was read from. Remove it.";
  }
  if (text !== text.trim()) {
    return "begins or ends with white space: remove it.";
  }
  return /\p{Surrogate}/u.test(text) ? "is no valid Unicode text (a lone surrogate)." : undefined;
}

/** Of keys that were taken for text, such as Ctrl-U, or of a file that is no text: no registry's login has one. */
function controlProblem(text: string): string | undefined {
  return /\p{Cc}/u.test(text)
    ? "holds a control character, such as a tab or what a key of the terminal sends: remove it."
    : undefined;
}

function checkNamespaces(
  value: unknown,
  path: string,
  known: readonly string[] | undefined,
  problems: Problem[],
): string[] | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (!Array.isArray(value) || !value.every((key): key is string => typeof key === "string")) {
    problems.push({ path, reason: "is no list of strings: give keys of the `namespaces` argument." });
    return undefined;
  }
  if (value.length === 0) {
    problems.push({ path, reason: "is empty: name a namespace, or leave it out for all." });
  }
  for (const [index, key] of value.entries()) {
    if (known !== undefined && !known.includes(key)) {
      const reason = `is not a key of \`namespaces\`${suggestion(key, known)}. Known are: ${listed(known)}.`;
      problems.push({ path: `${path}[${index}]`, reason });
    }
  }
  return value;
}

/** How checks connect to the registry. */
function checkConnection(
  { insecure, caBundle }: Record<string, unknown>,
  path: string,
  problems: Problem[],
): Pick<Credential, "insecure" | "caBundle"> {
  if (insecure !== undefined && typeof insecure !== "boolean") {
    problems.push({ path: `${path}.insecure`, reason: `is ${kindOf(insecure)}: give true or false.` });
  }
  const reason =
    caBundle === undefined ? undefined : caBundleProblem(typeof caBundle === "string" ? caBundle : "");
  if (reason !== undefined) {
    problems.push({ path: `${path}.caBundle`, reason });
  }
  return { insecure: insecure === true, caBundle: typeof caBundle === "string" ? caBundle : undefined };
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](?!24)\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

function checkExpiry(value: unknown, path: string, problems: Problem[]): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== "string" || !isTime(value)) {
    problems.push({
      path,
      reason: 'is no RFC 3339 time: write one in quotes, such as "2027-01-31T00:00:00Z".',
    });
    return undefined;
  }
  return value;
}

function isTime(text: string): boolean {
  const [, year, month, day] = rfc3339.exec(text) ?? [];
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) <= daysInMonth && !Number.isNaN(Date.parse(text));
}

const bothLogins =
  "If pods need both, name the part of the registry that each is for, with a closing slash, such as registry.example.com/team-a/ and registry.example.com/team-b/, or make a second ImagePullSecret with one of them.";

/** Two credentials of one namespace must not have one key for kubelet: it would try them in random order. */
function sameKeyProblems(entries: (Served | undefined)[], path: string): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string | undefined, { index: number; namespaces: string[] | undefined }[]>();
  for (const [index, entry] of entries.entries()) {
    if (entry === undefined) {
      continue;
    }
    const key = parseRegistryKey(entry.server)?.indexKey;
    const others = seen.get(key) ?? [];
    const clash = others.find(({ namespaces }) => overlap(namespaces, entry.namespaces));
    if (clash) {
      const reason = `is for kubelet the same key as ${path}[${clash.index}].server: keep one of them, or give them different \`namespaces\`. ${bothLogins}`;
      problems.push({ path: `${path}[${index}].server`, reason });
    }
    seen.set(key, [...others, { index, namespaces: entry.namespaces }]);
  }
  return problems;
}

function overlap(one: string[] | undefined, other: string[] | undefined): boolean {
  return one === undefined || other === undefined || one.some((key) => other.includes(key));
}
