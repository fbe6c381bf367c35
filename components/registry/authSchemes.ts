import { isObject } from "../lib/records";
import type { Challenge } from "./challenge";

/** A username and password, as the registry issued them. */
export interface Login {
  username: string;
  password: string;
}

/** The registry takes the username and password with every request. */
export interface BasicHandshake {
  scheme: "basic";
}

/** The registry takes a token, which the service at `realm` issues. */
export interface BearerHandshake {
  scheme: "bearer";
  /** Without user information and fragment. */
  realm: URL;
  service?: string;
  /** The scopes that the challenge asks for, such as `repository:shop/web:pull`. */
  scopes: readonly string[];
}

export type Handshake = BasicHandshake | BearerHandshake;

/** A handshake that can't be made: its realm is not an absolute URL, or not one that may get the password. */
export interface RefusedHandshake {
  scheme: "refused";
  problem: "unusable" | "insecure";
  realm: string;
}

/**
 * The handshake to use, chosen as containerd does: Bearer before Basic, and the first with a usable realm. Undefined when
 * the server offers neither.
 *
 * @param registryOrigin the registry's origin, the only one whose token service may use plain http.
 */
export function chooseHandshake(
  challenges: readonly Challenge[],
  registryOrigin: string,
): Handshake | RefusedHandshake | undefined {
  const bearers = challenges
    .filter(({ scheme }) => scheme === "bearer")
    .map((challenge) => bearerHandshake(challenge, registryOrigin));
  return (
    bearers.find(({ scheme }) => scheme === "bearer") ??
    bearers[0] ??
    (challenges.some(({ scheme }) => scheme === "basic") ? { scheme: "basic" } : undefined)
  );
}

function bearerHandshake({ params }: Challenge, registryOrigin: string): BearerHandshake | RefusedHandshake {
  const realm = params.get("realm") ?? "";
  // `new URL` also accepts what is not a URL, such as white space, backslashes and "https:host".
  if (!/^[a-z][a-z0-9+.-]*:[\x21-\x5b\x5d-\x7e]+$/i.test(realm) || !URL.canParse(realm)) {
    return { scheme: "refused", problem: "unusable", realm };
  }
  const url = withoutUser(new URL(realm));
  if (!isTrustedRealm(url, registryOrigin)) {
    return { scheme: "refused", problem: "insecure", realm: url.host === "" ? url.protocol : url.host };
  }
  if (!/^https?:\/\/[^/]/i.test(realm)) {
    return { scheme: "refused", problem: "unusable", realm };
  }
  const scopes = (params.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  return { scheme: "bearer", realm: url, service: params.get("service"), scopes };
}

function withoutUser(url: URL): URL {
  url.username = "";
  url.password = "";
  url.hash = "";
  return url;
}

/** Whether the token service may get the password: over https, or over http at the registry's own origin. */
export function isTrustedRealm(realm: URL, registryOrigin: string): boolean {
  return realm.protocol === "https:" || (realm.protocol === "http:" && realm.origin === registryOrigin);
}

/** The scope that lets a client pull from one repository. */
export function pullScope(repository: string): string {
  return `repository:${repository}:pull`;
}

/**
 * The URL to request a token from, for the scopes or, if there are none, for the login alone.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/ (GET with service, and a scope for each)
 */
export function tokenUrl({ realm, service }: BearerHandshake, scopes: readonly string[] = []): URL {
  const url = new URL(realm);
  if (service !== undefined) {
    url.searchParams.set("service", service);
  }
  for (const scope of scopes) {
    url.searchParams.append("scope", scope);
  }
  return url;
}

/** Both lists without duplicates, sorted, as containerd adds the scopes of a challenge to its own. */
export function joinScopes(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])].sort();
}

/** The token in a token service's answer: `token`, or OAuth 2.0's `access_token`. */
export function tokenIn(answer: unknown): string | undefined {
  if (!isObject(answer)) {
    return undefined;
  }
  return [answer["token"], answer["access_token"]].find(
    (value): value is string => typeof value === "string" && /^[\x21-\x7e]+$/.test(value),
  );
}

/** The `Authorization` header of Basic (RFC 7617, UTF-8). */
export function basicAuthorization({ username, password }: Login): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
