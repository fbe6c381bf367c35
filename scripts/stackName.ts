import { quote } from "../components/lib/problems";
import { CommandError } from "./commandError";

const name = /^(?!\.\.?$)[A-Za-z0-9._-]{1,100}$/;

/**
 * The file of a stack, relative to the project's folder.
 *
 * @param stack as Pulumi accepts it: `dev`, `<organization>/dev` or `<organization>/<project>/dev`
 * @throws CommandError if it is not such a name, or names another project
 */
export function stackFileOf(stack: string, project: string): string {
  const parts = stack.split("/");
  const last = parts.at(-1) ?? "";
  if (parts.length > 3 || !parts.every((part) => name.test(part))) {
    throw new CommandError(
      `${quote(stack)} does not name a stack: give STACK=dev, or STACK=<organization>/${project}/dev, in letters, digits, "-", "_" and ".".`,
    );
  }
  if (parts.length === 3 && parts[1] !== project) {
    throw new CommandError(`${quote(stack)} is a stack of another project: this one is ${quote(project)}.`);
  }
  return `stacks/Pulumi.${last}.yaml`;
}
