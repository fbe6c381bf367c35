import assert from "node:assert/strict";
import type { Answer } from "../../../components/lib/registry/answer";
import {
  insecureRealm,
  notARegistry,
  redirectRefused,
  tooManyRedirects,
  unexpectedAnswer,
} from "../../../components/lib/registry/answerFailures";
import type { Asked } from "../../../components/lib/registry/asked";
import { connectionFailure, timedOut } from "../../../components/lib/registry/connectionFailures";
import type { PreflightError } from "../../../components/lib/registry/preflightError";
import { notFound, pullRefused, tokenRefused, unauthorized } from "../../../components/lib/registry/refusals";

const asked: Asked = {
  registry: "r.example.com",
  image: "r.example.com/shop/web:v1",
  login: { username: "janedoe", password: "c4n4ry" },
};
const anonymous: Asked = { registry: "r.example.com" };
const tokenService: Asked = { ...asked, peer: 'token service "auth.example.com"' };

function answer(status: number, headers: Answer["headers"] = {}, body = ""): Answer {
  return { status, headers, body: Buffer.from(body), truncated: false };
}

const denied = '{"errors":[{"code":"DENIED","message":"denied"}]}';
const now = Date.parse("2026-01-01T00:00:00Z");
const pull = { repository: "shop/web", isProven: true };
const runsHere = "The check runs where pulumi runs, not in the cluster";
const byHttps = "Write the server as the address that answers without a redirect, by https.";
const checkHost =
  "which is not how a registry answers (OCI distribution-spec). Check host and port, and whether a proxy or a login page answers in its place.";

