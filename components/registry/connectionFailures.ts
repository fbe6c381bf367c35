import { notARegistry } from "./answerFailures";
import { answerer, type Asked } from "./asked";
import { PreflightError, PreflightReason } from "./preflightError";

const whereItRuns = "The check runs where pulumi runs, not in the cluster";

/** The error code for a name that resolves to a link-local address. */
export const linkLocalCode = "ERR_LINK_LOCAL";

/** The failure of a request that got no answer, by the code or name of Node's or undici's error. */
export function connectionFailure(asked: Asked, code: string): PreflightError {
  if (code === linkLocalCode) {
    return new PreflightError(
      PreflightReason.Invalid,
      asked,
      `${answerer(asked)} has a link-local address (169.254.0.0/16 or fe80::/10), and such addresses are never contacted: they belong to the machine itself or its cloud. Give the registry another address.`,
    );
  }
  const tls = tlsFailure(asked, code);
  if (tls !== undefined) {
    return tls;
  }
  if (isNotHttp(code)) {
    return notARegistry(asked, `sent an answer that is not HTTP (${code})`);
  }
  return new PreflightError(
    PreflightReason.Unreachable,
    asked,
    `${answerer(asked)} can't be reached (${code}). ${whereItRuns}: check the host's name and port, and that DNS, VPN, firewall and proxy let this machine through.`,
  );
}

/** Whether the error code means that the answer was not HTTP. */
export function isNotHttp(code: string): boolean {
  return code === "HTTPParserError" || code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW";
}

/** Whether a retry can help: the network may recover, a certificate or a protocol does not. */
export function isTransient(failure: PreflightError): boolean {
  return failure.reason === PreflightReason.Unreachable;
}

/** Codes that concern a single answer: the host may still answer other requests. */
const ofOneAnswer = /^(UND_ERR_|ECONNRESET$|EPIPE$|HPE_|HTTPParserError$)/;

/** Whether the error code means that the host can't be reached at all, so that further requests are pointless. */
export function concernsHost(code: string): boolean {
  return !ofOneAnswer.test(code);
}

/** The time ran out before the answer was complete. */
export function timedOut(asked: Asked, seconds: number): PreflightError {
  return new PreflightError(
    PreflightReason.Timeout,
    asked,
    `${answerer(asked)} did not finish its answer within ${seconds} s. ${whereItRuns}: check that VPN, firewall and proxy let this machine through, and that the registry is not overloaded.`,
  );
}

const unknownCaCodes = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** OpenSSL's errors when the other side does not speak TLS at all. */
const plainCodes = new Set(["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_HTTP_REQUEST"]);

const oldVersion =
  /ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|WRONG_SSL_VERSION|ALERT_INSUFFICIENT_SECURITY/;

/** Alerts of servers that want a client certificate. TLS 1.3 has its own alert; with older versions, servers pick others. */
const clientCertificate = /CERTIFICATE_REQUIRED|ALERT_(NO_|BAD_|UNSUPPORTED_)?CERTIFICATE|ALERT_UNKNOWN_CA/;

const mutualTls =
  "A pull Secret can't hold one, and these checks have none; kubelet can pull if containerd on the nodes has it (certs.d). `verify: off` leaves the check out.";

/** The failure of a TLS connection, by the code of Node's error; undefined for any other code. */
export function tlsFailure(asked: Asked, code: string): PreflightError | undefined {
  const problem = problemOf(code);
  return problem === undefined
    ? undefined
    : new PreflightError(PreflightReason.Tls, asked, `${answerer(asked)} ${problem}`);
}

/** Whether the code is a TLS error. */
export function isTlsCode(code: string): boolean {
  return problemOf(code) !== undefined;
}

/** Whether the other side does not speak TLS at all. */
export function isPlain(code: string): boolean {
  return plainCodes.has(code);
}

function problemOf(code: string): string | undefined {
  if (unknownCaCodes.has(code)) {
    return `has a certificate from a CA that is not known here (${code}). Give the CA's certificate in PEM as \`caBundle\`; the nodes of the cluster need it as well.`;
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return `has a certificate for another host name (${code}). Use the name that is in the certificate.`;
  }
  if (code.startsWith("CERT_")) {
    return `has a certificate that is not valid (${code}). Its operators must renew it.`;
  }
  if (isPlain(code)) {
    return `does not speak TLS (${code}). If it is a plain-http registry, write the server with \`http://\` or set \`insecure: true\`: the password then crosses the network in clear text.`;
  }
  if (code !== "EPROTO" && !code.startsWith("ERR_SSL_")) {
    return undefined;
  }
  if (oldVersion.test(code)) {
    return `speaks no TLS version that containerd and this check accept, which is 1.2 or newer (${code}). Its operators must turn on TLS 1.2 or 1.3.`;
  }
  if (clientCertificate.test(code)) {
    return `wants a client certificate (mutual TLS, ${code}). ${mutualTls}`;
  }
  if (code.includes("HANDSHAKE_FAILURE")) {
    return `aborted the TLS handshake (${code}): it wants a client certificate (mutual TLS), or has no cipher in common with this machine. ${mutualTls}`;
  }
  return `failed during TLS (${code}). Its operators can tell why from its log; also check what is in between, such as a firewall that reads TLS.`;
}
