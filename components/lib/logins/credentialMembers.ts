import type { Problem } from "../problems";
import { kindOf } from "../records";
import { joinWords, suggestion } from "../suggestions";
import { caBundleProblem } from "./caBundle";

/**
 * Why the text of a login's member is refused; undefined if it is fine. Never quotes it.
 *
 * @param mayHaveSpace whether it may begin or end with white space: in a list it is nearly always pasted by mistake
 */
export function memberProblem(text: string, mayHaveSpace = false): string | undefined {
  if (text === "") {
    return "is empty.";
  }
  if (/[\n\r]/.test(text)) {
    return /^\{.*[\n\r]/s.test(text.trim())
      ? "contains a newline: give the JSON key in one line, as `jq -c . key.json` prints it."
      : "contains a newline: often the end of the file that it was read from. Remove it.";
  }
  if (!mayHaveSpace && text !== text.trim()) {
    return "begins or ends with white space: remove it.";
  }
  return /\p{Surrogate}/u.test(text) ? "is not valid Unicode text (a lone surrogate)." : undefined;
}

/** Refuses control characters: they come from a key press such as Ctrl-U, or from a binary file. */
export function controlProblem(text: string): string | undefined {
  return /\p{Cc}/u.test(text)
    ? "contains a control character, such as a tab or what a key of the terminal sends: remove it."
    : undefined;
}

/** The namespace keys that a login applies to; undefined for all. */
export function readNamespaces(
  value: unknown,
  path: string,
  known: readonly string[] | undefined,
  problems: Problem[],
): string[] | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (!Array.isArray(value) || !value.every((key): key is string => typeof key === "string")) {
    problems.push({ path, reason: "is not a list of strings: give keys of the `namespaces` argument." });
    return undefined;
  }
  if (value.length === 0) {
    problems.push({ path, reason: "is empty: name a namespace, or leave it out for all." });
  }
  for (const [index, key] of value.entries()) {
    if (known !== undefined && !known.includes(key)) {
      const reason = `is not a key of \`namespaces\`${suggestion(key, known)}. Expected one of: ${joinWords(known)}.`;
      problems.push({ path: `${path}[${index}]`, reason });
    }
  }
  return value;
}

/** How checks connect to the registry. */
export function readConnection(
  { insecure, caBundle }: Record<string, unknown>,
  path: string,
  problems: Problem[],
): { insecure: boolean; caBundle?: string } {
  if (insecure !== undefined && typeof insecure !== "boolean") {
    problems.push({ path: `${path}.insecure`, reason: `is ${kindOf(insecure)}: give true or false.` });
  }
  const reason =
    caBundle === undefined ? undefined : caBundleProblem(typeof caBundle === "string" ? caBundle : "");
  if (reason !== undefined) {
    problems.push({ path: `${path}.caBundle`, reason });
  }
  return { insecure: insecure === true, caBundle: typeof caBundle === "string" ? caBundle : undefined };
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](?!24)\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;

/** When a login expires; undefined if not given. */
export function readExpiry(value: unknown, path: string, problems: Problem[]): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (typeof value !== "string" || !isTime(value)) {
    problems.push({
      path,
      reason: 'is not an RFC 3339 time: write one in quotes, such as "2027-01-31T00:00:00Z".',
    });
    return undefined;
  }
  return value;
}

function isTime(text: string): boolean {
  const [, year, month, day] = rfc3339.exec(text) ?? [];
  const daysInMonth = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) <= daysInMonth && !Number.isNaN(Date.parse(text));
}