/** Every failure in full: what users read, and what docs/preflight.md explains. */
const failures: [reason: string, fail: () => PreflightError, message: string][] = [
  [
    "rateLimited",
    () => unexpectedAnswer(asked, answer(429, { "retry-after": "60" }, denied), now),
    'The registry "r.example.com" answered 429: too many requests. Try again in 60 s, at 2026-01-01T00:01:00.000Z. It says: "denied".',
  ],
  [
    "unavailable",
    () => unexpectedAnswer(asked, answer(500)),
    'The registry "r.example.com" failed with 500, at every try. Its operators can tell why; run again when it works.',
  ],
  [
    "notARegistry",
    () => unexpectedAnswer(tokenService, answer(418)),
    `The token service "auth.example.com" of the registry "r.example.com" answered 418, ${checkHost}`,
  ],
  [
    "notARegistry",
    () => unexpectedAnswer(asked, answer(499, {}, denied)),
    `The registry "r.example.com" answered 499, ${checkHost}`,
  ],
  [
    "notARegistry",
    () => notARegistry(asked, "sent a page"),
    `The registry "r.example.com" sent a page, ${checkHost}`,
  ],
  [
    "redirect",
    () => unexpectedAnswer(asked, answer(302, { location: "http://cdn.example.com:81/blobs?janedoe" })),
    `The registry "r.example.com" redirects (302) to "http://cdn.example.com:81", and no password is sent there. ${byHttps}`,
  ],
  [
    "redirect",
    () => redirectRefused(asked, answer(307, { location: "/login?next=http://cdn.example.com" })),
    `The registry "r.example.com" redirects (307) to another path, and no password is sent there. ${byHttps}`,
  ],
  [
    "redirect",
    () => redirectRefused(asked, answer(301)),
    `The registry "r.example.com" redirects (301) to another path, and no password is sent there. ${byHttps}`,
  ],
  [
    "redirect",
    () => redirectRefused(asked, answer(301, { location: "https://c4n4ry.example.com/" })),
    `The registry "r.example.com" redirects (301) to another host, and no password is sent there. ${byHttps}`,
  ],
  [
    "redirect",
    () => tooManyRedirects(asked),
    `The registry "r.example.com" redirects more than 3 times. ${byHttps}`,
  ],
  [
    "insecureRealm",
    () => insecureRealm(asked, "auth.example.com"),
    'The registry "r.example.com" names a token service (auth.example.com) that is not reached by https, so the password was not sent. Its operators must give an https address as the realm.',
  ],
  ...[
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "UNABLE_TO_GET_ISSUER_CERT",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  ].map((code): [string, () => PreflightError, string] => [
    "tls",
    () => connectionFailure(asked, code),
    `The registry "r.example.com" has a certificate from a CA that is not known here (${code}). Give the CA's certificate in PEM as \`caBundle\`; the nodes of the cluster need it as well.`,
  ]),
  [
    "tls",
    () => connectionFailure(asked, "ERR_TLS_CERT_ALTNAME_INVALID"),
    'The registry "r.example.com" has a certificate for another host name (ERR_TLS_CERT_ALTNAME_INVALID). Use the name that is in the certificate.',
  ],
  [
    "tls",
    () => connectionFailure(asked, "CERT_NOT_YET_VALID"),
    'The registry "r.example.com" has a certificate that is not valid (CERT_NOT_YET_VALID). Its operators must renew it.',
  ],
  ...["EPROTO", "ERR_SSL_WRONG_VERSION_NUMBER"].map((code): [string, () => PreflightError, string] => [
    "tls",
    () => connectionFailure(asked, code),
    `The registry "r.example.com" does not speak TLS (${code}). If it is a plain-http registry, write the server with \`http://\` or set \`insecure: true\`: the password then crosses the network in clear text.`,
  ]),
  ...["HTTPParserError", "HPE_INVALID_CONSTANT", "UND_ERR_HEADERS_OVERFLOW"].map(
    (code): [string, () => PreflightError, string] => [
      "notARegistry",
      () => connectionFailure(asked, code),
      `The registry "r.example.com" sent an answer that is not HTTP (${code}), ${checkHost}`,
    ],
  ),
  ...["ENOTFOUND", "UND_ERR_SOCKET", "ECERT_", "E_HPE_", "X_ERR_SSL_"].map(
    (code): [string, () => PreflightError, string] => [
      "unreachable",
      () => connectionFailure(asked, code),
      `The registry "r.example.com" can't be reached (${code}). ${runsHere}: check the host's name and port, and that DNS, VPN, firewall and proxy let this machine through.`,
    ],
  ),
  [
    "timeout",
    () => timedOut(asked, 10),
    `The registry "r.example.com" did not finish its answer within 10 s. ${runsHere}: check that VPN, firewall and proxy let this machine through, and that the registry is not overloaded.`,
  ],
  [
    "unauthorized",
    () => unauthorized(asked, answer(401, {}, denied)),
    'The registry "r.example.com" refused the username and password (401). Check that they are right, not expired and not revoked, and set the new password with `pulumi config set --secret --path`. It says: "denied".',
  ],
  [
    "unauthorized",
    () => unauthorized(anonymous, answer(401)),
    'The registry "r.example.com" wants a login (401) and none is configured for it. Add its server to the registries, with username and password.',
  ],
  [
    "unauthorized",
    () => unauthorized({ ...anonymous, image: "r.example.com/web" }, answer(401, {}, denied)),
    'The registry "r.example.com" wants a login for "r.example.com/web" (401) and none is configured for it. Add its server to the registries, with username and password. It says: "denied".',
  ],
  [
    "unauthorized",
    () => tokenRefused(asked, answer(401)),
    "The registry \"r.example.com\" refused the token (401) that its own token service had just given out for this login. The password is right: the registry's operators should compare its clock, service name and certificate with the token service's.",
  ],
  [
    "forbidden",
    () => pullRefused(asked, answer(403, {}, denied), pull),
    'The registry "r.example.com" took the login but does not let it pull from "shop/web" (403). Give this user permission to pull from the repository, or configure the login of one who has it. It says: "denied".',
  ],
  [
    "forbidden",
    () => pullRefused(asked, answer(401, { "www-authenticate": 'Basic error="invalid_token"' }), pull),
    'The registry "r.example.com" took the login but does not let it pull from "shop/web" (401). Give this user permission to pull from the repository, or configure the login of one who has it.',
  ],
  [
    "notFound",
    () => notFound(asked, answer(404)),
    'The registry "r.example.com" has no image "r.example.com/shop/web:v1" (404). Check repository and tag, and that the image was pushed; some registries also answer so when the user may not see the repository.',
  ],
];

describe("the failures of a check, word for word", () => {
  for (const [reason, fail, message] of failures) {
    it(`${reason}: ${message.slice(0, 100)}`, () => {
      const failure = fail();
      assert.deepEqual(
        { reason: failure.reason, message: failure.message, registry: failure.registry },
        { reason, message, registry: "r.example.com" },
      );
    });
  }
});
