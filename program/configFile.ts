import { readFileSync, readlinkSync } from "node:fs";
import { basename, resolve } from "node:path";

/** The CLI is the parent of the language host, which is the program's; between them may be launchers. */
const mostAncestors = 16;

/**
 * The file that the CLI was told to read the config from, by `--config-file`; undefined where it reads the stack's own.
 * Neither the engine nor the SDK tells a program. Linux shows the command line of the CLI, which the program runs under;
 * elsewhere the file is not known.
 */
export function givenConfigFile(processId = process.ppid, proc = "/proc"): string | undefined {
  let id = processId;
  try {
    for (let ancestor = 0; ancestor < mostAncestors; ancestor++) {
      const [command = "", ...args] = readFileSync(`${proc}/${id}/cmdline`, "utf8").split("\0");
      if (basename(command) === "pulumi") {
        const file = optionIn(args);
        return file === undefined ? undefined : resolve(readlinkSync(`${proc}/${id}/cwd`), file);
      }
      // In parentheses is the name of the command, which may hold any character; the parent comes after the state.
      const [, parent] = /^.*\) \S+ (\d+) /s.exec(readFileSync(`${proc}/${id}/stat`, "utf8")) ?? [];
      id = Number(parent);
    }
  } catch {
    // No such process, or no Linux.
  }
  return undefined;
}

function optionIn(args: string[]): string | undefined {
  const at = args.findLastIndex((arg) => /^--config-file(=|$)/.test(arg));
  const [, file = args[at + 1]] = /^--config-file=(.*)$/s.exec(args[at] ?? "") ?? [];
  return at === -1 ? undefined : file;
}
