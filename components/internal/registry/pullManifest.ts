import type { ImageAccess } from "../../lib/registry/access";
import type { Answer } from "../../lib/registry/answer";
import { unexpectedAnswer } from "../../lib/registry/answerFailures";
import type { Asked } from "../../lib/registry/asked";
import type { Handshake } from "../../lib/registry/handshake";
import { notFound, pullRefused } from "../../lib/registry/refusals";
import { authorize } from "./authorize";
import { offeredHandshake } from "./logIn";
import { requestManifest } from "./requestManifest";
import type { Session } from "./session";

/** One request for the manifest of an image. */
export interface ManifestPull {
  method: "GET" | "HEAD";
  image: ImageAccess;
  /** What the registry asks for at `/v2/`; undefined when it asks for nothing there, though perhaps for this image. */
  handshake: Handshake | undefined;
  signal: AbortSignal;
  asked: Asked;
}

/**
 * The registry's answer to a pull of the manifest: 200, or 405 for a `HEAD` that it does not support.
 *
 * @throws PreflightError for every other answer.
 */
export async function pullManifest(session: Session, pull: ManifestPull): Promise<Answer> {
  return pullWith(session, pull, pull.handshake);
}

async function pullWith(
  session: Session,
  pull: ManifestPull,
  handshake: Handshake | undefined,
): Promise<Answer> {
  const { registry, reference } = pull.image;
  const authorization = handshake ? await authorize(session, registry, handshake, reference.path) : {};
  const isProven = pull.handshake !== undefined || "token" in authorization;
  if ("refusal" in authorization) {
    throw pullRefused(pull.asked, authorization.refusal, { repository: reference.path, isProven });
  }
  const { header, token } = authorization;
  const asked: Asked = { ...pull.asked, token };
  const answer = await requestManifest(session, pull.image, { ...pull, asked, authorization: header });
  if (answer.status === 401 && handshake === undefined) {
    return pullWith(session, pull, offeredHandshake(registry, answer));
  }
  if (answer.status === 401 || answer.status === 403) {
    throw pullRefused(asked, answer, { repository: reference.path, isProven });
  }
  if (answer.status === 404) {
    throw notFound(asked, answer);
  }
  if (answer.status !== 200 && !(answer.status === 405 && pull.method === "HEAD")) {
    throw unexpectedAnswer(asked, answer);
  }
  return answer;
}
