import { isUtf8 } from "node:buffer";
import { joinPath, MessageError } from "../problems";
import { kindOf } from "../records";
import { withoutLogin } from "../withoutLogin";
import { type JsonMember, jsonMembers, wellFormed } from "./jsonMembers";

/** A docker config that can't be read or written; the message names the member and what to do, never a credential. */
export class DockerConfigError extends MessageError {
  override readonly name = "DockerConfigError";
}

/** What kubelet reads from the `auths` member of one server; a missing text is empty. */
export interface DockerConfigEntry {
  server: string;
  /** From `auth` when there is one, as is the password; `username` and `password` are then ignored. */
  username: string;
  password: string;
  email: string;
  /** Whether username and password are what the bytes in `auth` say: those that are no UTF-8 are U+FFFD here. */
  isUtf8: boolean;
  /** Whether `docker login` got an identity token, which kubelet ignores. */
  hasIdentityToken: boolean;
}

const textMembers = ["username", "password", "email", "auth"] as const;

/**
 * Reads a docker config as kubelet does, Go's handling of JSON included: names of members in any case, `null` like an
 * absent member, a repeated `auths` merged into the first, a repeated server or text replaced.
 *
 * @param json `{"auths":{"<server>":{"auth":"<base64 of username:password>"}}}`
 * @returns the entries, none when there is no `auths`.
 * @throws DockerConfigError where kubelet fails: no JSON, a member of the wrong type, an `auth` without base64 or colon.
 * @see kubernetes pkg/credentialprovider/config.go, Go encoding/json
 */
export function readDockerConfigEntries(json: string): DockerConfigEntry[] {
  const entries = new Map<string, DockerConfigEntry>();
  for (const member of dockerConfigMembers(json)) {
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
        entries.set(server, readEntry(server, entry));
      }
    }
  }
  return [...entries.values()];
}

/**
 * The members of a docker config.
 *
 * @throws DockerConfigError when it is no JSON object.
 */
export function dockerConfigMembers(json: string): JsonMember[] {
  try {
    return objectMembers(wellFormed(json), "docker config");
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw error;
    }
    throw new DockerConfigError(
      isBase64OfJson(json)
        ? "docker config is base64, as the data of a Secret is shown: decode it first."
        : "docker config is not JSON: give the text of a Docker config.json.",
    );
  }
}

/** Whether Go's encoding/json reads the member as the field of that name: the case of letters makes no difference. */
export function isNamed({ name }: JsonMember, field: string): boolean {
  return new RegExp(`^${field}$`, "iu").test(name);
}

/** Where the entry of a server stands in a docker config; without what may be a login. */
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
  throw new DockerConfigError(`${path} is ${kindOf(value)}: give an object.`);
}

function textValue({ json }: JsonMember, path: string): string | undefined {
  const value: unknown = JSON.parse(json);
  if (value === null) {
    return undefined;
  }
  if (typeof value !== "string") {
    throw new DockerConfigError(`${path} is ${kindOf(value)}: give a string.`);
  }
  return wellFormed(value);
}

function decodeAuth(auth: string, path: string): { username: string; password: string; isUtf8: boolean } {
  const bytes = decodeBase64(auth.replace(/[\r\n]/g, ""));
  if (bytes === undefined) {
    throw new DockerConfigError(
      `${path} is not base64 (letters, digits, "+" and "/"): give the base64 of username:password.`,
    );
  }
  const text = bytes.toString();
  const colon = text.indexOf(":");
  if (colon === -1) {
    throw new DockerConfigError(`${path} has no colon when decoded: give the base64 of username:password.`);
  }
  return { username: text.slice(0, colon), password: text.slice(colon + 1), isUtf8: isUtf8(bytes) };
}

/** Go's base64.StdEncoding for a text with padding, RawStdEncoding for one without. */
function decodeBase64(text: string): Buffer | undefined {
  const isWhole = text.endsWith("=") ? text.length % 4 === 0 : text.length % 4 !== 1;
  return isWhole && /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Buffer.from(text, "base64") : undefined;
}

function isBase64OfJson(text: string): boolean {
  return decodeBase64(text.replace(/\s/g, ""))?.toString().trimStart().startsWith("{") ?? false;
}
