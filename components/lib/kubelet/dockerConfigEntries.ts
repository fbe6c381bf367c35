import { isUtf8 } from "node:buffer";
import { joinPath, mostLines } from "../problems";
import { kindOf } from "../records";
import { withoutLogin } from "../withoutLogin";
import { DockerConfigError, wholeConfig } from "./dockerConfigError";
import { type JsonMember, jsonMembers, maxNesting, NestingError, wellFormed } from "./jsonMembers";

export { DockerConfigError };

/** What kubelet reads for one server in `auths`; a missing text is empty. */
export interface DockerConfigEntry {
  server: string;
  /** Like the password, from `auth` if there is one; `username` and `password` are then ignored. */
  username: string;
  password: string;
  email: string;
  /** Whether `auth` is valid UTF-8; invalid bytes become U+FFFD in username and password. */
  isUtf8: boolean;
  /** Whether `docker login` stored an identity token, which kubelet ignores. */
  hasIdentityToken: boolean;
}

const textMembers = ["username", "password", "email", "auth"] as const;

/**
 * Reads a docker config as kubelet does, including Go's handling of JSON: member names in any case, `null` like an absent
 * member, a repeated `auths` merged into the first, a repeated server or text replaced.
 *
 * @param json `{"auths":{"<server>":{"auth":"<base64 of username:password>"}}}`
 * @returns the entries; empty without `auths`.
 * @throws DockerConfigError where kubelet fails: not JSON, a member of the wrong type, an `auth` that is not base64 or has
 * no colon.
 * @see kubernetes pkg/credentialprovider/config.go, Go encoding/json
 */
export function readDockerConfigEntries(json: string): DockerConfigEntry[] {
  const { entries, errors } = dockerConfigEntries(json);
  const [first] = errors;
  if (first !== undefined) {
    throw first;
  }
  return entries;
}

/**
 * The same, with all errors in the order of the text, up to as many as a message shows; `entries` are then those without
 * one. Never throws.
 */
export function dockerConfigEntries(json: string): {
  entries: DockerConfigEntry[];
  errors: DockerConfigError[];
} {
  const entries = new Map<string, DockerConfigEntry>();
  const errors: DockerConfigError[] = [];
  const attempt = (read: () => void): void => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof DockerConfigError)) {
        throw error;
      }
      errors.push(error);
    }
  };
  const readMember = (member: JsonMember): void => {
    if (isNamed(member, "HttpHeaders")) {
      for (const header of objectMembers(member.json, "HttpHeaders")) {
        textValue(header, joinPath("HttpHeaders", header.name));
      }
    }
    if (isNamed(member, "auths")) {
      if (member.json === "null") {
        entries.clear();
      }
      for (const { name: server, json: entry } of objectMembers(member.json, "auths")) {
        if (errors.length < mostLines) {
          attempt(() => entries.set(server, readEntry(server, entry)));
        }
      }
    }
  };
  attempt(() => {
    for (const member of dockerConfigMembers(json)) {
      attempt(() => {
        readMember(member);
      });
    }
  });
  return { entries: [...entries.values()], errors };
}

/**
 * The members of a docker config.
 *
 * @throws DockerConfigError if it is not a JSON object.
 */
export function dockerConfigMembers(json: string): JsonMember[] {
  try {
    return objectMembers(wellFormed(json), wholeConfig);
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    throw new DockerConfigError(notReadReason(json, error), wholeConfig);
  }
}

function notReadReason(json: string, error: SyntaxError): string {
  if (error instanceof NestingError) {
    return `is nested deeper than ${maxNesting} levels: give the text of a Docker config.json.`;
  }
  return isBase64OfJson(json)
    ? "is base64, as the data of a Secret is shown: decode it first."
    : "is not JSON: give the text of a Docker config.json.";
}

/** Whether Go's encoding/json reads the member as the field of that name: it ignores case. */
export function isNamed({ name }: JsonMember, field: keyof typeof inAnyCase): boolean {
  return inAnyCase[field].test(name);
}

const inAnyCase = {
  HttpHeaders: /^HttpHeaders$/iu,
  auths: /^auths$/iu,
  username: /^username$/iu,
  password: /^password$/iu,
  email: /^email$/iu,
  auth: /^auth$/iu,
};

/** The path of a server's entry in a docker config, without anything that may be a login. */
export function entryPath(server: string): string {
  return joinPath("auths", withoutLogin(server));
}

function readEntry(server: string, json: string): DockerConfigEntry {
  const path = entryPath(server);
  const texts = { username: "", password: "", email: "", auth: "" };
  let hasIdentityToken = false;
  for (const member of objectMembers(json, path)) {
    const name = textMembers.find((known) => isNamed(member, known));
    if (name !== undefined) {
      texts[name] = textValue(member, `${path}.${name}`) ?? texts[name];
    }
    hasIdentityToken ||= member.name === "identitytoken";
  }
  const { username, password, email, auth } = texts;
  const login = auth === "" ? { username, password, isUtf8: true } : decodeAuth(auth, `${path}.auth`);
  return { server, ...login, email, hasIdentityToken };
}

function objectMembers(json: string, path: string): JsonMember[] {
  const members = jsonMembers(json);
  if (members !== undefined) {
    return members;
  }
  const value: unknown = JSON.parse(json);
  if (value === null) {
    return [];
  }
  throw new DockerConfigError(`is ${kindOf(value)}: give an object.`, path);
}

function textValue({ json }: JsonMember, path: string): string | undefined {
  const value: unknown = JSON.parse(json);
  if (value === null) {
    return undefined;
  }
  if (typeof value !== "string") {
    throw new DockerConfigError(`is ${kindOf(value)}: give a string.`, path);
  }
  return wellFormed(value);
}

function decodeAuth(auth: string, path: string): { username: string; password: string; isUtf8: boolean } {
  const bytes = decodeBase64(auth.replace(/[\r\n]/g, ""));
  if (bytes === undefined) {
    throw new DockerConfigError(
      'is not base64 (letters, digits, "+" and "/"): give the base64 of username:password.',
      path,
    );
  }
  const text = bytes.toString();
  const colon = text.indexOf(":");
  if (colon === -1) {
    throw new DockerConfigError("has no colon when decoded: give the base64 of username:password.", path);
  }
  return { username: text.slice(0, colon), password: text.slice(colon + 1), isUtf8: isUtf8(bytes) };
}

/** Go's base64.StdEncoding for text with padding, RawStdEncoding for text without. */
function decodeBase64(text: string): Buffer | undefined {
  const isWhole = text.endsWith("=") ? text.length % 4 === 0 : text.length % 4 !== 1;
  return isWhole && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, "base64") : undefined;
}

function isBase64OfJson(text: string): boolean {
  return decodeBase64(text.replace(/\s/g, ""))?.toString().trimStart().startsWith("{") ?? false;
}
