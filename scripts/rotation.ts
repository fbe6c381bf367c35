import { type Document, isMap, isSeq, type YAMLMap, type YAMLSeq } from "yaml";
import { canonicalServer, dockerHubServer } from "../components/lib/server";

const project = "kubernetes-private-registry";
const current = ["config", `${project}:registries`];
const previous = ["config", `${project}:previousRegistries`];

/** A rotation that can't begin; the message says why and what to do. */
export class RotationError extends Error {
  override readonly name = "RotationError";
}

/**
 * Copies the login of a server to `previousRegistries` of a stack file, as it is: an encrypted password stays encrypted.
 * The time at which it expires goes with it, as it is not the new one's.
 *
 * @returns the config path of the password that is to be changed, such as `registries[0].password`
 * @throws RotationError when the stack file has no such login, holds the logins in a way that can't be copied, or is in
 * a rotation of this server already.
 */
export function beginRotation(stackFile: Document, server: string): string {
  const registries = loginsAt(stackFile, current);
  const index = registries.items.findIndex((login) => serverOf(login) === canonical(server));
  const login = registries.items[index];
  if (login === undefined) {
    throw new RotationError(
      `no login for ${server} in this stack: its servers are ${registries.items.map(serverOf).join(", ")}.`,
    );
  }
  const outgoing = stackFile.hasIn(previous) ? loginsAt(stackFile, previous).items : [];
  if (outgoing.some((other) => serverOf(other) === serverOf(login))) {
    throw new RotationError(
      `a rotation of ${server} is under way: end it with \`make rotate-finish\` before you begin another.`,
    );
  }
  stackFile.setIn(previous, stackFile.createNode([...outgoing, login.clone()]));
  login.delete("expiresAt");
  return `registries[${index}].password`;
}

/** Takes the outgoing logins out of a stack file; false if there are none. */
export function finishRotation(stackFile: Document): boolean {
  return stackFile.deleteIn(previous);
}

function loginsAt(stackFile: Document, path: string[]): { items: YAMLMap[] } {
  const list = stackFile.getIn(path);
  if (isMap(list)) {
    throw new RotationError(
      `${path.at(-1) ?? ""} is encrypted as a whole: set it again by path, so that only the passwords are, as stacks/README.md says.`,
    );
  }
  if (!isSeq(list) || !list.items.every((item): item is YAMLMap => isMap(item))) {
    throw new RotationError(`${path.at(-1) ?? ""} is no list of logins in this stack's file.`);
  }
  return list as YAMLSeq<YAMLMap>;
}

function serverOf(login: YAMLMap): string {
  const server = login.get("server");
  return typeof server === "string" ? canonical(server) : dockerHubServer;
}

function canonical(server: string): string {
  try {
    return canonicalServer(server);
  } catch {
    return server;
  }
}
