import { swrServer } from "../components/lib/logins/huaweiSwr";
import { secretMembers } from "../components/lib/logins/loginSecret";
import { isObject } from "../components/lib/records";
import { CommandError } from "./commandError";

/** The config keys of a stack that hold logins, as its file spells them, or would if it had them. */
export interface LoginKeys {
  /** Such as `shop:registries`. */
  current: string;
  /** Of the outgoing logins, such as `shop:previousRegistries`. */
  previous: string;
}

const otherMembers = ["server", "username", "email", "expiresAt", "namespaces", "insecure", "caBundle"];

/** The server of a login that names none, where its secret says it; undefined for Docker Hub. */
export function defaultServer({ huaweiSwr }: Record<string, unknown>): string | undefined {
  const region = isObject(huaweiSwr) ? huaweiSwr["region"] : undefined;
  return typeof region === "string" ? swrServer(region) : undefined;
}

/** A key of `config` in its long form; Pulumi also reads `<name>` and `<namespace>:config:<name>`. */
export function fullKey(key: string, project: string): string {
  const parts = key.split(":");
  const namespace = parts.length === 1 ? project : (parts[0] ?? "");
  return `${namespace}:${parts.at(-1) ?? ""}`;
}

/**
 * The keys that hold lists of logins, in any namespace. One named `registries` always counts, so that what is wrong with it is
 * said.
 *
 * @throws CommandError if one is there in two spellings
 */
export function loginKeys(config: Record<string, unknown>, project: string): LoginKeys[] {
  const found = Object.keys(config).filter((key) => isLoginKey(nameOf(key), config[key]));
  const bases = new Set(found.map((key) => baseOf(fullKey(key, project))));
  return [...bases].map((base) => keysOf(base, config, project));
}

/** The keys that a user names by that of the current logins, whatever it holds. */
export function namedKeys(wanted: string, config: Record<string, unknown>, project: string): LoginKeys {
  return keysOf(fullKey(wanted, project), config, project);
}

/**
 * The only keys with logins, or those that the user names; undefined if there are none.
 *
 * @throws CommandError if there are several
 */
export function onlyKeys(
  config: Record<string, unknown>,
  project: string,
  wanted: string | undefined,
): LoginKeys | undefined {
  if (wanted !== undefined) {
    return namedKeys(wanted, config, project);
  }
  const [keys, ...others] = loginKeys(config, project);
  if (keys !== undefined && others.length > 0) {
    throw severalKeys([keys, ...others]);
  }
  return keys;
}

export function severalKeys(keys: readonly LoginKeys[]): CommandError {
  const named = keys.map(({ current }) => current).join(", ");
  return new CommandError(`several config keys hold logins: ${named}. Choose one with --key.`);
}

function keysOf(base: string, config: Record<string, unknown>, project: string): LoginKeys {
  const current = spellingOf(base, config, project);
  const previous = spellingOf(previousOf(base), config, project);
  return { current: current ?? base, previous: previous ?? previousOf(current ?? base) };
}

function spellingOf(full: string, config: Record<string, unknown>, project: string): string | undefined {
  const [key, other] = Object.keys(config).filter((spelling) => fullKey(spelling, project) === full);
  if (key !== undefined && other !== undefined) {
    throw new CommandError(`the stack file has both ${key} and ${other}: keep one of them.`);
  }
  return key;
}

function isLoginKey(name: string, value: unknown): boolean {
  return /^(r|previousR)egistries$/.test(name) || holdsLogins(value);
}

function holdsLogins(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isLogin);
}

/** Whether a value looks like a login, even one with a mistyped member or without its secret. */
function isLogin(value: unknown): boolean {
  if (!isObject(value)) {
    return false;
  }
  const members = Object.keys(value);
  const known = [...secretMembers, ...otherMembers];
  return (
    ["username", ...secretMembers].some((member) => members.includes(member)) &&
    (members.includes("server") || members.every((member) => known.includes(member)))
  );
}

/** A key without its namespace. */
export function nameOf(key: string): string {
  return key.replace(/^.*:/s, "");
}

/** `shop:previousRegistries` for `shop:registries`. */
function previousOf(key: string): string {
  const name = nameOf(key);
  return `${key.slice(0, -name.length)}previous${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** `shop:registries` for `shop:previousRegistries`; any other key as it is. */
function baseOf(key: string): string {
  const [, namespace = "", first, rest = ""] = /^(.*:)previous([A-Z])([^:]*)$/s.exec(key) ?? [];
  return first === undefined ? key : `${namespace}${first.toLowerCase()}${rest}`;
}
