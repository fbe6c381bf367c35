import type { Problem } from "../problems";
import { isObject } from "../records";
import { ecrExpiry } from "./ecrToken";

/** Date.parse also accepts texts that are not times. */
const timeLike = /^\d{4}-[\d:.+TtZz -]{1,40}$/;

const day = 24 * 60 * 60 * 1000;

/**
 * Expired logins are problems; those that expire within `warningDays`, but not within a day, are warnings. What expires
 * within a day either lives only for hours, and is renewed by each run, or was warned of on the days before.
 *
 * Skips entries without a valid `expiresAt`, whose shape is checked elsewhere. A token of Amazon ECR contains its own
 * expiry.
 */
export function checkExpiry(
  registries: unknown,
  now: Date,
  warningDays = 14,
): { problems: Problem[]; warnings: Problem[] } {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  for (const [index, entry] of (Array.isArray(registries) ? registries : []).entries()) {
    const { member, time } = expiryOf(entry);
    const left = (timeLike.test(time) ? Date.parse(time) : NaN) - now.getTime();
    const path = `registries[${index}].${member}`;
    if (left <= 0) {
      problems.push({ path, reason: expired[member](time) });
    } else if (left > day && left <= warningDays * day) {
      warnings.push({
        path,
        reason: `${time} is ${inDays(left)}: create a new login before then, and rotate to it.`,
      });
    }
  }
  return { problems, warnings };
}

function expiryOf(entry: unknown): { member: keyof typeof expired; time: string } {
  const { expiresAt, ecrToken } = isObject(entry) ? entry : {};
  return expiresAt === undefined && typeof ecrToken === "string"
    ? { member: "ecrToken", time: String(ecrExpiry(ecrToken)) }
    : { member: "expiresAt", time: String(expiresAt) };
}

const expired = {
  expiresAt: (time: string) =>
    `${time} has passed, so the registry rejects this login. Create a new one and update \`expiresAt\`.`,
  ecrToken: (time: string) =>
    `expired at ${time}, so the registry rejects it. Get a new one, by GetAuthorizationToken, before each \`up\`.`,
};

function inDays(left: number): string {
  const days = Math.floor(left / day);
  return days === 1 ? "one day from now" : `${days} days from now`;
}
