import { createHash } from "node:crypto";
import { isObject } from "../lib/records";

/** A server's answer, with the body up to a limit. */
export interface Answer {
  status: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  /** Whether the body was cut at the limit. */
  truncated: boolean;
}

/** All values of a header field; empty when it is absent. */
export function fieldValues({ headers }: Answer, name: string): string[] {
  return [headers[name] ?? []].flat();
}

/** The body parsed as JSON; undefined when it is not JSON. */
export function jsonBody({ body }: Answer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether the answer sends the client elsewhere (RFC 9110 section 15.4). */
export function isRedirect({ status }: Answer): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** Whether a 200 to `GET /v2/` came from a registry: registries send JSON or nothing, web sites send HTML. */
export function isRegistryAnswer(answer: Answer): boolean {
  return (
    fieldValues(answer, "docker-distribution-api-version").length > 0 ||
    answer.body.length === 0 ||
    isObject(jsonBody(answer))
  );
}

const digestPattern = /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/;

/** The digest that the registry states for a manifest; undefined when it states none with this algorithm. */
export function statedDigest(answer: Answer, algorithm: string): string | undefined {
  return fieldValues(answer, "docker-content-digest").find(
    (digest) => digestPattern.test(digest) && digest.startsWith(`${algorithm}:`),
  );
}

/** The digest of a manifest's bytes; undefined when they are not a complete manifest. */
export function computedDigest(answer: Answer, algorithm: string): string | undefined {
  const manifest = answer.truncated ? undefined : jsonBody(answer);
  return isObject(manifest) && typeof manifest["schemaVersion"] === "number"
    ? `${algorithm}:${createHash(algorithm).update(answer.body).digest("hex")}`
    : undefined;
}

/** A week, in seconds. Anything later is not worth reporting. */
const longestWait = 7 * 24 * 60 * 60;

const retryFields = ["retry-after", "x-retry-after", "ratelimit-reset", "x-ratelimit-reset"];

/**
 * Seconds until a rate-limited client may ask again. Reads seconds, Unix time or an HTTP date from `Retry-After`
 * (RFC 9110 section 10.2.3) or the fields that registries use instead. Undefined when the server does not say.
 */
export function secondsUntilRetry(answer: Answer, now: number): number | undefined {
  const times = retryFields
    .flatMap((name) => fieldValues(answer, name))
    .map((value) => retryTime(value, now));
  return times.find((seconds) => seconds >= 0 && seconds <= longestWait);
}

function retryTime(value: string, now: number): number {
  if (!/^\d{1,12}$/.test(value)) {
    return Math.ceil((Date.parse(value) - now) / 1000);
  }
  const number = Number(value);
  return number > 1e9 ? Math.ceil(number - now / 1000) : number;
}

/**
 * The server's own words about a failure: the message of the first OCI error or of a token service, else the title of an
 * HTML page, else plain text.
 */
export function serverMessage(answer: Answer): string | undefined {
  const body = jsonBody(answer);
  if (!isObject(body)) {
    return pageMessage(answer);
  }
  const [error] = Array.isArray(body["errors"]) ? (body["errors"] as unknown[]) : [];
  const candidates = [
    isObject(error) ? (error["message"] ?? error["code"]) : undefined,
    body["error_description"],
    body["details"],
    body["message"],
  ];
  return candidates.find((candidate): candidate is string => typeof candidate === "string");
}

/** Reads an HTML page of a proxy or web server, or a text such as `client sent an HTTP request to an HTTPS server`. */
function pageMessage(answer: Answer): string | undefined {
  const text = answer.body.subarray(0, longestPage).toString();
  const isPlain = fieldValues(answer, "content-type").some((type) => /^text\/plain\b/i.test(type));
  const words = isPlain ? text : (/<title>([^<]*)<\/title>/i.exec(text)?.[1] ?? "");
  return words.trim() === "" ? undefined : words;
}

const longestPage = 4096;

/** How many redirects to follow per request. */
export const maxRedirects = 3;

/**
 * Where a redirect leads, if it may be followed: over https, or within one origin. Undefined if it may not.
 *
 * @see RFC 9110 section 15.4; OCI distribution-spec lets a registry answer a manifest with a redirect.
 */
export function redirectTarget(from: URL, location: string | undefined): URL | undefined {
  if (location === undefined || !URL.canParse(location, from.href)) {
    return undefined;
  }
  const target = new URL(location, from);
  return target.protocol === "https:" || target.origin === from.origin ? withoutUser(target) : undefined;
}

/** Drops any login that the redirect puts into its URL. */
function withoutUser(url: URL): URL {
  url.username = "";
  url.password = "";
  return url;
}
