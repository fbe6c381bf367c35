import { mostLines, quote } from "../problems";
import { withoutLogin } from "../withoutLogin";
import {
  dockerConfigEntries,
  type DockerConfigEntry,
  dockerConfigMembers,
  entryPath,
  isNamed,
} from "./dockerConfigEntries";
import { DockerConfigError, wholeConfig } from "./dockerConfigError";
import { type JsonMember, jsonMembers } from "./jsonMembers";

export { DockerConfigError };

/** What `docker login` takes: the credential for one registry, or for a part of it. */
export interface RegistryLogin {
  /** `host[:port][/path]`, or `https://index.docker.io/v1/` for Docker Hub; kept as written. */
  server: string;
  /** Account at the registry. Kubelet reads whatever follows a colon as part of the password. */
  username: string;
  /** Password or access token. */
  password: string;
  /** Optional; neither kubelet nor any registry uses it. */
  email?: string;
}

/**
 * Writes the value of `.dockerconfigjson` in a Secret of type `kubernetes.io/dockerconfigjson`: for one login, byte for
 * byte what `kubectl create secret docker-registry` writes; for several, sorted by the bytes of the servers.
 *
 * @param logins for different servers. Like kubectl, this does not check whether a server can match an image.
 * @throws DockerConfigError if a server, username or password is empty, a text contains half of a surrogate pair, or two
 * logins have the same server.
 * @see kubectl pkg/cmd/create/create_secret_docker.go, Go encoding/json
 */
export function encodeDockerConfigJson(logins: readonly RegistryLogin[]): string {
  const entries = new Map<string, string>();
  for (const [index, login] of logins.entries()) {
    checkLogin(login, `logins[${index}]`);
    if (entries.has(login.server)) {
      throw new DockerConfigError(
        `logins[${index}].server is ${quote(withoutLogin(login.server))}, the same as in an earlier login: keep one of the two.`,
      );
    }
    entries.set(login.server, encodeEntry(login));
  }
  const auths = [...entries]
    .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    .map(([server, entry]) => `${goJson(server)}:${entry}`);
  return `{"auths":{${auths.join(",")}}}`;
}

/** Where the browser flow of `docker login` keeps its own tokens, next to the login. They can't pull images. */
export const dockerTokenServers: readonly string[] = ["access-token", "refresh-token"].map(
  (name) => `https://index.docker.io/v1/${name}`,
);

/**
 * Reads the logins of a Docker config.json, as `docker login` and kubectl write it, in the order of the text. As in kubelet,
 * username and password come from `auth` if there is one, split at the first colon. Skips the tokens that Docker keeps for
 * itself, `https://index.docker.io/v1/access-token` and `.../refresh-token`, which are not logins.
 *
 * @param json the text of the file, or the decoded `.dockerconfigjson` of a Secret.
 * @throws DockerConfigError if kubelet could not use all of it; the message says what to do instead.
 * @see kubernetes pkg/credentialprovider/config.go
 */
export function decodeDockerConfigJson(json: string): RegistryLogin[] {
  const { logins, errors } = dockerConfigLogins(json);
  const [first] = errors;
  if (first !== undefined) {
    throw first;
  }
  return logins;
}

/** The same, with the errors that a message shows; `logins` are then those without one. Never throws. */
export function dockerConfigLogins(json: string): { logins: RegistryLogin[]; errors: DockerConfigError[] } {
  const encoding = encodingProblem(json);
  if (encoding !== undefined) {
    return { logins: [], errors: [new DockerConfigError(encoding, wholeConfig)] };
  }
  const { entries, errors } = dockerConfigEntries(json);
  if (errors.some(({ path }) => path === wholeConfig)) {
    return { logins: [], errors };
  }
  const members = dockerConfigMembers(json);
  const hasHelper = members.some(({ name }) => name === "credsStore" || name === "credHelpers");
  const usable = entries.filter(({ server }) => !dockerTokenServers.includes(server));
  const reason = errors.length > 0 ? undefined : noLoginReason(members, hasHelper, entries, usable);
  if (reason !== undefined) {
    return { logins: [], errors: [new DockerConfigError(reason, wholeConfig)] };
  }
  const logins = usable.flatMap((entry) => {
    if (errors.length >= mostLines) {
      return [];
    }
    const unusable = unusableReason(entry, hasHelper);
    if (unusable !== undefined) {
      errors.push(new DockerConfigError(unusable, entryPath(entry.server)));
      return [];
    }
    const { server, username, password, email } = entry;
    return [{ server, username, password, ...(email !== "" && { email }) }];
  });
  return { logins, errors };
}

