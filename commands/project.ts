import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { inOneLine, quote } from "../components/lib/problems";
import { definedMembers, isObject } from "../components/lib/records";
import { readStackYaml, StackYamlError } from "../program/stackYaml";
import { CommandError } from "./commandError";
import { fullKey } from "./loginKeys";

/** A Pulumi project. */
export interface Project {
  readonly name: string;
  /** Its folder. */
  readonly folder: string;
  /** The folder of its stack files, relative to `folder`. */
  readonly stackFolder: string;
  /** Of its file and those of its stacks. */
  readonly extension: string;
  /** What its file sets for the config of every stack, by full key. */
  readonly config: Record<string, unknown>;
}

const names = ["Pulumi.json", "Pulumi.yaml", "Pulumi.yml"];

/**
 * The project of a folder, found as Pulumi finds it: in the folder or the nearest one above.
 *
 * @see pulumi sdk/go/common/workspace/paths.go DetectProjectPathFrom
 * @throws CommandError if there is none that can be read
 */
export function findProject(start: string): Project {
  for (let folder = start; ; folder = dirname(folder)) {
    const name = names.find((candidate) => existsSync(join(folder, candidate)));
    if (name !== undefined) {
      return readProject(folder, name);
    }
    if (dirname(folder) === folder) {
      throw new CommandError(
        "there is no Pulumi.yaml in this folder or one above it: run this in a Pulumi project.",
      );
    }
  }
}

function readProject(folder: string, file: string): Project {
  if (file === "Pulumi.json") {
    throw new CommandError(
      "the project's file is Pulumi.json, and this command edits YAML alone: convert it and its stack files to YAML.",
    );
  }
  const project = contentOf(join(folder, file), file);
  const { name, stackConfigDir, config } = project;
  if (typeof name !== "string" || !/^[\w.-]{1,100}$/.test(name)) {
    throw new CommandError(
      `the \`name\` in ${file} is ${quote(String(name))}: give letters, digits, "-", "_" and ".".`,
    );
  }
  // The folder of the stack files was once called `config`.
  const stackFolder = typeof config === "string" ? config : stackConfigDir;
  return {
    name,
    folder,
    stackFolder: typeof stackFolder === "string" ? stackFolder : "",
    extension: extname(file),
    config: definedMembers(
      Object.fromEntries(
        Object.entries(isObject(config) ? config : {}).map(([key, entry]) => [
          fullKey(key, name),
          isObject(entry) ? (entry["default"] ?? entry["value"]) : entry,
        ]),
      ),
    ),
  };
}

function contentOf(path: string, file: string): Record<string, unknown> {
  try {
    const [content] = readStackYaml(readFileSync(path));
    return isObject(content) ? content : {};
  } catch (error) {
    throw new CommandError(
      error instanceof StackYamlError
        ? `${file} ${error.message}`
        : `${file} can't be read: ${inOneLine((error as Error).message)}`,
    );
  }
}
