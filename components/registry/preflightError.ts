import { MessageError, printable } from "../lib/problems";
import { withoutLogin } from "../lib/withoutLogin";

/** Why a check of a registry or an image failed; docs/preflight.md has a line for each. */
export const PreflightReason = {
  /** The server or the image is written so that no registry can be asked. */
  Invalid: "invalid",
  /** The registry refused the username and password, or wants them and got none. */
  Unauthorized: "unauthorized",
  /** The login is right but has no permission to pull from the repository. */
  Forbidden: "forbidden",
  /** The registry has no such image. */
  NotFound: "notFound",
  /** Too many requests: 429. */
  RateLimited: "rateLimited",
  /** The certificate of the registry is not trusted, or TLS fails in another way. */
  Tls: "tls",
  /** No connection to the registry, or to the proxy in between. */
  Unreachable: "unreachable",
  /** The registry did not finish its answer in time. */
  Timeout: "timeout",
  /** The registry is there and failing: 5xx. */
  Unavailable: "unavailable",
  /** Something answered, but not as a registry does. */
  NotARegistry: "notARegistry",
  /** A redirect that is not followed. */
  Redirect: "redirect",
  /** A token service that is not reached over https: it gets no password. */
  InsecureRealm: "insecureRealm",
  /** The check itself failed, so that nothing is known. */
  Unexpected: "unexpected",
} as const;
export type PreflightReason = (typeof PreflightReason)[keyof typeof PreflightReason];

/** What a failed check was about. */
export interface PreflightSubject {
  /** The registry's API host, such as `registry-1.docker.io` or `registry.example.com:5000`. */
  registry: string;
  /** The image, when the failure concerns this one alone and not the whole registry. */
  image?: string;
}

/**
 * A registry or an image that did not pass its check. The message says what is wrong and what to do, and holds no
 * secret; nothing else is attached, because the words of a server may repeat what it was sent.
 */
export class PreflightError extends MessageError {
  override readonly name = "PreflightError";
  /** The registry's API host, such as `registry-1.docker.io`; empty for an image that names none. */
  readonly registry: string;
  /** The image, when the failure concerns this one alone and not the whole registry; without what may be a login. */
  readonly image?: string;

  constructor(
    /** What went wrong, for a program to decide on. */
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
 * What a check failed with, as the one kind of error that checks end in. Of an error that nobody foresaw only its kind is
 * kept: its text may hold what was sent, or what a server answered.
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
