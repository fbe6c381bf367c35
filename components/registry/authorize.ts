import type { RegistryAccess } from "./access";
import { jsonBody } from "./answer";
import { notARegistry, unexpectedAnswer } from "./answerFailures";
import { namedHost } from "./asked";
import { basicAuthorization, type BearerHandshake, type Handshake, tokenIn, tokenUrl } from "./authSchemes";
import { withDeadline } from "./deadline";
import { answerTo } from "./redirects";
import type { Authorization, Refusal, Session } from "./session";

const bodyLimit = 1024 * 1024;

/** Authorizes for the scopes or, if there are none, for the login alone. */
export async function authorize(
  session: Session,
  registry: RegistryAccess,
  handshake: Handshake,
  scopes: readonly string[],
): Promise<Authorization | Refusal> {
  if (handshake.scheme === "bearer") {
    const { origin, caBundle, login } = registry;
    const { realm, service } = handshake;
    return session.tokens([origin, caBundle, login, realm, service, scopes], () =>
      requestToken(session, registry, handshake, scopes),
    );
  }
  return registry.login ? { header: basicAuthorization(registry.login) } : {};
}

async function requestToken(
  session: Session,
  registry: RegistryAccess,
  handshake: BearerHandshake,
  scopes: readonly string[],
): Promise<Authorization | Refusal> {
  const { login } = registry;
  const { realm } = handshake;
  const peer = `token service ${namedHost(session.asked(registry), realm.host)}`;
  const asked = session.asked(registry, { peer, login }, realm);
  const answer = await withDeadline(session, asked, (signal) =>
    answerTo(session, registry, {
      method: "GET",
      url: tokenUrl(handshake, scopes),
      headers: {},
      authorization: login && basicAuthorization(login),
      provesLogin: true,
      bodyLimit,
      signal,
      asked,
    }),
  );
  if (answer.status === 400 || answer.status === 401 || answer.status === 403) {
    return { refusal: answer, asked };
  }
  if (answer.status !== 200) {
    throw unexpectedAnswer(asked, answer);
  }
  const token = tokenIn(jsonBody(answer));
  if (token === undefined) {
    throw notARegistry(asked, "answered 200 without a token");
  }
  return { header: `Bearer ${token}`, token };
}
