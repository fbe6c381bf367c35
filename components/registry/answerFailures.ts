import {
  type Answer,
  fieldValues,
  isRedirect,
  maxRedirects,
  secondsUntilRetry,
  serverMessage,
} from "./answer";
import { answerer, type Asked, itSays, namedHost } from "./asked";
import { PreflightError, PreflightReason } from "./preflightError";

/** The failure for an answer that neither succeeds nor refuses the login or the image. */
export function unexpectedAnswer(asked: Asked, answer: Answer, now = Date.now()): PreflightError {
  const says = itSays(asked, serverMessage(answer));
  if (answer.status === 429) {
    return new PreflightError(
      PreflightReason.RateLimited,
      asked,
      `${answerer(asked)} answered 429: too many requests. ${whenToRetry(answer, now)}${says}`,
    );
  }
  if (answer.status >= 500) {
    return new PreflightError(
      PreflightReason.Unavailable,
      asked,
      `${answerer(asked)} failed with ${answer.status} on every try. Its operators can tell why; run again when it works.${says}`,
    );
  }
  if (isRedirect(answer)) {
    return redirectRefused(asked, answer);
  }
  return answer.status >= 400 && says !== ""
    ? requestRefused(asked, answer, says)
    : notARegistry(asked, `answered ${answer.status}`);
}

/** A 4xx with the reason in the server's own words. */
function requestRefused(asked: Asked, { status }: Answer, says: string): PreflightError {
  const hint =
    status === 431
      ? " The headers of the request are too large for it, a token above all: its operators can raise the limit."
      : "";
  return new PreflightError(
    PreflightReason.NotARegistry,
    asked,
    `${answerer(asked)} did not accept the request (${status}).${hint}${says}`,
  );
}

function whenToRetry(answer: Answer, now: number): string {
  const seconds = secondsUntilRetry(answer, now);
  return seconds === undefined
    ? "Try again later: it gives no time."
    : `Try again in ${seconds} s, at ${new Date(now + seconds * 1000).toISOString()}.`;
}

/** The answer does not follow the registry protocol; `what` completes the sentence "The registry ...". */
export function notARegistry(asked: Asked, what: string): PreflightError {
  return new PreflightError(
    PreflightReason.NotARegistry,
    asked,
    `${answerer(asked)} ${what}, which is not how a registry answers (OCI distribution-spec). Check host and port, and whether a proxy or a login page answers in its place.`,
  );
}

/** A redirect that is not followed. */
export function redirectRefused(asked: Asked, answer: Answer): PreflightError {
  return redirectFailure(asked, `${redirects(asked, answer)}, and no password is sent there`);
}

/** A redirect to a host that wants a login of its own, or refuses the request. */
export function redirectTargetRefused(asked: Asked, answer: Answer, elsewhere: Answer): PreflightError {
  return redirectFailure(
    asked,
    `${redirects(asked, answer)}, which wants a login (${elsewhere.status}), and no password is sent there`,
  );
}

function redirects(asked: Asked, answer: Answer): string {
  const [location = ""] = fieldValues(answer, "location");
  const origin = /^https?:\/\/[^/?#]*/i.exec(location)?.[0];
  return `redirects (${answer.status}) to ${origin === undefined ? "another path" : namedHost(asked, origin)}`;
}

/** Too many redirects, which may be a loop. */
export function tooManyRedirects(asked: Asked): PreflightError {
  return redirectFailure(asked, `redirects more than ${maxRedirects} times`);
}

function redirectFailure(asked: Asked, problem: string): PreflightError {
  return new PreflightError(
    PreflightReason.Redirect,
    asked,
    `${answerer(asked)} ${problem}. Write the server as the address that answers without a redirect, over https.`,
  );
}

/** The token service is not on https, so it gets no password. */
export function insecureRealm(asked: Asked, realm: string): PreflightError {
  return new PreflightError(
    PreflightReason.InsecureRealm,
    asked,
    `${answerer(asked)} names a token service (${realm}) that is not reached over https, so the password was not sent. Its operators must give an https address as the realm.`,
  );
}

/** The realm is not a usable URL: relative, unquoted or missing. */
export function unusableRealm(asked: Asked, realm: string): PreflightError {
  return new PreflightError(
    PreflightReason.NotARegistry,
    asked,
    `${answerer(asked)} asks for a token, and its realm (${namedHost(asked, realm)}) is not the whole URL of a token service in quotes, so that containerd can't pull from it either. Its operators must correct the realm.`,
  );
}
