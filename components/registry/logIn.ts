import type { RegistryAccess } from "./access";
import { type Answer, fieldValues, isRegistryAnswer, serverMessage } from "./answer";
import { insecureRealm, notARegistry, unexpectedAnswer, unusableRealm } from "./answerFailures";
import { type Asked, namedHost } from "./asked";
import { chooseHandshake, type Handshake, joinScopes } from "./authSchemes";
import { authorize } from "./authorize";
import { parseChallenges } from "./challenge";
import { withDeadline } from "./deadline";
import { baseUrl } from "./endpoint";
import { answerTo } from "./redirects";
import { tokenRefused, unauthorized } from "./refusals";
import type { LoggedIn, Session } from "./session";

const bodyLimit = 64 * 1024;

/** The handshake that the registry asks for. Sends one request, without a login; undefined when the registry asks for none. */
export function handshakeOf(session: Session, registry: RegistryAccess): Promise<Handshake | undefined> {
  return session.handshakes([registry.origin, registry.caBundle], async () => {
    const asked = session.asked(registry);
    const answer = await getBase(session, registry, asked);
    if (answer.status === 401) {
      const handshake = offeredHandshake(asked, registry, answer);
      if (handshake === undefined) {
        throw notARegistry(asked, "answered 401 without a Basic or Bearer challenge");
      }
      return handshake;
    }
    expectRegistry(asked, answer);
    return undefined;
  });
}

/**
 * The handshake that the registry's own 401 offers; undefined when it offers none that we support.
 *
 * @throws PreflightError `notARegistry` if the realm can't be used, `insecureRealm` if the token service is not on https.
 */
export function offeredHandshake(
  asked: Asked,
  { origin }: RegistryAccess,
  answer: Answer,
): Handshake | undefined {
  const handshake = chooseHandshake(parseChallenges(fieldValues(answer, "www-authenticate")), origin);
  if (handshake?.scheme !== "refused") {
    return handshake;
  }
  const { problem, realm } = handshake;
  const subject = { ...asked, image: undefined };
  throw problem === "insecure"
    ? insecureRealm(subject, namedHost(subject, realm))
    : unusableRealm(subject, realm);
}

/**
 * Logs in as `docker login` does, once for each registry and login.
 *
 * @throws PreflightError `unauthorized` if the registry or its token service refuses the login.
 */
export function logIn(session: Session, registry: RegistryAccess): Promise<LoggedIn> {
  const { origin, caBundle, login } = registry;
  return session.logins([origin, caBundle, login], async () => {
    const handshake = await handshakeOf(session, registry);
    return handshake === undefined
      ? { handshake, isProven: false }
      : proveLogin(session, registry, handshake, []);
  });
}

/** Asks for no scope first, as `docker login` does; if that is refused, for the scopes of the challenge. */
async function proveLogin(
  session: Session,
  registry: RegistryAccess,
  handshake: Handshake,
  scopes: readonly string[],
): Promise<LoggedIn> {
  const authorization = await authorize(session, registry, handshake, scopes);
  const asked = session.asked(registry, { login: registry.login });
  if ("refusal" in authorization) {
    const { refusal } = authorization;
    const more = refusal.status === 401 ? undefined : moreScopes(scopes, handshake);
    if (more !== undefined) {
      return proveLogin(session, registry, handshake, more);
    }
    if (refusal.status !== 400) {
      throw unauthorized(asked, refusal);
    }
    if (/scope/i.test(serverMessage(refusal) ?? "")) {
      return { handshake, isProven: false };
    }
    throw unexpectedAnswer(authorization.asked, refusal);
  }
  const { header, token } = authorization;
  const answer = await getBase(session, registry, { ...asked, token }, header);
  if (answer.status === 401 || answer.status === 403) {
    if (token === undefined) {
      throw unauthorized(asked, answer);
    }
    const more = moreScopes(scopes, offeredHandshake(asked, registry, answer) ?? handshake);
    if (more === undefined) {
      throw tokenRefused({ ...asked, token }, answer);
    }
    return proveLogin(session, registry, handshake, more);
  }
  expectRegistry({ ...asked, token }, answer);
  return { handshake, isProven: true };
}

function moreScopes(scopes: readonly string[], handshake: Handshake): string[] | undefined {
  const joined = joinScopes(scopes, handshake.scheme === "bearer" ? handshake.scopes : []);
  return scopes.length === 0 && joined.length > 0 ? joined : undefined;
}

async function getBase(
  session: Session,
  registry: RegistryAccess,
  asked: Asked,
  authorization?: string,
): Promise<Answer> {
  return withDeadline(session, asked, (signal) =>
    answerTo(session, registry, {
      method: "GET",
      url: baseUrl(registry),
      headers: {},
      authorization,
      provesLogin: true,
      bodyLimit,
      signal,
      asked,
    }),
  );
}

function expectRegistry(asked: Asked, answer: Answer): void {
  if (answer.status !== 200) {
    throw unexpectedAnswer(asked, answer);
  }
  if (!isRegistryAnswer(answer)) {
    throw notARegistry(asked, "answered /v2/ with something other than JSON");
  }
}
