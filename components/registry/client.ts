import { askVariable, requireAskPermission } from "../lib/preflight/askPermission";
import { distinctLogins, type ImageCheck, type RegistryCheck } from "./access";
import type { ProbeResult, ResolvedDigest } from "./checks";
import { type Client, loadClient } from "./load";
import { asPreflightError, PreflightError, PreflightReason } from "./preflightError";
import type { Session } from "./session";

/** Arguments of probeRegistry. */
export interface ProbeRegistryArgs extends RegistryCheck {
  /** Seconds for the whole check, including every request and retry. Default 10. */
  timeoutSeconds?: number;
}

/** Arguments of resolveDigest. */
export interface ResolveDigestArgs extends ImageCheck {
  /** Seconds for the whole check, including every request and retry. Default 10. */
  timeoutSeconds?: number;
}

/**
 * Logs in to a registry as `docker login` does: `GET /v2/`, then Basic, or Bearer with a token from the service that the
 * registry names. Runs in the calling process, not in the cluster.
 *
 * The password goes to the registry's own host and, over https, to that token service; over plain http only if the
 * server starts with `http://` or `insecure` is set. Sends nothing if the environment variable
 * KUBERNETES_PRIVATE_REGISTRY_ASK does not permit asking the registry.
 *
 * @throws PreflightError with `reason` `unauthorized`, `rateLimited`, `tls`, `unreachable`, `timeout`, `unavailable`,
 * `notARegistry`, `redirect`, `insecureRealm`, `invalid` or `unexpected`.
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export async function probeRegistry(args: ProbeRegistryArgs): Promise<ProbeResult> {
  return inOwnSession(args, ({ checkRegistry }, session) => checkRegistry(session, args));
}

/**
 * Finds the digest of an image, or checks that the digest it names exists, with a login or anonymously: a `HEAD` of its
 * manifest after the handshake of probeRegistry. Follows redirects over https, without the password to another host.
 * KUBERNETES_PRIVATE_REGISTRY_ASK applies here too.
 *
 * @throws PreflightError with the reasons of probeRegistry, and `forbidden` or `notFound`.
 * @see https://github.com/opencontainers/distribution-spec (pulling manifests)
 */
export async function resolveDigest(args: ResolveDigestArgs): Promise<ResolvedDigest> {
  return inOwnSession(args, ({ checkImage }, session) => checkImage(session, args));
}

/** Runs one check in its own session. @throws PreflightError and nothing else */
async function inOwnSession<T>(
  args: ProbeRegistryArgs | ResolveDigestArgs,
  work: (client: Client, session: Session) => Promise<T>,
): Promise<T> {
  try {
    requireAskPermission(args, process.env[askVariable]);
    const timeoutSeconds = checkedTimeout(args.timeoutSeconds);
    const client = loadClient();
    return await client.withSession(
      { timeoutSeconds, connections: 1, hidden: distinctLogins([args]) },
      (session) => work(client, session),
    );
  } catch (error) {
    throw asPreflightError(error);
  }
}

function checkedTimeout(seconds = 10): number {
  if (typeof seconds === "number" && seconds > 0) {
    return seconds;
  }
  const given = typeof seconds === "number" ? String(seconds) : `a value of the type ${typeof seconds}`;
  throw new PreflightError(
    PreflightReason.Invalid,
    { registry: "" },
    `timeoutSeconds is ${given}: give a number of seconds greater than 0, or leave it out for 10.`,
  );
}
