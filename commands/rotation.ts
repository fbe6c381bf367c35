import type { Document } from "yaml";
import { inOneLine } from "../components/lib/problems";
import { isObject } from "../components/lib/records";
import { CommandError } from "./commandError";
import { commandLine, pulumiLine, setSecretLine } from "./invocation";
import { type LoginKeys, loginKeys, namedKeys, severalKeys } from "./loginKeys";
import { canonical, configOf, entryOf, loginList, serverOf } from "./loginList";
import { parseStackYaml, type Path, withItems, withList, without, withText } from "./stackYaml";
import { rotateByHand, unseenIn } from "./unseen";

/** What a rotation is looked for by. */
export interface Sought {
  /** The name of the stack. */
  stack: string;
  project: string;
  /** The config key of the current logins; undefined for all that hold logins. */
  key?: string;
}

/** Where the login to rotate is, and where the outgoing one goes. */
export interface Rotation {
  path: Path;
  /** Which of the login's members is its secret. */
  member: "password" | "ecrToken" | "googleKey";
  outgoing: Record<string, unknown>;
  keys: LoginKeys;
  hasPrevious: boolean;
}

/** Whether a stack file has a login for a server, whatever else may be wrong with it. */
export function holdsLogin(text: string, server: string, sought: Sought): boolean {
  const document = parseStackYaml(text);
  return candidateKeys(document, sought).some(({ current }) => indexOf(document, current, server) !== -1);
}

/**
 * The starting point for the rotation of a server.
 *
 * @param text the stack file
 * @throws CommandError if the stack file has no such login, can't be edited, or already has a rotation of this server in
 * progress
 */
export function findRotation(text: string, server: string, sought: Sought): Rotation {
  const document = parseStackYaml(text);
  const candidates = candidateKeys(document, sought);
  const [keys, ...others] = candidates.filter(({ current }) => indexOf(document, current, server) !== -1);
  if (keys === undefined) {
    throw noLogin(document, candidates, server, sought);
  }
  if (others.length > 0) {
    throw severalKeys([keys, ...others]);
  }
  const previous = loginList(document, keys.previous);
  if (indexOf(document, keys.previous, server) !== -1) {
    const { stack } = sought;
    throw new CommandError(
      `a rotation of ${inOneLine(server)} is under way: end it with \`${commandLine("rotate-finish", { stacks: [stack] })}\` before you begin another. If it was interrupted before its \`up\`, \`${pulumiLine("up", stack)}\` goes on with it.`,
    );
  }
  const index = indexOf(document, keys.current, server);
  const path = ["config", keys.current, index];
  const login = loginList(document, keys.current)?.[index];
  const outgoing = login === undefined ? {} : entryOf(login, document);
  const member = memberOf(outgoing, `${keys.current}[${index}]`, keys, sought.stack);
  return { path, member, outgoing, keys, hasPrevious: previous !== undefined };
}

function memberOf(
  login: Record<string, unknown>,
  shown: string,
  { current, previous }: LoginKeys,
  stack: string,
): Rotation["member"] {
  const member = (["ecrToken", "googleKey"] as const).find((name) => name in login) ?? "password";
  const index = shown.slice(current.length);
  if ("huaweiSwr" in login) {
    throw new CommandError(
      `${shown} has a \`huaweiSwr\`, whose access key changes along with its secret key: copy the entry to ${previous}, set the new ones with \`${setSecretLine(stack, current, `${index}.huaweiSwr.accessKey`)}\` and \`${setSecretLine(stack, current, `${index}.huaweiSwr.secretKey`)}\`, and run \`${pulumiLine("up", stack)}\`.`,
    );
  }
  if (!isEncrypted(login[member])) {
    throw new CommandError(
      `${shown} has no encrypted ${member} to rotate: set it with \`${setSecretLine(stack, current, `${index}.${member}`)}\`.`,
    );
  }
  return member;
}

function isEncrypted(value: unknown): boolean {
  return isObject(value) && typeof value["secure"] === "string";
}

/**
 * The stack file with the new secret of a server's login, and the old login among the outgoing ones, where what is encrypted
 * stays encrypted. `expiresAt` moves with the old login, because it does not apply to the new one.
 *
 * @param secure the new secret, encrypted
 * @throws CommandError as {@link findRotation}
 */
export function beginRotation(text: string, server: string, secure: string, sought: Sought): string {
  const { path, member, outgoing, keys, hasPrevious } = findRotation(text, server, sought);
  const withSecret = withText(text, [...path, member, "secure"], secure);
  const withoutExpiry = "expiresAt" in outgoing ? without(withSecret, [...path, "expiresAt"]) : withSecret;
  return hasPrevious
    ? withItems(withoutExpiry, ["config", keys.previous], [outgoing])
    : withList(withoutExpiry, keys.previous, [outgoing]);
}

/**
 * The stack file without the outgoing logins, or without those of one server; undefined if it has none.
 *
 * @throws CommandError if several keys have outgoing logins
 */
export function finishRotation(text: string, sought: Sought, server?: string): string | undefined {
  const document = parseStackYaml(text);
  const [keys, ...others] = candidateKeys(document, sought).filter(({ previous }) =>
    server === undefined
      ? configOf(document)[previous] !== undefined
      : indexOf(document, previous, server) !== -1,
  );
  if (keys === undefined) {
    return undefined;
  }
  if (others.length > 0) {
    throw severalKeys([keys, ...others]);
  }
  const path = ["config", keys.previous];
  const isLast = server === undefined || loginList(document, keys.previous)?.length === 1;
  return without(text, isLast ? path : [...path, indexOf(document, keys.previous, server)]);
}

function candidateKeys(document: Document, { project, key }: Sought): LoginKeys[] {
  const config = configOf(document);
  return key === undefined ? loginKeys(config, project) : [namedKeys(key, config, project)];
}

/** The index of a server's login in a list; -1 if it has none. */
function indexOf(document: Document, key: string, server: string): number {
  return loginList(document, key)?.findIndex((login) => serverOf(login) === canonical(server)) ?? -1;
}

function noLogin(
  document: Document,
  candidates: readonly LoginKeys[],
  server: string,
  { stack, project }: Sought,
): CommandError {
  const servers = candidates.flatMap(({ current }) => loginList(document, current)?.map(serverOf) ?? []);
  const held =
    candidates.length === 0
      ? "no config key of its file holds a list of logins, each with server, username and password"
      : `its servers are ${shownServers(servers)}`;
  const shown = inOneLine(server);
  return new CommandError(
    [
      `no login for ${shown} in the stack ${stack}: ${held}.`,
      ...rotateByHand(unseenIn(document.toJS(), project), stack, shown),
    ].join("\n"),
  );
}

function shownServers(servers: readonly string[]): string {
  const shown = servers.slice(0, 32).map(inOneLine).join(", ");
  const more = servers.length > 32 ? ` and ${servers.length - 32} more` : "";
  return servers.length === 0 ? "none" : `${shown}${more}`;
}
