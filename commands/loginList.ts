import { type Document, isAlias, isMap, isNode, isSeq, visit, type YAMLMap } from "yaml";
import { dockerHubServer } from "../components/lib/kubelet/dockerHub";
import { canonicalServer } from "../components/lib/kubelet/server";
import { isObject } from "../components/lib/records";
import { CommandError } from "./commandError";
import { shellText } from "./invocation";
import { defaultServer } from "./loginKeys";

/** The `config` of a stack file as plain values. */
export function configOf(document: Document): Record<string, unknown> {
  const content: unknown = document.toJS();
  const config = isObject(content) ? content["config"] : undefined;
  return isObject(config) ? config : {};
}

/**
 * The logins under a key of `config`; undefined if it is absent.
 *
 * @throws CommandError if they can't be edited entry by entry
 */
export function loginList(document: Document, key: string): YAMLMap[] | undefined {
  const config = document.get("config");
  if (!isMap(config) || !config.has(key)) {
    return undefined;
  }
  const list = config.get(key);
  if (isMap(list)) {
    throw encryptedAsAWhole(key);
  }
  if (!isSeq(list) || !list.items.every((item) => isMap(item)) || isShared(list)) {
    throw new CommandError(
      `${key} is not a list of logins that can be edited: write a list with an entry for each login, without YAML anchors, aliases or JSON in quotes.`,
    );
  }
  return list.items;
}

export function encryptedAsAWhole(key: string): CommandError {
  return new CommandError(
    `${key} is encrypted as a whole: set it again by path (\`pulumi config set --secret --path ${shellText(`${key}[0].password`)}\`), so that only the passwords are.`,
  );
}

/** The canonical server of an entry. */
export function serverOf(login: YAMLMap): string {
  const entry = login.toJSON() as Record<string, unknown>;
  const server = entry["server"] ?? defaultServer(entry);
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
