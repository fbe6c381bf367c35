import { entryPath } from "../components/lib/kubelet/dockerConfigEntries";
import {
  decodeDockerConfigJson,
  DockerConfigError,
  type RegistryLogin,
} from "../components/lib/kubelet/dockerConfigJson";
import { parseRegistryKey } from "../components/lib/kubelet/serverMatching";
import { checkCredentials, type Credential } from "../components/lib/logins/credentials";
import { describeProblems, inOneLine } from "../components/lib/problems";
import { CommandError } from "./commandError";
import { commandLine } from "./invocation";
import { loginList, serverOf } from "./loginList";
import { parseStackYaml, withItems, withList } from "./stackYaml";

/**
 * The text of a config.json: UTF-8, or UTF-16 as Windows PowerShell writes files, with or without a byte order mark.
 *
 * @throws CommandError for other bytes
 */
export function configJsonText(bytes: Buffer): string {
  const [first, second] = bytes;
  let encoding = "utf-8";
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) {
    encoding = "utf-16le";
  } else if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) {
    encoding = "utf-16be";
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError(
      "the config.json is not valid UTF-8 or UTF-16: give the file as Docker writes it.",
    );
  }
}

/**
 * The logins of a config.json to add to a stack file.
 *
 * @param stackFile its text
 * @param key of its logins
 * @throws CommandError if a login is invalid, or the stack file already has one for its server; without secrets
 */
export function loginsToImport(json: string, stackFile: string, key: string, stack: string): Credential[] {
  const logins = decoded(json);
  if (logins.length === 0) {
    throw new CommandError("the config.json has no login in auths: nothing to import.");
  }
  const named = (text: string): string =>
    text.replace(/\bauths\[(\d+)\]/g, (_, index) => entryPath(logins[Number(index)]?.server ?? ""));
  const { logins: checkedLogins, problems } = checkCredentials(logins, "auths");
  const credentials = checkedLogins.flatMap(({ credential }) => credential ?? []);
  if (problems.length > 0) {
    const shown = problems.map(({ path, reason }) => ({ path: named(path), reason: named(reason) }));
    throw new CommandError(describeProblems("the config.json", shown));
  }
  const present = loginList(parseStackYaml(stackFile), key)?.map(serverOf) ?? [];
  const taken = credentials.flatMap(({ server }) => {
    const index = present.findIndex((other) => keyOf(other) === keyOf(server));
    return index === -1
      ? []
      : [
          {
            path: entryPath(server),
            reason: `${key}[${index}] of the stack file is for ${inOneLine(server)} already: take one of the two out, or change the password with \`${commandLine("rotate", { stacks: [stack], server: inOneLine(server) })}\`.`,
          },
        ];
  });
  if (taken.length > 0) {
    throw new CommandError(describeProblems("the config.json", taken));
  }
  return credentials;
}

/**
 * Appends logins to those under a key of a stack file.
 *
 * @param secure the encrypted passwords, in the order of the logins
 */
export function withLogins(
  text: string,
  logins: readonly RegistryLogin[],
  secure: readonly string[],
  key: string,
): string {
  const items = logins.map(({ server, username, email }, index) => ({
    server,
    username,
    password: { secure: secure[index] ?? "" },
    ...(email !== undefined && { email }),
  }));
  return loginList(parseStackYaml(text), key) === undefined
    ? withList(text, key, items)
    : withItems(text, ["config", key], items);
}

/** How many logins a stack file has under a key. */
export function loginCount(text: string, key: string): number {
  return loginList(parseStackYaml(text), key)?.length ?? 0;
}

function decoded(json: string): RegistryLogin[] {
  try {
    return decodeDockerConfigJson(json);
  } catch (error) {
    throw error instanceof DockerConfigError ? new CommandError(error.message) : error;
  }
}

function keyOf(server: string): string {
  return parseRegistryKey(server)?.indexKey ?? server;
}
