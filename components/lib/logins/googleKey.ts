import { isObject } from "../records";
import { parsedJson } from "./jsonText";

/** The user name with the JSON key of a service account of Google Cloud. */
export const googleKeyUsername = "_json_key";

/** What to write where a text is not the JSON key of a service account. */
export const notGoogleKey =
  "is not a service account's JSON key: give the text of the file that `gcloud iam service-accounts keys create` writes.";

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

/** Undefined for a value that is nested too deeply to be written. */
function jsonOf(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
