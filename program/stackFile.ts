import { isObject } from "../components/lib/records";

/** Whether a secret is encrypted or comes from elsewhere, so that the file does not show it. */
type IsHidden = (password: unknown) => boolean;

/**
 * The paths of the clear-text secrets of logins in a stack file: in the config under every form of its keys, directly or in a JSON
 * text, and in the config of an environment inside the file. The engine accepts them as soon as anything else in the same
 * value is encrypted.
 *
 * @param stackFile the parsed YAML of a `Pulumi.<stack>.yaml`
 * @param project the optional prefix of its config keys, before the colon
 * @see pulumi sdk/go/common/resource/config/key.go ParseKey, sdk/go/common/workspace/project.go Environment
 */
export function clearTextSecrets(stackFile: unknown, project: string): string[] {
  const { config, environment } = isObject(stackFile) ? stackFile : {};
  const values = isObject(environment) ? environment["values"] : undefined;
  const pulumiConfig = isObject(values) ? values["pulumiConfig"] : undefined;
  const paths = [
    ...inConfig(config, project, isEncrypted),
    ...inConfig(pulumiConfig, project, (password) => isHiddenIn(values, password)).map(
      (path) => `environment.values.pulumiConfig.${path}`,
    ),
  ];
  return [...new Set(paths)];
}

function inConfig(config: unknown, project: string, isHidden: IsHidden): string[] {
  return Object.entries(isObject(config) ? config : {}).flatMap(([key, value]) => {
    const ours = [`${project}:config:`, `${project}:`].find((prefix) => key.startsWith(prefix)) ?? "";
    const named = (known: string): boolean => known.toLowerCase() === key.slice(ours.length).toLowerCase();
    const text = ["dockerConfigJson", "previousDockerConfigJson"].find(named);
    if (text !== undefined) {
      return isShown(value, isHidden) ? [text] : [];
    }
    const list = ["registries", "previousRegistries"].find(named);
    return list === undefined ? [] : inLogins(value, list, isHidden);
  });
}

function inLogins(list: unknown, path: string, isHidden: IsHidden): string[] {
  if (typeof list === "string") {
    return anySecret.test(list) || holdsSecret(list, isHidden) ? [path] : [];
  }
  return Array.isArray(list)
    ? list.flatMap((login: unknown, index) => inLogin(login, `${path}[${index}]`, isHidden))
    : holdsSecret(list, isHidden)
      ? [path]
      : [];
}

function inLogin(login: unknown, path: string, isHidden: IsHidden): string[] {
  const members = Object.entries(isObject(login) ? login : {});
  const ofItself = secretsAmong(members, isHidden, path);
  const [, keys] = members.find(([name]) => name.toLowerCase() === "huaweiswr") ?? [];
  const ofKeys = secretsAmong(Object.entries(isObject(keys) ? keys : {}), isHidden, `${path}.huaweiSwr`);
  const shown = [...ofItself.shown, ...ofKeys.shown];
  if (shown.length > 0) {
    return shown;
  }
  return !ofItself.has && !ofKeys.has && holdsSecret(login, isHidden) ? [path] : [];
}

/** The paths of the secrets in clear text among the members of a login, and whether it has one. */
function secretsAmong(
  members: [string, unknown][],
  isHidden: IsHidden,
  path: string,
): { shown: string[]; has: boolean } {
  const secrets = members.flatMap(([name, value]) => {
    const member = secretMember(name);
    return member === undefined ? [] : [{ member, value }];
  });
  const shown = secrets.filter(({ value }) => isShown(value, isHidden));
  return { shown: shown.map(({ member }) => `${path}.${member}`), has: secrets.length > 0 };
}

/** Whether a value contains a secret in clear text. `above` holds the containing values, because an alias may contain itself. */
function holdsSecret(value: unknown, isHidden: IsHidden, above: readonly unknown[] = []): boolean {
  if (typeof value === "string") {
    return holdsSecret(parsedJson(value), () => false, above);
  }
  if (typeof value !== "object" || value === null || above.includes(value)) {
    return false;
  }
  return Object.entries(value).some(
    ([name, member]) =>
      (secretMember(name) !== undefined && isShown(member, isHidden)) ||
      holdsSecret(member, isHidden, [...above, value]),
  );
}

/** The object or list in a JSON text, in which Pulumi decrypts nothing. */
function parsedJson(text: string): object | undefined {
  try {
    return /^\s*[{[]/.test(text) ? (JSON.parse(text) as object) : undefined;
  } catch {
    return undefined;
  }
}

/** The members of a login that are secret in whatever they hold. */
const secretMembers = ["password", "secretKey", "ecrToken", "googleKey"];
const anySecret = new RegExp(secretMembers.join("|"), "i");

/** The secret member that a name means, in any case. */
function secretMember(name: string): string | undefined {
  return secretMembers.find((member) => member.toLowerCase() === name.toLowerCase());
}

function isShown(password: unknown, isHidden: IsHidden): boolean {
  return password !== undefined && password !== null && !isHidden(password);
}

/** Like the CLI, accepts `secure` as the only member. */
function isEncrypted(value: unknown): boolean {
  return isObject(value) && typeof value["secure"] === "string" && Object.keys(value).length === 1;
}

/** Whether an environment's password comes from a provider or another environment, or is encrypted there. */
function isHiddenIn(values: unknown, password: unknown, references = 0): boolean {
  if (typeof password === "string") {
    const [, reference] = /^\$\{([^{}]+)\}$/.exec(password) ?? [];
    const found = reference === undefined ? password : valueAt(values, reference);
    return (
      found === undefined ||
      (reference !== undefined && references < 32 && isHiddenIn(values, found, references + 1))
    );
  }
  const [name = ""] = isObject(password) ? Object.keys(password) : [];
  return name === "fn::secret"
    ? typeof Object.values(password as object)[0] !== "string"
    : name.startsWith("fn::");
}

function valueAt(values: unknown, reference: string): unknown {
  return (reference.match(/[^.[\]"]+/g) ?? []).reduce<unknown>(
    (value, member) =>
      typeof value === "object" && value !== null && Object.hasOwn(value, member)
        ? (value as Record<string, unknown>)[member]
        : undefined,
    values,
  );
}
