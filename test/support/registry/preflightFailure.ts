import assert from "node:assert/strict";
import { inspect } from "node:util";
import { PreflightError } from "../../../components/registry/preflightError";

/** The password of the tests: characters that must be encoded, and a word to search for. */
export const canaryPassword = `p"ä:/$&<\\ c4n4ry`;

/** The error of a check that must fail, after a look that it repeats nothing of the password. */
export async function failureOf(check: Promise<unknown>): Promise<PreflightError> {
  const outcome: unknown = await check.then(
    (result) => assert.fail(`the check passed: ${inspect(result)}`),
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof PreflightError, inspect(outcome));
  const everything = inspect(outcome, { depth: null, showHidden: true });
  for (const secret of ["c4n4ry", Buffer.from(canaryPassword).toString("base64").slice(0, 12)]) {
    assert.ok(!everything.includes(secret), `${secret} stands in ${everything}`);
  }
  return outcome;
}

/** Asserts why a check fails and that its message says what to do. */
export async function assertFails(check: Promise<unknown>, reason: string, message: RegExp): Promise<void> {
  const failure = await failureOf(check);
  assert.equal(failure.reason, reason, failure.message);
  assert.match(failure.message, message);
}
