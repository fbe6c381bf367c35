import { MessageError, printable } from "../lib/problems";
import { withoutLogin } from "../lib/withoutLogin";

/** Why a check of a registry or an image failed; docs/preflight.md explains each reason. */
export const PreflightReason = {
  /** The server or the image is invalid, so there is no registry to ask. */
  Invalid: "invalid",
  /** The registry refused the username and password, or wants a login and got none. */
  Unauthorized: "unauthorized",
  /** The login is right but lacks permission to pull from the repository. */
  Forbidden: "forbidden",
  /** The registry has no such image. */
  NotFound: "notFound",
  /** Too many requests: 429. */
  RateLimited: "rateLimited",
  /** The registry's certificate is not trusted, or TLS fails in another way. */
  Tls: "tls",
  /** The registry can't be reached, or the proxy in between. */
  Unreachable: "unreachable",
  /** The registry did not answer in time. */
  Timeout: "timeout",
  /** The registry is failing: 5xx. */
  Unavailable: "unavailable",
  /** Something answered, but not as a registry does. */
  NotARegistry: "notARegistry",
  /** The registry redirects to where the check does not follow. */
  Redirect: "redirect",
  /** The token service is not on https, so it gets no password. */
  InsecureRealm: "insecureRealm",
  /** The check itself failed and says nothing about the registry. */
  Unexpected: "unexpected",
} as const;
export type PreflightReason = (typeof PreflightReason)[keyof typeof PreflightReason];

/** What a failed check was about. */
export interface PreflightSubject {
  /** The registry's API host, such as `registry-1.docker.io` or `registry.example.com:5000`. */
  registry: string;
  /** The image, if the failure concerns this image and not the whole registry. */
  image?: string;
}

/**
 * A registry or an image that did not pass its check. The message says what is wrong and what to do, never a secret.
 * Nothing else is attached, because a server's words may repeat what it was sent.
 */
export class PreflightError extends MessageError {
  override readonly name = "PreflightError";
  /** The registry's API host, such as `registry-1.docker.io`; empty for an image that names none. */
  readonly registry: string;
  /** The image, if the failure concerns this image and not the whole registry; without anything that may be a login. */
  readonly image?: string;

  constructor(
    /** What went wrong, for programs to act on. */
    readonly reason: PreflightReason,
    { registry, image }: PreflightSubject,
    message: string,
  ) {
    super(message);
    this.registry = printable(withoutLogin(registry).replace(/^\.\.\.@/, ""));
    this.image = image === undefined ? undefined : printable(withoutLogin(image, true));
  }
}

/**
 * Any error as a PreflightError. Of an unexpected error only the kind is kept: its text may hold what was sent, or what
 * a server answered.
 */
export function asPreflightError(error: unknown): PreflightError {
  if (error instanceof PreflightError) {
    return error;
  }
  const { name, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : { name: typeof error };
  const kind = [name, code].filter((word) => typeof word === "string" && /^\w{1,64}$/.test(word)).join(", ");
  return new PreflightError(
    PreflightReason.Unexpected,
    { registry: "" },
    `The check itself failed (${kind}), so nothing is known of the login or the image. This is a fault of kubernetes-private-registry: please report it with this line. Until it is fixed, \`verify: off\` leaves the check out.`,
  );
}
