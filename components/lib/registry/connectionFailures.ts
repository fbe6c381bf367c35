import { notARegistry } from "./answerFailures";
import { answerer, type Asked } from "./asked";
import { PreflightError, PreflightReason } from "./preflightError";

const whereItRuns = "The check runs where pulumi runs, not in the cluster";

const unknownCaCodes = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** The failure of a request that got no answer, from the code or name of Node's or undici's error. */
export function connectionFailure(asked: Asked, code: string): PreflightError {
  if (unknownCaCodes.has(code)) {
    return tlsFailure(
      asked,
      `has a certificate from a CA that is not known here (${code}). Give the CA's certificate in PEM as \`caBundle\`; the nodes of the cluster need it as well.`,
    );
  }
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return tlsFailure(
      asked,
      `has a certificate for another host name (${code}). Use the name that is in the certificate.`,
    );
  }
  if (code.startsWith("CERT_")) {
    return tlsFailure(asked, `has a certificate that is not valid (${code}). Its operators must renew it.`);
  }
  if (code === "EPROTO" || code.startsWith("ERR_SSL_")) {
    return tlsFailure(
      asked,
      `does not speak TLS (${code}). If it is a plain-http registry, write the server with \`http://\` or set \`insecure: true\`: the password then crosses the network in clear text.`,
    );
  }
  if (code === "HTTPParserError" || code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW") {
    return notARegistry(asked, `sent an answer that is not HTTP (${code})`);
  }
  return new PreflightError(
    PreflightReason.Unreachable,
    asked,
    `${answerer(asked)} can't be reached (${code}). ${whereItRuns}: check the host's name and port, and that DNS, VPN, firewall and proxy let this machine through.`,
  );
}

/** Whether another try can help: the network may recover, a certificate or a protocol does not. */
export function isTransient(failure: PreflightError): boolean {
  return failure.reason === PreflightReason.Unreachable;
}

function tlsFailure(asked: Asked, problem: string): PreflightError {
  return new PreflightError(PreflightReason.Tls, asked, `${answerer(asked)} ${problem}`);
}

/** The answer was not complete when the time was up. */
export function timedOut(asked: Asked, seconds: number): PreflightError {
  return new PreflightError(
    PreflightReason.Timeout,
    asked,
    `${answerer(asked)} did not finish its answer within ${seconds} s. ${whereItRuns}: check that VPN, firewall and proxy let this machine through, and that the registry is not overloaded.`,
  );
}
