import { notARegistry } from "./answerFailures";
import { answerer, type Asked } from "./asked";
import { PreflightError, PreflightReason } from "./preflightError";
import { tlsFailure } from "./tlsFailures";

const whereItRuns = "The check runs where pulumi runs, not in the cluster";

/** The code of the error that a name ends in whose address is link-local. */
export const linkLocalCode = "ERR_LINK_LOCAL";

/** The failure of a request that got no answer, from the code or name of Node's or undici's error. */
export function connectionFailure(asked: Asked, code: string): PreflightError {
  if (code === linkLocalCode) {
    return new PreflightError(
      PreflightReason.Invalid,
      asked,
      `${answerer(asked)} has a link-local address (169.254.0.0/16 or fe80::/10), and such addresses are never asked: they belong to the machine itself or its cloud. Give the registry another address.`,
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

/** Whether the code of an error says that the answer was not HTTP. */
export function isNotHttp(code: string): boolean {
  return code === "HTTPParserError" || code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW";
}

/** Whether another try can help: the network may recover, a certificate or a protocol does not. */
export function isTransient(failure: PreflightError): boolean {
  return failure.reason === PreflightReason.Unreachable;
}

/** Of one answer, or of one that began well: the host may give others. */
const ofOneAnswer = /^(UND_ERR_|ECONNRESET$|EPIPE$|HPE_|HTTPParserError$)/;

/** Whether the code of an error says that there is no connection to the host, so that nobody need try it again. */
export function concernsHost(code: string): boolean {
  return !ofOneAnswer.test(code);
}

/** The answer was not complete when the time was up. */
export function timedOut(asked: Asked, seconds: number): PreflightError {
  return new PreflightError(
    PreflightReason.Timeout,
    asked,
    `${answerer(asked)} did not finish its answer within ${seconds} s. ${whereItRuns}: check that VPN, firewall and proxy let this machine through, and that the registry is not overloaded.`,
  );
}
