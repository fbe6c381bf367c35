import { type Document, isAlias, isMap, isNode, isSeq, visit, type YAMLMap } from "yaml";
import { isObject } from "../components/lib/records";
import { canonicalServer, dockerHubServer } from "../components/lib/kubelet/server";
import { CommandError } from "./commandError";

/** A list of logins in a stack file. */
export interface LoginList {
  /** Key in `config`, as it is spelled there. */
  key: string;
  logins: YAMLMap[];
}

/**
 * The key in `config` of a setting, such as `registries`, as the stack file spells it; undefined when it is not there.
 *
 * @throws CommandError when it is there twice
 */
export function settingKey(document: Document, name: string, project: string): string | undefined {
  const config = document.get("config");
  const spellings = [`${project}:${name}`, name, `${project}:config:${name}`];
  const [key, other] = isMap(config) ? spellings.filter((spelling) => config.has(spelling)) : [];
  if (other !== undefined) {
    throw new CommandError(`the stack file has both ${key ?? ""} and ${other}: keep one of them.`);
  }
  return key;
}

/**
 * A list of logins, `registries` or `previousRegistries`, of a stack file; undefined when there is none.
 *
 * @throws CommandError when it can't be edited entry by entry
 */
export function loginList(document: Document, name: string, project: string): LoginList | undefined {
  const key = settingKey(document, name, project);
  if (key === undefined) {
    return undefined;
  }
  const list = document.getIn(["config", key]);
  if (isMap(list)) {
    throw new CommandError(
      `${name} is encrypted as a whole: set it again by path, so that only the passwords are, as stacks/README.md says.`,
    );
  }
  if (!isSeq(list) || !list.items.every((item) => isMap(item)) || isShared(list)) {
    throw new CommandError(
      `${name} is not a list of logins that can be edited: write a list with an entry for each login, without YAML anchors, aliases or JSON in quotes.`,
    );
  }
  return { key, logins: list.items };
}

/** The server of an entry, in the one spelling that it has here. */
export function serverOf(login: YAMLMap): string {
  const server = login.get("server");
  return typeof server === "string" ? canonical(server) : dockerHubServer;
}

/** The server as a Secret has it; one that no image can match stays as it is written. */
export function canonical(server: string): string {
  try {
    return canonicalServer(server);
  } catch {
    return server;
  }
}

/** The entry as plain values. */
export function entryOf(login: YAMLMap, document: Document): Record<string, unknown> {
  const entry: unknown = login.toJS(document);
  return isObject(entry) ? entry : {};
}

/** Whether a change of it would change another place of the file as well. */
function isShared(list: unknown): boolean {
  let found = false;
  visit(list as Parameters<typeof visit>[0], {
    Node: (_, node) => {
      found ||= isAlias(node) || (isNode(node) && "anchor" in node && node.anchor !== undefined);
    },
  });
  return found;
}
