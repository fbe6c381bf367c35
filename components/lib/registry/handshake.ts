import { isObject } from "../problems";
import type { Challenge } from "./challenge";

/** A username and password, as the registry gave them out. */
export interface Login {
  username: string;
  password: string;
}

/** The registry takes the username and password themselves, with every request. */
export interface BasicHandshake {
  scheme: "basic";
}

/** The registry takes a token, which the service at `realm` gives out. */
export interface BearerHandshake {
  scheme: "bearer";
  realm: URL;
  service?: string;
}

export type Handshake = BasicHandshake | BearerHandshake;

/**
 * The handshake to use among what the server offers: Bearer before Basic, as containerd chooses; undefined when
 * neither is offered in a usable form.
 */
export function chooseHandshake(challenges: readonly Challenge[]): Handshake | undefined {
  return (
    challenges.map(bearerHandshake).find((handshake) => handshake !== undefined) ??
    (challenges.some(({ scheme }) => scheme === "basic") ? { scheme: "basic" } : undefined)
  );
}

function bearerHandshake({ scheme, params }: Challenge): BearerHandshake | undefined {
  const realm = params.get("realm") ?? "";
  if (scheme !== "bearer" || !URL.canParse(realm)) {
    return undefined;
  }
  return { scheme, realm: new URL(realm), service: params.get("service") };
}

/** Whether the password may go to the token service: by https, or at the registry's own origin. */
export function isTrustedRealm(realm: URL, registryOrigin: string): boolean {
  return realm.protocol === "https:" || realm.origin === registryOrigin;
}

/**
 * Where a token is to be had: for pulling from one repository, or with no scope, for the login alone.
 *
 * @see https://distribution.github.io/distribution/spec/auth/token/ (GET with service and scope)
 */
export function tokenUrl({ realm, service }: BearerHandshake, repository?: string): URL {
  const url = new URL(`${realm.origin}${realm.pathname}${realm.search}`);
  if (service !== undefined) {
    url.searchParams.set("service", service);
  }
  if (repository !== undefined) {
    url.searchParams.set("scope", `repository:${repository}:pull`);
  }
  return url;
}

/** The token in the answer of a token service: `token`, or `access_token` as OAuth 2.0 calls it. */
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
