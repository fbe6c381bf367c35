import type { Problem } from "./problems";
import { isObject } from "./records";

/** Date.parse also accepts texts that are not times. */
const timeLike = /^\d{4}-[\d:.+TtZz -]{1,40}$/;

const day = 24 * 60 * 60 * 1000;

/**
 * Expired logins are problems; those that expire within `warningDays` are warnings. Skips entries without a valid
 * `expiresAt`, whose shape is checked elsewhere.
 */
export function checkExpiry(
  registries: unknown,
  now: Date,
  warningDays = 14,
): { problems: Problem[]; warnings: Problem[] } {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const [index, entry] of (Array.isArray(registries) ? registries : []).entries()) {
    const expiresAt = isObject(entry) ? String(entry["expiresAt"]) : "";
    const left = (timeLike.test(expiresAt) ? Date.parse(expiresAt) : NaN) - now.getTime();
    const path = `registries[${index}].expiresAt`;
    if (left <= 0) {
      problems.push({
        path,
        reason: `${expiresAt} has passed, so the registry rejects this login. Create a new one and update \`expiresAt\`.`,
      });
    } else if (left <= warningDays * day) {
      warnings.push({
        path,
        reason: `${expiresAt} is ${inDays(left)}: create a new login before then, and rotate to it.`,
      });
    }
  }
  return { problems, warnings };
}

function inDays(left: number): string {
  const days = Math.floor(left / day);
  return days === 0 ? "less than a day from now" : days === 1 ? "one day from now" : `${days} days from now`;
}
