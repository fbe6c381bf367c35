import { isObject } from "../components/lib/records";

/** Whether a password is encrypted or comes from elsewhere, so that the file does not show it. */
type IsHidden = (password: unknown) => boolean;

/**
 * The paths of the clear-text passwords in a stack file: in the config under every form of its keys, directly or in a JSON
 * text, and in the config of an environment inside the file. The engine accepts them as soon as anything else in the same
 * value is encrypted.
 *
 * @param stackFile the parsed YAML of a `Pulumi.<stack>.yaml`
 * @param project the optional prefix of its config keys, before the colon
 * @see pulumi sdk/go/common/resource/config/key.go ParseKey, sdk/go/common/workspace/project.go Environment
 */
export function clearTextPasswords(stackFile: unknown, project: string): string[] {
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
  return Object.entries(isObject(config) ? config : {}).flatMap(([key, list]) => {
    const ours = [`${project}:config:`, `${project}:`, ""].find((prefix) => key.startsWith(prefix)) ?? "";
    const name = ["registries", "previousRegistries"].find(
      (known) => known.toLowerCase() === key.slice(ours.length).toLowerCase(),
    );
    return name === undefined ? [] : inLogins(list, name, isHidden);
  });
}

function inLogins(list: unknown, path: string, isHidden: IsHidden): string[] {
  if (typeof list === "string") {
    return /password/i.test(list) || holdsPassword(list, isHidden) ? [path] : [];
  }
  return Array.isArray(list)
    ? list.flatMap((login: unknown, index) => inLogin(login, `${path}[${index}]`, isHidden))
    : holdsPassword(list, isHidden)
      ? [path]
      : [];
}

function inLogin(login: unknown, path: string, isHidden: IsHidden): string[] {
  const ofItself = Object.entries(isObject(login) ? login : {}).filter(([name]) => isPassword(name));
  if (ofItself.some(([, password]) => isShown(password, isHidden))) {
    return [`${path}.password`];
  }
  return ofItself.length === 0 && holdsPassword(login, isHidden) ? [path] : [];
}

/** Whether a value contains a clear-text password. `above` holds the containing values, because an alias may contain itself. */
function holdsPassword(value: unknown, isHidden: IsHidden, above: readonly unknown[] = []): boolean {
  if (typeof value === "string") {
    const inText = parsedJson(value);
    return inText !== undefined && holdsPassword(inText, () => false, above);
  }
  if (typeof value !== "object" || value === null || above.includes(value)) {
    return false;
  }
  return Object.entries(value).some(
    ([name, member]) =>
      (isPassword(name) && isShown(member, isHidden)) || holdsPassword(member, isHidden, [...above, value]),
  );
}

/** The object or list in a JSON text, in which Pulumi decrypts nothing. */
function parsedJson(text: string): object | undefined {
  try {
    const value: unknown = /^\s*[{[]/.test(text) ? JSON.parse(text) : undefined;
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPassword(name: string): boolean {
  return name.toLowerCase() === "password";
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
