import type { RegistryAccess } from "../../lib/registry/access";
import { type Answer, fieldValues, isRegistryAnswer } from "../../lib/registry/answer";
import { insecureRealm, notARegistry, unexpectedAnswer } from "../../lib/registry/answerFailures";
import { type Asked, namedHost } from "../../lib/registry/asked";
import { parseChallenges } from "../../lib/registry/challenge";
import { chooseHandshake, type Handshake, isTrustedRealm } from "../../lib/registry/handshake";
import { tokenRefused, unauthorized } from "../../lib/registry/refusals";
import { baseUrl } from "../../lib/registry/requestUrl";
import { authorize } from "./authorize";
import { withDeadline } from "./deadline";
import type { Session } from "./session";

const bodyLimit = 64 * 1024;

/** The handshake that the registry asks for, asked once and without a login; undefined when it asks for none. */
export function handshakeOf(session: Session, registry: RegistryAccess): Promise<Handshake | undefined> {
  return session.handshakes([registry.origin, registry.caBundle], async () => {
    const asked: Asked = { registry: registry.host };
    const answer = await getBase(session, registry, asked);
    if (answer.status === 401) {
      return offeredHandshake(registry, answer);
    }
    expectRegistry(asked, answer);
    return undefined;
  });
}

/**
 * The handshake that a 401 offers, which the registry itself gave to a request without a login.
 *
 * @throws PreflightError `notARegistry` when there is none to use, `insecureRealm` when its token service is not https.
 */
export function offeredHandshake(registry: RegistryAccess, answer: Answer): Handshake {
  const asked: Asked = { registry: registry.host };
  const handshake = chooseHandshake(parseChallenges(fieldValues(answer, "www-authenticate")));
  if (handshake === undefined) {
    throw notARegistry(asked, "answered 401 without a Basic or Bearer challenge");
  }
  if (handshake.scheme === "bearer" && !isTrustedRealm(handshake.realm, registry.origin)) {
    throw insecureRealm(asked, namedHost(asked, handshake.realm.host));
  }
  return handshake;
}

/**
 * Logs in as `docker login` does, once for each registry and login, and returns the handshake by which the login was
 * proven; undefined when the registry asks for none, so that it was not.
 *
 * @throws PreflightError `unauthorized` when the registry or its token service does not take the login.
 */
export function logIn(session: Session, registry: RegistryAccess): Promise<Handshake | undefined> {
  const { host, origin, caBundle, login } = registry;
  return session.logins([origin, caBundle, login], async () => {
    const handshake = await handshakeOf(session, registry);
    if (handshake === undefined) {
      return undefined;
    }
    const asked: Asked = { registry: host, login };
    const authorization = await authorize(session, registry, handshake);
    if ("refusal" in authorization) {
      throw unauthorized(asked, authorization.refusal);
    }
    const { header, token } = authorization;
    const answer = await getBase(session, registry, { ...asked, token }, header);
    if (answer.status === 401 || answer.status === 403) {
      throw token === undefined ? unauthorized(asked, answer) : tokenRefused({ ...asked, token }, answer);
    }
    expectRegistry(asked, answer);
    return handshake;
  });
}

async function getBase(
  session: Session,
  registry: RegistryAccess,
  asked: Asked,
  authorization?: string,
): Promise<Answer> {
  const transport = session.transportOf(registry);
  return withDeadline(session.timeoutSeconds, asked, (signal) =>
    transport.send({
      method: "GET",
      url: baseUrl(registry),
      headers: authorization === undefined ? {} : { authorization },
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
