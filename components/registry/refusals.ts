import { type Answer, fieldValues, serverMessage } from "./answer";
import { answerer, type Asked, itSays } from "./asked";
import { parseChallenges } from "./challenge";
import { PreflightError, PreflightReason } from "./preflightError";

/** The registry or its token service refuses this login. */
export function unauthorized(asked: Asked, answer: Answer): PreflightError {
  const says = itSays(asked, serverMessage(answer));
  if (asked.login === undefined) {
    return new PreflightError(
      PreflightReason.Unauthorized,
      asked,
      `${answerer(asked)} wants a login${forImage(asked)} (${answer.status}) and none is configured for it. Add its server to the registries, with username and password.${says}`,
    );
  }
  return new PreflightError(
    PreflightReason.Unauthorized,
    asked,
    `${answerer(asked)} refused the username and password (${answer.status}). Check that they are right, not expired and not revoked, and set the new password with \`pulumi config set --secret --path\`.${says}`,
  );
}

/** The registry refuses the token that its own token service issued for the login. */
export function tokenRefused(asked: Asked, answer: Answer): PreflightError {
  return new PreflightError(
    PreflightReason.Unauthorized,
    asked,
    `${answerer(asked)} refused the token (${answer.status}) that its own token service had just given out for this login. The password is right: the registry's operators should compare its clock, service name and certificate with the token service's.${itSays(asked, serverMessage(answer))}`,
  );
}

/** A pull that was refused. */
export interface RefusedPull {
  repository: string;
  /** Whether the registry accepted the login before. */
  isProven: boolean;
}

/** The login may not pull this image: a 401 or 403 of the registry or its token service. */
export function pullRefused(asked: Asked, answer: Answer, pull: RefusedPull): PreflightError {
  if (asked.login === undefined || (answer.status === 401 && !pull.isProven)) {
    return unauthorized(asked, answer);
  }
  return isTokenInvalid(answer) ? tokenRefused(asked, answer) : forbidden(asked, answer, pull.repository);
}

function forbidden(asked: Asked, answer: Answer, repository: string): PreflightError {
  return new PreflightError(
    PreflightReason.Forbidden,
    asked,
    `${answerer(asked)} accepted the login but does not let it pull from ${JSON.stringify(repository)} (${answer.status}). Give this user permission to pull from the repository, or configure the login of one who has it.${itSays(asked, serverMessage(answer))}`,
  );
}

/** No such repository, tag or digest. */
export function notFound(asked: Asked, answer: Answer): PreflightError {
  return new PreflightError(
    PreflightReason.NotFound,
    asked,
    `${answerer(asked)} has no image ${JSON.stringify(asked.image)} (404). Check repository and tag, and that the image was pushed; some registries also answer this when the user may not see the repository.${itSays(asked, serverMessage(answer))}`,
  );
}

/** Whether the token itself is invalid, and not just too narrow (RFC 6750 section 3.1). */
function isTokenInvalid(answer: Answer): boolean {
  return parseChallenges(fieldValues(answer, "www-authenticate")).some(
    ({ scheme, params }) => scheme === "bearer" && params.get("error") === "invalid_token",
  );
}

function forImage({ image }: Asked): string {
  return image === undefined ? "" : ` for ${JSON.stringify(image)}`;
}
