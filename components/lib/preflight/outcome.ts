import { PreflightError, PreflightReason } from "../../registry/preflightError";
import { type Problem, quote } from "../problems";
import { AskPermissionError } from "./askPermission";
import type { PlannedChecks, PlannedImageCheck } from "./checks";
import { canAnotherLoginHelp, describeTried, type TriedLogin } from "./triedLogins";

/** The results of the checks, in their order. */
export interface CheckResults {
  registries: (object | PreflightError)[];
  /** The result with the last login tried for each image. */
  images: ({ digest: string } | PreflightError)[];
  /** The failures of the logins tried before that one. */
  earlier: PreflightError[][];
}

/** Images pinned to the digest that their tag points to now, by Deployment and by the image as given. */
export type Pins = Record<string, Record<string, string>>;

/** What the results of the checks mean. */
export interface CheckOutcome {
  /** What must stop the deployment. */
  problems: Problem[];
  /** All other failures. */
  warnings: Problem[];
  pins: Pins;
}

/** A login or an image that failed. */
interface Failure extends Problem {
  isProblem: boolean;
  /** The logins whose failures it reports. */
  tried: TriedLogin[];
}

/**
 * One problem or warning for each cause, however many checks failed for it. A failure is a problem if `enforce` is set, and
 * always if an image can't be pinned, since the tag alone is not what was asked for. Otherwise, and in these cases, it is a
 * warning:
 * - a login fails while another one is accepted that the same pods try for the same server, as during an overlap
 * - an image fails that a login in a Secret created elsewhere may still pull.
 */
export function outcomeOf(checks: PlannedChecks, results: CheckResults, enforce: boolean): CheckOutcome {
  const tried = checks.images.map((check, index) => triedOf(check, index, results));
  const failed = failedLogins(checks, results, enforce);
  const logins = [...failed, ...refusedLogins(checks, results, tried, toldBy(failed))];
  const images = checks.images.flatMap((check, index) =>
    results.images[index] instanceof PreflightError
      ? failedImage(check, tried[index] ?? [], logins, enforce)
      : [],
  );
  const isExplained = toldBy(images);
  const failures = [
    ...logins.filter((login) => login.isProblem || !login.tried.every(isExplained)),
    ...images,
  ];
  return {
    problems: [...byReason(failures.filter(({ isProblem }) => isProblem)), ...checks.unpinnable],
    warnings: byReason(failures.filter(({ isProblem }) => !isProblem)),
    pins: pinsOf(checks, results),
  };
}

/**
 * The outcome of an exception during the checks: a problem if something needs their result, else a warning. Reports only the
 * name and code of a foreign error, because its message may contain what was sent.
 */
export function outcomeOfException(error: unknown, path: string, isNeeded: boolean): CheckOutcome {
  const isOurs = error instanceof AskPermissionError || error instanceof PreflightError;
  const reason = isOurs
    ? error.message
    : `the registries could not be checked, because of an unexpected error (${nameOf(error)}). Please report it to the maintainers of this package; without \`verify\` and \`pinDigest\` no registry is asked.`;
  const failures = [{ path, reason }];
  return { problems: isNeeded ? failures : [], warnings: isNeeded ? [] : failures, pins: {} };
}

