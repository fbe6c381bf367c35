import { checkCredentials } from "../components/lib/logins/credentials";
import { secretMembers } from "../components/lib/logins/loginSecret";
import { describeProblems } from "../components/lib/problems";
import { isObject } from "../components/lib/records";
import { alignedTable } from "./alignedTable";
import { CommandError } from "./commandError";
import { defaultServer } from "./loginKeys";

/** Placeholder for a secret that is encrypted or not set yet; nothing that is shown depends on it. */
const hidden = "hidden";

/** A value of a stack file with a placeholder for each encrypted text. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutSecrets);
  }
  if (!isObject(value)) {
    return value;
  }
  return typeof value["secure"] === "string"
    ? hidden
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}

/** The same for a list of logins, with a password in each, also where it is not set yet, or derived from another member. */
export function loginsWithoutSecrets(list: unknown): unknown {
  return Array.isArray(list)
    ? list.map((login: unknown) => (isObject(login) ? loginWithoutSecrets(login) : login))
    : withoutSecrets(list);
}

function loginWithoutSecrets(login: Record<string, unknown>): unknown {
  const others = Object.fromEntries(
    Object.entries(login).filter(([member]) => !secretMembers.some((name) => name === member)),
  );
  const member = memberOf(login);
  if (member === undefined || member === "password") {
    return withoutSecrets({ ...others, password: login["password"] ?? hidden });
  }
  const server = defaultServer(login);
  return withoutSecrets({ ...(server && { server }), username: hidden, ...others, password: hidden });
}

const columns = ["SERVER", "PULL SECRET", "SECRET", "EXPIRES", "NAMESPACES"];

/**
 * The logins of a stack as a table, without usernames.
 *
 * @throws CommandError with all that is wrong with them
 */
export function loginTable(registries: unknown, previousRegistries: unknown = []): string {
  const current = checkCredentials(loginsWithoutSecrets(registries), "registries");
  const previous =
    Array.isArray(previousRegistries) && previousRegistries.length === 0
      ? { logins: [], problems: [] }
      : checkCredentials(loginsWithoutSecrets(previousRegistries), "previousRegistries");
  const problems = [...current.problems, ...previous.problems];
  if (problems.length > 0) {
    throw new CommandError(describeProblems("The stack's logins", problems));
  }
  return alignedTable([
    columns,
    ...current.logins.map(({ server }, index) => [server, "current", ...factsOf(registries, index)]),
    ...previous.logins.map(({ server }, index) => [
      server,
      "previous",
      ...factsOf(previousRegistries, index),
    ]),
  ]);
}

function factsOf(list: unknown, index: number): string[] {
  const login: unknown = Array.isArray(list) ? list[index] : undefined;
  const { expiresAt, namespaces } = isObject(login) ? login : {};
  return [
    secretOf(isObject(login) ? login : {}),
    typeof expiresAt === "string" ? expiresAt : "",
    Array.isArray(namespaces) ? namespaces.join(", ") : "all",
  ];
}

/** Which member is the login's secret, and what is wrong with it. */
function secretOf(login: Record<string, unknown>): string {
  const member = memberOf(login);
  if (member === undefined) {
    return "password, not set yet";
  }
  const value = login[member];
  const secret = member === "huaweiSwr" && isObject(value) ? value["secretKey"] : value;
  return isObject(secret) && "secure" in secret ? member : `${member}, in clear text`;
}

function memberOf(login: Record<string, unknown>): (typeof secretMembers)[number] | undefined {
  return secretMembers.find((name) => name in login);
}
