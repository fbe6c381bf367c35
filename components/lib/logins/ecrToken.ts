import { isObject } from "../records";
import { parsedJson } from "./jsonText";

/** The user name with every authorization token of Amazon ECR. */
export const ecrUsername = "AWS";

/** What to write where a text is not an authorization token of Amazon ECR. */
export const notEcrToken =
  "is not base64 of `AWS:<password>`: give the authorizationToken from GetAuthorizationToken unchanged.";

/** The end of the year 9999, the last in RFC 3339. */
const latestSecond = 253_402_300_800;

/** The password in an authorization token of Amazon ECR, which is base64 of `AWS:<password>`; undefined for other texts. */
export function ecrPassword(token: string): string | undefined {
  return /^AWS:([^\s:]+)$/.exec(Buffer.from(token, "base64").toString())?.[1];
}

/** Whether a text is what `aws ecr get-login-password` prints: the password without the username. */
export function isEcrPassword(text: string): boolean {
  return ecrPayload(text) !== undefined;
}

/** When an authorization token of Amazon ECR expires (RFC 3339), by its own payload; undefined if that does not say. */
export function ecrExpiry(token: string): string | undefined {
  const seconds = ecrPayload(ecrPassword(token) ?? "")?.["expiration"];
  const isTime = Number.isInteger(seconds) && (seconds as number) > 0 && (seconds as number) < latestSecond;
  return isTime ? new Date((seconds as number) * 1000).toISOString().replace(".000Z", "Z") : undefined;
}

function ecrPayload(password: string): Record<string, unknown> | undefined {
  const payload = parsedJson(Buffer.from(password, "base64").toString());
  return isObject(payload) && "payload" in payload && "datakey" in payload ? payload : undefined;
}
