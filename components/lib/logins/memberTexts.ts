import { membersOf } from "../hidePasswords";
import type { Problem } from "../problems";
import { kindOf } from "../records";
import { unknownMembers } from "../suggestions";
import { controlProblem, memberProblem } from "./credentialMembers";

/** Reads the texts among the members of an object, and reports what is wrong with them. */
export interface MemberTexts {
  /** The text of a member; empty if it is missing or refused, which is reported. */
  text: (member: string, hint: string, rule?: (text: string) => string | undefined) => string;
  report: (member: string, reason: string) => void;
}

/** @param problems where to report */
export function memberTexts(of: Record<string, unknown>, path: string, problems: Problem[]): MemberTexts {
  const report = (member: string, reason: string): void => {
    problems.push({ path: `${path}.${member}`, reason });
  };
  return {
    report,
    text: (member, hint, rule = credentialProblem) => {
      const found = of[member];
      if (!isGiven(found)) {
        report(member, `is missing: ${hint}`);
      } else if (typeof found !== "string") {
        report(member, `is ${kindOf(found)}: give a string.`);
      } else {
        const reason = rule(found);
        if (reason === undefined) {
          return found;
        }
        report(member, reason);
      }
      return "";
    },
  };
}

export function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function credentialProblem(text: string): string | undefined {
  return memberProblem(text) ?? controlProblem(text);
}

/** A problem for each unknown member, which never shows a key that holds a secret. */
export function unknownLoginMembers(
  of: Record<string, unknown>,
  known: readonly string[],
  path: string,
  holdsSecret: (text: string) => boolean,
): Problem[] {
  return unknownMembers(of, known, path).map((problem) =>
    membersOf(problem.path.slice(path.length)).some(holdsSecret)
      ? { path, reason: "has a key that contains the username, email or password: remove it." }
      : problem,
  );
}
