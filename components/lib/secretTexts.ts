import { dockerConfigLogins } from "./kubelet/dockerConfigJson";
import { ecrPassword } from "./logins/ecrToken";
import { googleKeyInOneLine } from "./logins/googleKey";
import { swrPassword } from "./logins/huaweiSwr";
import { jsonTextOf } from "./logins/jsonText";
import { isObject } from "./records";
import { maxSecretSize } from "./secretSize";

/** User names in a config.json are secret: a cloud may give its token as user name, too. Shorter ones also name images. */
const leastUsername = 20;

/**
 * The passwords in a source of logins, each without white space around it: in a list, or in the text of a config.json, of
 * unknown shape. With them, what they are derived from, and the parts of a key.
 */
export function passwordsIn(source: unknown): string[] {
  return secretsOf(source).passwords;
}

/** The passwords, user names and emails in a source of logins. */
export function secretsIn(source: unknown): string[] {
  const { entries, passwords } = secretsOf(source);
  return [...passwords, ...entries.flatMap((entry) => textsOf(entry, "username", "email"))];
}

function secretsOf(source: unknown): { entries: unknown[]; passwords: string[] } {
  if (typeof source !== "string") {
    const entries: unknown[] = Array.isArray(source) ? source : [];
    return { entries, passwords: entries.flatMap(passwordsOf) };
  }
  const entries = source.length > maxSecretSize ? [] : dockerConfigLogins(source).logins;
  const names = entries.flatMap((entry) => textsOf(entry, "username"));
  return {
    entries,
    passwords: [
      ...trimmed(source),
      ...entries.flatMap((entry) => textsOf(entry, "password")),
      ...names.filter(({ length }) => length >= leastUsername),
    ],
  };
}

/** The secrets of one login of a list, apart from user name and email. */
function passwordsOf(entry: unknown): string[] {
  const keys = isObject(entry) ? entry["huaweiSwr"] : undefined;
  const [accessKey = ""] = textsOf(keys, "accessKey");
  return [
    ...textsOf(entry, "password"),
    ...textsOf(keys, "secretKey").flatMap((secretKey) => [secretKey, swrPassword({ accessKey, secretKey })]),
    ...textsOf(entry, "ecrToken").flatMap((token) => [token, ...trimmed(ecrPassword(token))]),
    ...trimmed(jsonTextOf(isObject(entry) ? entry["googleKey"] : undefined)).flatMap((key) => [
      key,
      ...googleKeyParts(key),
    ]),
  ];
}

/** The key in one line, and each line of the private key in it. */
function googleKeyParts(text: string): string[] {
  const oneLine = googleKeyInOneLine(text);
  if (oneLine === undefined) {
    return [];
  }
  const { private_key: privateKey } = JSON.parse(oneLine) as { private_key: string };
  return [oneLine, ...privateKey.split(/\s+/).filter(({ length }) => length > 16)];
}

/** The non-empty texts among the named members of a value of unknown shape. */
function textsOf(entry: unknown, ...names: string[]): string[] {
  return names.flatMap((member) => trimmed(isObject(entry) ? entry[member] : undefined));
}

function trimmed(text: unknown): string[] {
  return typeof text === "string" && text.trim() !== "" ? [text.trim()] : [];
}
