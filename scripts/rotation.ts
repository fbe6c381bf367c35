import { inOneLine } from "../components/lib/problems";
import { isObject } from "../components/lib/records";
import { CommandError } from "./commandError";
import { canonical, entryOf, loginList, serverOf, settingKey } from "./loginList";
import { parseStackYaml, type Path, withItems, withList, without, withText } from "./stackYaml";

/** Where the login to rotate is, and where the outgoing one goes. */
interface Rotation {
  path: Path;
  outgoing: Record<string, unknown>;
  previousKey: string;
  hasPrevious: boolean;
}

/**
 * The starting point for the rotation of a server.
 *
 * @param text the stack file
 * @throws CommandError if the stack file has no such login, can't be edited, or already has a rotation of this server in
 * progress
 */
export function findRotation(text: string, server: string, project: string): Rotation {
  const document = parseStackYaml(text);
  const registries = loginList(document, "registries", project);
  const previous = loginList(document, "previousRegistries", project);
  const index = registries?.logins.findIndex((login) => serverOf(login) === canonical(server)) ?? -1;
  const login = registries?.logins[index];
  if (registries === undefined || login === undefined) {
    throw new CommandError(
      `no login for ${inOneLine(server)} in this stack: its servers are ${shownServers(registries?.logins.map(serverOf) ?? [])}.`,
    );
  }
  if (previous?.logins.some((other) => serverOf(other) === serverOf(login))) {
    throw new CommandError(
      `a rotation of ${inOneLine(server)} is under way: end it with \`make rotate-finish\` before you begin another. If it was interrupted before its \`up\`, \`make up\` goes on with it.`,
    );
  }
  const outgoing = entryOf(login, document);
  if (!isObject(outgoing["password"]) || typeof outgoing["password"]["secure"] !== "string") {
    throw new CommandError(
      `registries[${index}] has no encrypted password to rotate: set it with \`pulumi config set --secret --path 'registries[${index}].password'\`.`,
    );
  }
  return {
    path: ["config", registries.key, index],
    outgoing,
    previousKey: previous?.key ?? registries.key.replace(/registries$/, "previousRegistries"),
    hasPrevious: previous !== undefined,
  };
}

/**
 * The stack file with the new password of a server, and the old login in `previousRegistries`, where an encrypted password
 * stays encrypted. `expiresAt` moves with the old login, because it does not apply to the new one.
 *
 * @param secure the new password, encrypted
 * @throws CommandError as {@link findRotation}
 */
export function beginRotation(text: string, server: string, secure: string, project: string): string {
  const { path, outgoing, previousKey, hasPrevious } = findRotation(text, server, project);
  const withPassword = withText(text, [...path, "password", "secure"], secure);
  const withoutExpiry =
    "expiresAt" in outgoing ? without(withPassword, [...path, "expiresAt"]) : withPassword;
  return hasPrevious
    ? withItems(withoutExpiry, ["config", previousKey], [outgoing])
    : withList(withoutExpiry, previousKey, [outgoing]);
}

/** The stack file without the outgoing logins; undefined if it has none. */
export function finishRotation(text: string, project: string): string | undefined {
  const key = settingKey(parseStackYaml(text), "previousRegistries", project);
  return key && without(text, ["config", key]);
}

function shownServers(servers: readonly string[]): string {
  const shown = servers.slice(0, 32).map(inOneLine).join(", ");
  const more = servers.length > 32 ? ` and ${servers.length - 32} more` : "";
  return servers.length === 0 ? "none" : `${shown}${more}`;
}
