import { readdirSync } from "node:fs";
import { join } from "node:path";
import { quote } from "../components/lib/problems";
import { CommandError } from "./commandError";
import type { Project } from "./project";
import { pulumiOutput } from "./pulumi";

/** A stack, and its file. */
export interface Stack {
  /** As Pulumi takes it: `dev`, `<organization>/dev` or `<organization>/<project>/dev`. */
  readonly name: string;
  readonly project: Project;
  readonly path: string;
  /** The file's path from the project's folder, for messages. */
  readonly shown: string;
}

const namePattern = /^(?!\.\.?$)[A-Za-z0-9._-]{1,100}$/;

/** @throws CommandError if it is not the name of a stack, or names another project */
export function stackOf(project: Project, name: string): Stack {
  const parts = name.split("/");
  if (parts.length > 3 || !parts.every((part) => namePattern.test(part))) {
    throw new CommandError(
      `${quote(name)} does not name a stack: give a name such as dev, or <organization>/${project.name}/dev, in letters, digits, "-", "_" and ".".`,
    );
  }
  if (parts.length === 3 && parts[1] !== project.name) {
    throw new CommandError(
      `${quote(name)} is a stack of another project: this one is ${quote(project.name)}.`,
    );
  }
  const shown = join(project.stackFolder, `Pulumi.${parts.at(-1) ?? ""}${project.extension}`);
  return { name, project, path: join(project.folder, shown), shown };
}

/** The named stack, or else the one that is selected. */
export async function chosenStack(project: Project, name: string | undefined): Promise<Stack> {
  return stackOf(project, name ?? (await selectedStack(project)));
}

async function selectedStack(project: Project): Promise<string> {
  const output = await pulumiOutput(project, ["stack", "--show-name", "--non-interactive"]);
  return output.trim();
}

/** All stacks that have a file, in the order of their names. */
export function stacksWithFile(project: Project): Stack[] {
  const ending = project.extension;
  return readdirSync(join(project.folder, project.stackFolder))
    .filter((file) => file.startsWith("Pulumi.") && file.endsWith(ending))
    .map((file) => file.slice("Pulumi.".length, -ending.length))
    .filter((name) => namePattern.test(name))
    .toSorted()
    .map((name) => stackOf(project, name));
}
