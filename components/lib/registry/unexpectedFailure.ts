import { PreflightError, PreflightReason } from "./preflightError";

/**
 * What a check failed with, as the one kind of error that checks end in. Of an error that nobody foresaw only its kind is
 * kept: its text may hold what was sent, or what a server answered.
 */
export function asPreflightError(error: unknown): PreflightError {
  if (error instanceof PreflightError) {
    return error;
  }
  const { name, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : { name: typeof error };
  const kind = [name, code].filter((word) => typeof word === "string" && /^\w{1,64}$/.test(word)).join(", ");
  return new PreflightError(
    PreflightReason.Unexpected,
    { registry: "" },
    `The check itself failed (${kind}), so nothing is known of the login or the image. This is a fault of kubernetes-private-registry: please report it with this line. Until it is fixed, \`verify: off\` leaves the check out.`,
  );
}
