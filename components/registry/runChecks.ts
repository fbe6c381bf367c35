import { canAnotherLoginHelp } from "../lib/preflight/triedLogins";
import { distinctLogins, type ImageCheck, type RegistryCheck } from "./access";
import { checkImage, checkRegistry, type ProbeResult, type ResolvedDigest } from "./checks";
import { createLimit, createMemo, type Limit } from "./concurrency";
import { asPreflightError, PreflightError } from "./preflightError";
import { type Session, withSession } from "./session";

/** An image and the login to try first. */
export interface PullCheck extends ImageCheck {
  /** The same image with the logins to try next, each if the one before fails. */
  next?: ImageCheck[];
}

/** The registry and its token service, often on separate hosts, so that both can answer different checks at the same time. */
const hostsOfCheck = 2;

/** What to check before a rollout. */
export interface PreflightChecks {
  registries: RegistryCheck[];
  images: PullCheck[];
}

export interface PreflightOptions {
  /** Connections to one host, and therefore parallel requests to it. Default 8. */
  connections?: number;
  /** Seconds for each check, including every request and retry. Default 10. */
  timeoutSeconds?: number;
}

/**
 * The result of each check, in the order of the checks. Checks that fail for the same cause, such as a registry that can't
 * be reached, share one error.
 */
export interface PreflightResults {
  registries: (ProbeResult | PreflightError)[];
  /** The result with the last login tried for each image. */
  images: (ResolvedDigest | PreflightError)[];
  /** The failures of the logins tried before that one. */
  earlier: PreflightError[][];
}

/**
 * Checks logins and images in parallel, with one handshake for each registry, one login for each registry and credential,
 * one token for each repository of these, and equal checks only once: 200 images with a wrong password cause one failed
 * login at the registry, not 200.
 *
 * Never rejects: failures are in the results.
 */
export async function preflight(
  checks: PreflightChecks,
  { connections = 8, timeoutSeconds = 10 }: PreflightOptions = {},
): Promise<PreflightResults> {
  try {
    return await withSession(
      {
        timeoutSeconds,
        connections,
        hidden: distinctLogins([
          ...checks.registries,
          ...checks.images.flatMap(({ next = [], ...first }) => [first, ...next]),
        ]),
      },
      (session) => runChecks(session, checks, createLimit(hostsOfCheck * connections)),
    );
  } catch (error) {
    const failure = asPreflightError(error);
    return {
      registries: checks.registries.map(() => failure),
      images: checks.images.map(() => failure),
      earlier: checks.images.map(() => []),
    };
  }
}

async function runChecks(session: Session, checks: PreflightChecks, limit: Limit): Promise<PreflightResults> {
  const distinctImages = createMemo<Pull>();
  const [registries, pulls] = await Promise.all([
    Promise.all(checks.registries.map((check) => limit(() => settled(checkRegistry(session, check))))),
    Promise.all(
      checks.images.map((check) => distinctImages([check], () => limit(() => pull(session, check)))),
    ),
  ]);
  return {
    registries,
    images: pulls.map(({ last }) => last),
    earlier: pulls.map(({ earlier }) => earlier),
  };
}

interface Pull {
  last: ResolvedDigest | PreflightError;
  earlier: PreflightError[];
}

/** Tries one login after another, as kubelet does, until one is accepted or no other can help. */
async function pull(session: Session, { next = [], ...first }: PullCheck): Promise<Pull> {
  const earlier: PreflightError[] = [];
  let last = await settled(checkImage(session, first));
  for (const check of next) {
    if (!(last instanceof PreflightError) || !canAnotherLoginHelp(last)) {
      break;
    }
    earlier.push(last);
    last = await settled(checkImage(session, check));
  }
  return { last, earlier };
}

function settled<T>(check: Promise<T>): Promise<T | PreflightError> {
  return check.catch(asPreflightError);
}
