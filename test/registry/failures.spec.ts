import assert from "node:assert/strict";
import type { Answer } from "../../components/registry/answer";
import {
  insecureRealm,
  notARegistry,
  redirectRefused,
  redirectTargetRefused,
  tooManyRedirects,
  unexpectedAnswer,
  unusableRealm,
} from "../../components/registry/answerFailures";
import type { Asked } from "../../components/registry/asked";
import { connectionFailure, linkLocalCode, timedOut } from "../../components/registry/connectionFailures";
import type { PreflightError } from "../../components/registry/preflightError";
import { notFound, pullRefused, tokenRefused, unauthorized } from "../../components/registry/refusals";

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
const byHttps = "Write the server as the address that answers without a redirect, over https.";
const mutualTls =
  "A pull Secret can't hold one, and these checks have none; kubelet can pull if containerd on the nodes has it (certs.d). `verify: off` leaves the check out.";
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
    'The registry "r.example.com" failed with 500 on every try. Its operators can tell why; run again when it works.',
  ],
  [
    "notARegistry",
    () => unexpectedAnswer(tokenService, answer(418)),
    `The token service "auth.example.com" of the registry "r.example.com" answered 418, ${checkHost}`,
  ],
  [
    "notARegistry",
    () => unexpectedAnswer(asked, answer(499, {}, denied)),
    'The registry "r.example.com" did not accept the request (499). It says: "denied".',
  ],
  [
    "notARegistry",
    () => unexpectedAnswer(asked, answer(400, {}, denied)),
    'The registry "r.example.com" did not accept the request (400). It says: "denied".',
  ],
  [
    "notARegistry",
    () => unexpectedAnswer(asked, answer(499)),
    `The registry "r.example.com" answered 499, ${checkHost}`,
  ],
  [
    "notARegistry",
    () =>
      unexpectedAnswer(
        tokenService,
        answer(431, {}, "<html><title>Request Header Or Cookie Too Large</title>"),
      ),
    'The token service "auth.example.com" of the registry "r.example.com" did not accept the request (431). The headers of the request are too large for it, a token above all: its operators can raise the limit. It says: "Request Header Or Cookie Too Large".',
  ],
  [
    "notARegistry",
    () => unexpectedAnswer({ ...asked, proxy: "proxy.example.com:3128" }, answer(204, {}, denied)),
    `The registry "r.example.com" (through the proxy "proxy.example.com:3128") answered 204, ${checkHost}`,
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
    "redirect",
    () => redirectTargetRefused(asked, answer(307, { location: "https://cdn.example.com/x" }), answer(401)),
    `The registry "r.example.com" redirects (307) to "https://cdn.example.com", which wants a login (401), and no password is sent there. ${byHttps}`,
  ],
  [
    "notARegistry",
    () => unusableRealm(asked, "/token"),
    'The registry "r.example.com" asks for a token, and its realm ("/token") is not the whole URL of a token service in quotes, so that containerd can\'t pull from it either. Its operators must correct the realm.',
  ],
  [
    "insecureRealm",
    () => insecureRealm(asked, "auth.example.com"),
    'The registry "r.example.com" names a token service (auth.example.com) that is not reached over https, so the password was not sent. Its operators must give an https address as the realm.',
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
  ...["ERR_SSL_HTTP_REQUEST", "ERR_SSL_WRONG_VERSION_NUMBER"].map(
    (code): [string, () => PreflightError, string] => [
      "tls",
      () => connectionFailure(asked, code),
      `The registry "r.example.com" does not speak TLS (${code}). If it is a plain-http registry, write the server with \`http://\` or set \`insecure: true\`: the password then crosses the network in clear text.`,
    ],
  ),
  ...["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "ERR_SSL_UNSUPPORTED_PROTOCOL"].map(
    (code): [string, () => PreflightError, string] => [
      "tls",
      () => connectionFailure(asked, code),
      `The registry "r.example.com" speaks no TLS version that containerd and this check accept, which is 1.2 or newer (${code}). Its operators must turn on TLS 1.2 or 1.3.`,
    ],
  ),
  ...[
    "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
    "ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE",
    "ERR_SSL_SSLV3_ALERT_NO_CERTIFICATE",
    "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA",
  ].map((code): [string, () => PreflightError, string] => [
    "tls",
    () => connectionFailure(asked, code),
    `The registry "r.example.com" wants a client certificate (mutual TLS, ${code}). ${mutualTls}`,
  ]),
  [
    "tls",
    () => connectionFailure(asked, "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE"),
    `The registry "r.example.com" aborted the TLS handshake (ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE): it wants a client certificate (mutual TLS), or has no cipher in common with this machine. ${mutualTls}`,
  ],
  ...["EPROTO", "ERR_SSL_TLSV1_UNRECOGNIZED_NAME"].map((code): [string, () => PreflightError, string] => [
    "tls",
    () => connectionFailure(asked, code),
    `The registry "r.example.com" failed during TLS (${code}). Its operators can tell why from its log; also check what is in between, such as a firewall that reads TLS.`,
  ]),
  [
    "invalid",
    () => connectionFailure(asked, linkLocalCode),
    'The registry "r.example.com" has a link-local address (169.254.0.0/16 or fe80::/10), and such addresses are never contacted: they belong to the machine itself or its cloud. Give the registry another address.',
  ],
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
    'The registry "r.example.com" accepted the login but does not let it pull from "shop/web" (403). Give this user permission to pull from the repository, or configure the login of one who has it. It says: "denied".',
  ],
  [
    "forbidden",
    () => pullRefused(asked, answer(401, { "www-authenticate": 'Basic error="invalid_token"' }), pull),
    'The registry "r.example.com" accepted the login but does not let it pull from "shop/web" (401). Give this user permission to pull from the repository, or configure the login of one who has it.',
  ],
  [
    "notFound",
    () => notFound(asked, answer(404)),
    'The registry "r.example.com" has no image "r.example.com/shop/web:v1" (404). Check repository and tag, and that the image was pushed; some registries also answer this when the user may not see the repository.',
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
