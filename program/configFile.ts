import { readFileSync, readlinkSync } from "node:fs";
import { basename, resolve } from "node:path";

/** The program's parent is the language host, whose parent is the CLI; there may be launchers in between. */
const mostAncestors = 16;

/**
 * The config file that was passed to the CLI with `--config-file`; undefined if it reads the stack's own file. Neither the
 * engine nor the SDK tells the program, so this reads the CLI's command line from /proc, on Linux only.
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
      // The command's name, in parentheses, may contain any character; then come the state and the parent.
      const [, parent] = /^.*\) \S+ (\d+) /s.exec(readFileSync(`${proc}/${id}/stat`, "utf8")) ?? [];
      id = Number(parent);
    }
  } catch {
    // No such process, or not Linux.
  }
  return undefined;
}

function optionIn(args: string[]): string | undefined {
  const at = args.findLastIndex((arg) => /^--config-file(=|$)/.test(arg));
  const [, file = args[at + 1]] = /^--config-file=(.*)$/s.exec(args[at] ?? "") ?? [];
  return at === -1 ? undefined : file;
}
