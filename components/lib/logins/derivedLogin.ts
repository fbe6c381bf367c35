import { createHmac } from "node:crypto";
import { isObject } from "../records";

/** Access keys of a Huawei Cloud user, and the region of its registry. */
export interface HuaweiAccessKeys {
  /** Region, such as `cn-north-4`. */
  region: string;
  /** Access key id (AK): letters and digits. */
  accessKey: string;
  /** Secret access key (SK). */
  secretKey: string;
}

/** Whether a text can be a label of a host name. */
export function isHostLabel(text: string): boolean {
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text);
}

/** Why a text is not a region of Huawei Cloud; undefined if it may be one. */
export function regionProblem(region: string): string | undefined {
  return isHostLabel(region) ? undefined : 'is not a region, such as "cn-north-4".';
}

/** Why a text is not an access key ID (AK) of Huawei Cloud; undefined if it may be one. */
export function accessKeyProblem(accessKey: string): string | undefined {
  return /^[A-Za-z0-9]+$/.test(accessKey)
    ? undefined
    : "is not an access key ID (AK), which has only letters and digits.";
}

/** The server of Huawei Cloud SWR in a region. */
export function swrServer(region: string): string {
  return `swr.${region}.myhuaweicloud.com`;
}

/**
 * The long-term login of Huawei Cloud SWR: the password is the hex HMAC-SHA256 of the access key under the secret key.
 *
 * @see https://support.huaweicloud.com/intl/en-us/usermanual-swr/swr_01_1000.html
 */
export function swrLogin({ region, accessKey, secretKey }: HuaweiAccessKeys) {
  return {
    server: swrServer(region),
    username: `${region}@${accessKey}`,
    password: createHmac("sha256", secretKey).update(accessKey).digest("hex"),
  };
}

/** The user name with every authorization token of Amazon ECR. */
export const ecrUsername = "AWS";

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

/** The end of the year 9999, the last in RFC 3339. */
const latestSecond = 253_402_300_800;

function ecrPayload(password: string): Record<string, unknown> | undefined {
  const payload = parsedJson(Buffer.from(password, "base64").toString());
  return isObject(payload) && "payload" in payload && "datakey" in payload ? payload : undefined;
}

/** The user name with the JSON key of a service account of Google Cloud. */
export const googleKeyUsername = "_json_key";

/** Far longer than any key; `gcloud` writes 2.4 KB. */
const longestGoogleKey = 64 * 1024;

/** The JSON key of a service account in one line, from any of its forms: several lines, base64, one line. */
export function googleKeyInOneLine(text: string): string | undefined {
  if (text.length > longestGoogleKey) {
    return undefined;
  }
  const json = text.trim().startsWith("{") ? text.trim() : Buffer.from(text, "base64").toString().trim();
  const key = parsedJson(json);
  return isObject(key) && key["type"] === "service_account" && typeof key["private_key"] === "string"
    ? jsonOf(key)
    : undefined;
}

/** What to write where a text is not the JSON key of a service account. */
export const notGoogleKey =
  "is not a service account's JSON key: give the text of the file that `gcloud iam service-accounts keys create` writes.";

/** What to write where a text is not an authorization token of Amazon ECR. */
export const notEcrToken =
  "is not base64 of `AWS:<password>`: give the authorizationToken from GetAuthorizationToken unchanged.";

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Undefined for a value that is nested too deeply to be written. */
function jsonOf(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
