import type { RegistryAccess } from "../../lib/registry/access";
import { type Answer, jsonBody } from "../../lib/registry/answer";
import { notARegistry, unexpectedAnswer } from "../../lib/registry/answerFailures";
import { type Asked, namedHost } from "../../lib/registry/asked";
import {
  basicAuthorization,
  type BearerHandshake,
  type Handshake,
  tokenIn,
  tokenUrl,
} from "../../lib/registry/handshake";
import { withDeadline } from "./deadline";
import type { Session } from "./session";

/** What goes into `Authorization`: nothing for an anonymous request to a registry that would take Basic. */
export interface Authorization {
  header?: string;
  /** The token that the header holds. */
  token?: string;
}

/** The token service does not give this login what it asked for. */
export interface Refusal {
  refusal: Answer;
}

const bodyLimit = 1024 * 1024;

/** What the handshake yields for pulling from one repository, or without one for the login alone. */
export async function authorize(
  session: Session,
  registry: RegistryAccess,
  handshake: Handshake,
  repository?: string,
): Promise<Authorization | Refusal> {
  if (handshake.scheme === "bearer") {
    const { origin, caBundle, login } = registry;
    return session.tokens([origin, caBundle, login, handshake, repository], () =>
      requestToken(session, registry, handshake, repository),
    );
  }
  return registry.login ? { header: basicAuthorization(registry.login) } : {};
}

async function requestToken(
  session: Session,
  registry: RegistryAccess,
  handshake: BearerHandshake,
  repository?: string,
): Promise<Authorization | Refusal> {
  const { host, login } = registry;
  const peer = `token service ${namedHost({ registry: host }, handshake.realm.host)}`;
  const asked: Asked = { registry: host, peer, login };
  const transport = session.transportOf(registry);
  const answer = await withDeadline(session.timeoutSeconds, asked, (signal) =>
    transport.send({
      method: "GET",
      url: tokenUrl(handshake, repository),
      headers: login ? { authorization: basicAuthorization(login) } : {},
      bodyLimit,
      signal,
      asked,
    }),
  );
  if (answer.status === 401 || answer.status === 403) {
    return { refusal: answer };
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
