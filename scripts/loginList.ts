import { type Document, isAlias, isMap, isNode, isSeq, visit, type YAMLMap } from "yaml";
import { canonicalServer, dockerHubServer } from "../components/lib/kubelet/server";
import { isObject } from "../components/lib/records";
import { CommandError } from "./commandError";

/** A list of logins in a stack file. */
export interface LoginList {
  /** The key in `config`, as spelled there. */
  key: string;
  logins: YAMLMap[];
}

/**
 * The key of a setting in `config`, such as `registries`, as the stack file spells it; undefined if it is absent.
 *
 * @throws CommandError if it is there twice
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
 * The `registries` or `previousRegistries` of a stack file; undefined if absent.
 *
 * @throws CommandError if it can't be edited entry by entry
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

/** The canonical server of an entry. */
export function serverOf(login: YAMLMap): string {
  const server = login.get("server");
  return typeof server === "string" ? canonical(server) : dockerHubServer;
}

/** The server as a Secret spells it; unchanged if no image can match it. */
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

/** Whether editing it would also change another place in the file. */
function isShared(list: unknown): boolean {
  let found = false;
  visit(list as Parameters<typeof visit>[0], {
    Node: (_, node) => {
      found ||= isAlias(node) || (isNode(node) && "anchor" in node && node.anchor !== undefined);
    },
  });
  return found;
}
