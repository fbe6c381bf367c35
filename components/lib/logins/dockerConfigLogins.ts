import { membersOf } from "../hidePasswords";
import { entryPath } from "../kubelet/dockerConfigEntries";
import { wholeConfig } from "../kubelet/dockerConfigError";
import { dockerConfigLogins, type RegistryLogin } from "../kubelet/dockerConfigJson";
import { canonicalServer, ServerError } from "../kubelet/server";
import { mostLines, type Problem } from "../problems";
import { kindOf } from "../records";
import { maxSecretSize } from "../secretSize";
import { controlProblem, memberProblem } from "./credentialMembers";
import {
  type CheckedCredentials,
  type CheckedLogin,
  type Pasted,
  serverReason,
  usernameProblem,
} from "./credentials";
import { sameKeyProblems } from "./sameKeys";

/** The checked logins of a config.json. */
export interface CheckedConfig extends CheckedCredentials {
  /** Whether all of its servers are among the logins. */
  isComplete: boolean;
}

/**
 * Reads the text of a Docker config.json, of unknown shape, by the rules of a list of logins, except that a password may
 * begin or end with white space: `docker login` has used it. Problems never quote a username, password or email; at most as
 * many are found as a message shows.
 *
 * @param beside the logins that go into the same Secrets
 */
export function checkDockerConfig(
  value: unknown,
  path: string,
  pasted: Pasted,
  beside: CheckedLogin[],
): CheckedConfig {
  const reason = textProblem(value);
  if (reason !== undefined) {
    return { logins: [], problems: [{ path, reason }], isComplete: false };
  }
  const { logins: found, errors } = dockerConfigLogins(value as string);
  const problems = errors.map(({ path: place, reason }) => ({
    path: place === wholeConfig ? path : `${path}.${place}`,
    reason,
  }));
  if (found.length === 0 && problems.length === 0) {
    problems.push({ path: `${path}.auths`, reason: "is empty: give at least one registry." });
  }
  const logins: CheckedLogin[] = [];
  for (const login of found) {
    const checked = checkLogin(login, `${path}.${entryPath(login.server)}`, pasted);
    problems.push(...checked.problems);
    logins.push(...checked.logins);
    if (problems.length >= mostLines) {
      break;
    }
  }
  problems.push(...sameKeyProblems(logins, beside));
  const isShown = (problem: Problem): boolean => membersOf(problem.path).some(pasted.holdsSecret);
  return {
    logins,
    problems: problems
      .slice(0, mostLines)
      .map((problem) => (isShown(problem) ? { ...problem, path: `${path}.auths` } : problem)),
    isComplete: errors.length === 0 && logins.length === found.length,
  };
}

function textProblem(value: unknown): string | undefined {
  if (typeof value !== "string") {
    return `is ${kindOf(value)}: give the text of a Docker config.json.`;
  }
  if (value.trim() === "") {
    return "is empty: give the text of a Docker config.json.";
  }
  const size = Buffer.byteLength(value);
  return size > maxSecretSize
    ? `has ${size} bytes, and Kubernetes takes at most ${maxSecretSize} in a Secret: give only the logins that pods need.`
    : undefined;
}

function checkLogin(login: RegistryLogin, path: string, pasted: Pasted): CheckedCredentials {
  const { username, password, email = "" } = login;
  const reasons = {
    username: memberProblem(username) ?? controlProblem(username) ?? usernameProblem(username),
    password: memberProblem(password, true) ?? controlProblem(password),
    email: email === "" ? undefined : (memberProblem(email) ?? controlProblem(email)),
  };
  const problems = Object.entries(reasons).flatMap(([member, reason]) =>
    reason === undefined ? [] : [{ path: `${path}.${member}`, reason }],
  );
  const server = serverOf(login.server);
  if (server instanceof ServerError) {
    const reason = serverReason(server, login.server, pasted);
    return { logins: [], problems: [...problems, { path, reason }] };
  }
  const checked: CheckedLogin = { server, path, isFromConfig: true };
  return problems.length > 0
    ? { logins: [checked], problems }
    : { logins: [{ ...checked, credential: { ...login, server } }], problems };
}

function serverOf(server: string): string | ServerError {
  try {
    return canonicalServer(server);
  } catch (error) {
    if (error instanceof ServerError) {
      return error;
    }
    throw error;
  }
}