/** Kubelet reads only UTF-8, without a byte order mark. */
function encodingProblem(json: string): string | undefined {
  if (/^(?:\ufffe|\ufffd\ufffd|\ufeff?\{\0|\0\{)/.test(json)) {
    return "is UTF-16, as Windows PowerShell writes files: save it as UTF-8.";
  }
  return json.startsWith("\ufeff")
    ? "begins with a byte order mark, which kubelet can't read: save it as UTF-8 without one."
    : undefined;
}

const inCredentialHelper =
  "keeps its logins in a credential helper (credsStore, credHelpers), which kubelet can't ask: give username and password, as `docker-credential-<helper> get` prints them.";

function noLoginReason(
  members: JsonMember[],
  hasHelper: boolean,
  entries: DockerConfigEntry[],
  usable: DockerConfigEntry[],
): string | undefined {
  const auths = members.findLast((member) => isNamed(member, "auths"))?.json ?? "null";
  if (auths === "null" || (entries.length === 0 && hasHelper)) {
    return noAuthsReason(members, hasHelper);
  }
  return usable.length === 0 && entries.length > 0
    ? "has no login, only tokens that Docker keeps for itself: give username and a personal access token for https://index.docker.io/v1/."
    : undefined;
}

function noAuthsReason(members: JsonMember[], hasHelper: boolean): string {
  if (hasHelper) {
    return inCredentialHelper;
  }
  return members.some(isDockercfgEntry)
    ? 'is an old .dockercfg, without auths: give {"auths":...} with all of it inside.'
    : 'has no auths: give {"auths":{"<server>":{"username":"...","password":"..."}}}.';
}

function isDockercfgEntry({ json }: JsonMember): boolean {
  const names = (jsonMembers(json) ?? []).map(({ name }) => name);
  return names.includes("auth") || names.includes("username");
}

function unusableReason(entry: DockerConfigEntry, hasHelper: boolean): string | undefined {
  const { username, password, isUtf8, hasIdentityToken } = entry;
  if (!isUtf8) {
    return "has an auth that is not UTF-8 when decoded: give the base64 of username:password in UTF-8.";
  }
  if (username !== "" && password !== "") {
    return undefined;
  }
  if (hasIdentityToken) {
    return "has an identity token, which kubelet ignores: give username and password, such as an access token of the registry.";
  }
  if (username === "" && password === "") {
    return hasHelper ? inCredentialHelper : "has no login: give username and password, or auth.";
  }
  return `has no ${username === "" ? "username" : "password"}: kubelet would try the login without it.`;
}

function checkLogin(login: RegistryLogin, path: string): void {
  for (const member of ["server", "username", "password", "email"] as const) {
    const text = login[member] ?? "";
    if (text === "" && member !== "email") {
      throw new DockerConfigError(`${path}.${member} is empty: give server, username and password.`);
    }
    if (/\p{Surrogate}/u.test(text)) {
      throw new DockerConfigError(`${path}.${member} contains half of a surrogate pair: give Unicode text.`);
    }
  }
}

function encodeEntry({ username, password, email }: RegistryLogin): string {
  const auth = Buffer.from(`${username}:${password}`).toString("base64");
  return goJson({ username, password, ...(email !== "" && { email }), auth });
}

/** JSON as Go's encoding/json writes it: safe to embed in HTML and JavaScript. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