function nameOf(error: unknown): string {
  const { name, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const words = [name, code].filter((word) => typeof word === "string" && /^\w{1,64}$/.test(word));
  return words.length > 0 ? words.join(", ") : "no Error";
}

/** The logins that were tried for an image and failed, in order. */
function triedOf({ attempts }: PlannedImageCheck, index: number, results: CheckResults): TriedLogin[] {
  const last = results.images[index];
  const failures = [...(results.earlier[index] ?? []), ...(last instanceof PreflightError ? [last] : [])];
  return failures.map((failure, attempt) => ({ path: attempts[attempt]?.path, failure }));
}

function failedLogins({ registries }: PlannedChecks, results: CheckResults, enforce: boolean): Failure[] {
  const accepted = registries.filter((_, index) => !(results.registries[index] instanceof PreflightError));
  return registries.flatMap(({ path, serves }, index) => {
    const failure = results.registries[index];
    if (!(failure instanceof PreflightError)) {
      return [];
    }
    const beside = serves.map((place) => accepted.find((other) => other.serves.includes(place))?.path);
    const isNeeded = beside.length === 0 || beside.includes(undefined);
    const others = [...new Set(beside)].join(", ");
    const reason = isNeeded
      ? failure.message
      : `${failure.message} Pulls go on with ${others}, which is accepted: during a rotation this is expected until the registry and the stack agree.`;
    return [{ path, reason, isProblem: enforce && isNeeded, tried: [{ path, failure }] }];
  });
}

/** Logins that were refused for an image that another login pulls. */
function refusedLogins(
  { images }: PlannedChecks,
  results: CheckResults,
  tried: TriedLogin[][],
  isTold: (login: TriedLogin) => boolean,
): Failure[] {
  return images.flatMap(({ attempts }, index) => {
    const failed = tried[index] ?? [];
    const puller = attempts[failed.length]?.path;
    if (results.images[index] instanceof PreflightError || puller === undefined) {
      return [];
    }
    return failed
      .filter((login) => login.failure.reason === PreflightReason.Unauthorized && !isTold(login))
      .map((login) => ({
        path: login.path ?? "",
        reason: `${login.failure.message} Pulls go on with ${puller}.`,
        isProblem: false,
        tried: [login],
      }));
  });
}

/** Whether one of the failures already reports a login's failure. */
function toldBy(failures: Failure[]): (login: TriedLogin) => boolean {
  const keyOf = ({ path, failure }: TriedLogin): string => JSON.stringify([path, failure.message]);
  const told = new Set(failures.flatMap(({ tried }) => tried.map(keyOf)));
  return (login) => told.has(keyOf(login));
}

/** Empty if the failures of its logins already say everything. */
function failedImage(
  { path, isPin, unread }: PlannedImageCheck,
  tried: TriedLogin[],
  logins: Failure[],
  enforce: boolean,
): Failure[] {
  const mayStillBePulled = unread !== undefined && tried.every(({ failure }) => canAnotherLoginHelp(failure));
  const isProblem = isPin || (enforce && !mayStillBePulled);
  if (tried.every(toldBy(logins.filter((login) => login.isProblem || !isProblem)))) {
    return [];
  }
  // An error must state its cause itself if only warnings report it otherwise.
  const isTold = tried.every(toldBy(logins)) ? (): boolean => false : toldBy(logins);
  const reason = [
    ...(isPin && !enforce ? ["can't be pinned (pinDigest)."] : []),
    describeTried(tried, isTold),
    ...(mayStillBePulled
      ? [`Kubelet also tries the Secret ${quote(unread)}, which is not read here and may pull it.`]
      : []),
  ].join(" ");
  return [{ path, reason, isProblem, tried: tried.filter((login) => !isTold(login)) }];
}

/** One problem for each reason, with the paths that share it. */
function byReason(failures: Failure[]): Problem[] {
  const paths = new Map<string, string[]>();
  for (const { path, reason } of failures) {
    paths.set(reason, [...(paths.get(reason) ?? []), path]);
  }
  return [...paths].map(([reason, list]) => ({ path: shortList(list), reason }));
}

function shortList(paths: string[]): string {
  const distinct = [...new Set(paths)];
  const more = distinct.length - 3;
  return more > 0 ? `${distinct.slice(0, 3).join(", ")} and ${more} more` : distinct.join(", ");
}

function pinsOf(checks: PlannedChecks, results: CheckResults): Pins {
  const pins: Pins = {};
  for (const [index, { deployment, image, isPin }] of checks.images.entries()) {
    const result = results.images[index];
    if (isPin && result !== undefined && !(result instanceof PreflightError)) {
      pins[deployment] = { ...pins[deployment], [image]: `${image}@${result.digest}` };
    }
  }
  return pins;
}
