import { joinPath, type Problem } from "../problems";

/** A problem if none of the members is given. */
export function noneOf(value: object, members: readonly string[] = [], path: string): Problem[] {
  const [first, ...others] = members;
  if (first === undefined || members.some((member) => Object.hasOwn(value, member))) {
    return [];
  }
  const named = others.map((member) => `\`${member}\``).join(" and ");
  const reason = `is missing, and so ${others.length === 1 ? "is" : "are"} ${named}: give at least one of them.`;
  return [{ path: joinPath(path, first), reason }];
}
