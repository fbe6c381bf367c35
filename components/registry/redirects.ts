import type { RegistryAccess } from "./access";
import { type Answer, fieldValues, isRedirect, maxRedirects, redirectTarget } from "./answer";
import { redirectRefused, redirectTargetRefused, tooManyRedirects } from "./answerFailures";
import { type Asked, namedHost } from "./asked";
import type { Session } from "./session";
import type { Request } from "./transport";

/** A request with its credentials. */
export interface AuthorizedRequest extends Request {
  /** The header `Authorization`; undefined for an anonymous request. */
  authorization?: string;
  /** Whether the answer must prove the login: then no redirect to another origin is followed, as that never gets the login. */
  provesLogin?: boolean;
}

/**
 * The answer to a request. Follows redirects over https or within one origin, and never sends `Authorization` to another
 * origin.
 *
 * @throws PreflightError `redirect` for a redirect that it does not follow, or whose target wants a login.
 */
export async function answerTo(
  session: Session,
  registry: RegistryAccess,
  { authorization, ...request }: AuthorizedRequest,
  redirects = 0,
): Promise<Answer> {
  const { url, headers, asked } = request;
  const answer = await session.send(registry, {
    ...request,
    headers: authorization === undefined ? headers : { ...headers, authorization },
  });
  if (!isRedirect(answer)) {
    return answer;
  }
  const target = redirectTarget(url, fieldValues(answer, "location")[0]);
  const proves = request.provesLogin === true && authorization !== undefined;
  if (target === undefined || (proves && target.origin !== url.origin)) {
    throw redirectRefused(asked, answer);
  }
  if (redirects === maxRedirects) {
    throw tooManyRedirects(asked);
  }
  if (target.origin === url.origin) {
    return answerTo(session, registry, { ...request, authorization, url: target }, redirects + 1);
  }
  const { proxy } = session.asked(registry, {}, target);
  const elsewhere: Asked = { ...asked, proxy, peer: `redirect target ${namedHost(asked, target.host)}` };
  const answerThere = await answerTo(
    session,
    registry,
    { ...request, url: target, asked: elsewhere },
    redirects + 1,
  );
  if (answerThere.status === 401 || answerThere.status === 403) {
    throw redirectTargetRefused(asked, answer, answerThere);
  }
  return answerThere;
}
