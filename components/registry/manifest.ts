import type { ImageAccess } from "./access";
import type { Answer } from "./answer";
import { notARegistry, unexpectedAnswer } from "./answerFailures";
import type { Asked } from "./asked";
import { type Handshake, joinScopes, pullScope } from "./authSchemes";
import { authorize } from "./authorize";
import { manifestMediaTypes, manifestUrl } from "./endpoint";
import { offeredHandshake } from "./logIn";
import { answerTo } from "./redirects";
import { notFound, pullRefused } from "./refusals";
import type { LoggedIn, Session } from "./session";

/** One request for the manifest of an image. */
export interface ManifestPull {
  method: "GET" | "HEAD";
  image: ImageAccess;
  /** What the registry asks for at `/v2/`, and whether it accepted the login. */
  loggedIn: LoggedIn;
  signal: AbortSignal;
  asked: Asked;
}

/** A handshake, and the scopes to ask for. */
interface Attempt {
  handshake: Handshake | undefined;
  scopes: readonly string[];
}

/** OCI distribution-spec: registries may refuse manifests above 4 MiB. */
const bodyLimit = 4 * 1024 * 1024;

/** How often the registry may answer a manifest with 401 and a different challenge. */
const maxChallenges = 2;

/**
 * The registry's answer to a request for the manifest: 200, or 405 if it does not support `HEAD`.
 *
 * @throws PreflightError for any other answer.
 */
export async function pullManifest(session: Session, pull: ManifestPull): Promise<Answer> {
  const scopes = [pullScope(pull.image.reference.path)];
  return pullWith(session, pull, { handshake: pull.loggedIn.handshake, scopes }, maxChallenges);
}

async function pullWith(
  session: Session,
  pull: ManifestPull,
  attempt: Attempt,
  challengesLeft: number,
): Promise<Answer> {
  const { registry, reference } = pull.image;
  const { handshake, scopes } = attempt;
  const authorization = handshake ? await authorize(session, registry, handshake, scopes) : {};
  const isProven = pull.loggedIn.isProven || "token" in authorization;
  const refused = { repository: reference.path, isProven };
  if ("refusal" in authorization) {
    const { refusal, asked } = authorization;
    throw refusal.status === 400
      ? unexpectedAnswer({ ...asked, image: pull.asked.image }, refusal)
      : pullRefused(pull.asked, refusal, refused);
  }
  const { header, token } = authorization;
  const asked: Asked = { ...pull.asked, token };
  const answer = await answerTo(session, registry, {
    ...pull,
    url: manifestUrl(registry, reference),
    headers: { accept: manifestMediaTypes.join(", ") },
    authorization: header,
    bodyLimit,
    asked,
  });
  if (answer.status === 401) {
    const next = nextAttempt(pull, answer);
    if (next !== undefined && challengesLeft > 0 && !isSame(next, attempt)) {
      return pullWith(session, pull, next, challengesLeft - 1);
    }
    if (next === undefined && handshake === undefined) {
      throw notARegistry(asked, "answered 401 without a Basic or Bearer challenge");
    }
  }
  if (answer.status === 401 || answer.status === 403) {
    throw pullRefused(asked, answer, refused);
  }
  if (answer.status === 404) {
    throw notFound(asked, answer);
  }
  if (answer.status !== 200 && !(answer.status === 405 && pull.method === "HEAD")) {
    throw unexpectedAnswer(asked, answer);
  }
  return answer;
}

/** What the 401 for a manifest asks for, which may be more than the registry asks for at `/v2/`. */
function nextAttempt({ image, asked }: ManifestPull, answer: Answer): Attempt | undefined {
  const handshake = offeredHandshake(asked, image.registry, answer);
  const scopes = handshake?.scheme === "bearer" ? handshake.scopes : [];
  return handshake && { handshake, scopes: joinScopes([pullScope(image.reference.path)], scopes) };
}

function isSame(one: Attempt, other: Attempt): boolean {
  return textOf(one) === textOf(other);
}

function textOf({ handshake, scopes }: Attempt): string | undefined {
  return handshake?.scheme === "bearer"
    ? JSON.stringify([handshake.realm, handshake.service, scopes])
    : handshake?.scheme;
}
