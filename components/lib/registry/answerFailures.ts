import { type Answer, fieldValues, isRedirect, secondsUntilRetry, serverMessage } from "./answer";
import { answerer, type Asked, itSays, namedHost } from "./asked";
import { PreflightError, PreflightReason } from "./preflightError";
import { maxRedirects } from "./redirect";

/** The failure of an answer that is neither the wanted one nor a refusal of the login or the image. */
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
      `${answerer(asked)} failed with ${answer.status}, at every try. Its operators can tell why; run again when it works.${says}`,
    );
  }
  return isRedirect(answer)
    ? redirectRefused(asked, answer)
    : notARegistry(asked, `answered ${answer.status}`);
}

function whenToRetry(answer: Answer, now: number): string {
  const seconds = secondsUntilRetry(answer, now);
  return seconds === undefined
    ? "Try again later: it names no time."
    : `Try again in ${seconds} s, at ${new Date(now + seconds * 1000).toISOString()}.`;
}

/** Something answered that does not speak the protocol; `what` it did completes the sentence. */
export function notARegistry(asked: Asked, what: string): PreflightError {
  return new PreflightError(
    PreflightReason.NotARegistry,
    asked,
    `${answerer(asked)} ${what}, which is not how a registry answers (OCI distribution-spec). Check host and port, and whether a proxy or a login page answers in its place.`,
  );
}

/** A redirect that is not followed. */
export function redirectRefused(asked: Asked, answer: Answer): PreflightError {
  const [location = ""] = fieldValues(answer, "location");
  const origin = /^https?:\/\/[^/?#]*/i.exec(location)?.[0];
  const target = origin === undefined ? "another path" : namedHost(asked, origin);
  return redirectFailure(asked, `redirects (${answer.status}) to ${target}, and no password is sent there`);
}

/** Redirects that may be a circle. */
export function tooManyRedirects(asked: Asked): PreflightError {
  return redirectFailure(asked, `redirects more than ${maxRedirects} times`);
}

function redirectFailure(asked: Asked, problem: string): PreflightError {
  return new PreflightError(
    PreflightReason.Redirect,
    asked,
    `${answerer(asked)} ${problem}. Write the server as the address that answers without a redirect, by https.`,
  );
}

/** The token service is reached over http, and gets no password. */
export function insecureRealm(asked: Asked, host: string): PreflightError {
  return new PreflightError(
    PreflightReason.InsecureRealm,
    asked,
    `${answerer(asked)} names a token service (${host}) that is not reached by https, so the password was not sent. Its operators must give an https address as the realm.`,
  );
}
