import type { PlannedChecks } from "./preflightPlan";
import { type Problem, quote } from "./problems";
import { PreflightError } from "./registry/preflightError";

/** What came of checks, in their order. */
export interface CheckResults {
  registries: (object | PreflightError)[];
  images: ({ digest: string } | PreflightError)[];
}

/** Images with the digest that their tag means now, by Deployment and by the image as given. */
export type Pins = Record<string, Record<string, string>>;

/** What the results of checks mean. */
export interface CheckOutcome {
  /** What keeps everything from being made. */
  problems: Problem[];
  /** The rest of what has failed. */
  warnings: Problem[];
  pins: Pins;
}

/**
 * One problem or warning for each cause, however many checks have failed for it. A failure is a problem where `enforce` is
 * set, and always where it keeps an image from being pinned: the tag alone is not what was asked for.
 */
export function outcomeOf(checks: PlannedChecks, results: CheckResults, enforce: boolean): CheckOutcome {
  const causes = causesOf(checks, results);
  const isProblem = ({ pins }: Cause): boolean => enforce || pins.length > 0;
  return {
    problems: [
      ...causes.filter(isProblem).map((cause) => problemOf(cause, enforce)),
      ...checks.unpinnable.map(({ path, pullSecret }) => ({
        path,
        reason: `can't be pinned: its login is in the Secret ${quote(pullSecret)}, which is not read here. Write the digest into the image, or leave \`pinDigest\` out.`,
      })),
    ],
    warnings: causes.filter((cause) => !isProblem(cause)).map((cause) => problemOf(cause, true)),
    pins: pinsOf(checks, results),
  };
}

/** A message, and the paths of the checks that failed with it. */
interface Cause {
  message: string;
  registries: string[];
  images: string[];
  /** The images that were to be pinned. */
  pins: string[];
}

function causesOf(checks: PlannedChecks, results: CheckResults): Cause[] {
  const causes = new Map<string, Cause>();
  const causeOf = ({ message }: PreflightError): Cause => {
    const cause = causes.get(message) ?? { message, registries: [], images: [], pins: [] };
    causes.set(message, cause);
    return cause;
  };
  for (const [index, { path }] of checks.registries.entries()) {
    const result = results.registries[index];
    if (result instanceof PreflightError) {
      causeOf(result).registries.push(path);
    }
  }
  for (const [index, { path, isPin }] of checks.images.entries()) {
    const result = results.images[index];
    if (result instanceof PreflightError) {
      const { images, pins } = causeOf(result);
      (isPin ? pins : images).push(path);
    }
  }
  return [...causes.values()];
}

/** A login that has failed by itself explains its images; unless only they are the problem. */
function problemOf({ message, registries, images, pins }: Cause, isVerified: boolean): Problem {
  if (!isVerified) {
    return { path: shortList(pins), reason: `can't be pinned (pinDigest). ${message}` };
  }
  return { path: shortList(registries.length > 0 ? registries : [...pins, ...images]), reason: message };
}

function shortList(paths: string[]): string {
  const distinct = [...new Set(paths)];
  const more = distinct.length - 3;
  return more > 0 ? `${distinct.slice(0, 3).join(", ")} and ${more} more` : distinct.join(", ");
}

function pinsOf(checks: PlannedChecks, results: CheckResults): Pins {
  const pins: Pins = {};
  for (const [index, { deployment, check, isPin }] of checks.images.entries()) {
    const result = results.images[index];
    if (isPin && result !== undefined && !(result instanceof PreflightError)) {
      pins[deployment] = { ...pins[deployment], [check.image]: `${check.image}@${result.digest}` };
    }
  }
  return pins;
}
