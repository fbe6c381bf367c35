import { spawn, type StdioOptions } from "node:child_process";
import { text } from "node:stream/consumers";
import { CommandError } from "./commandError";
import { endingSignals, interruption } from "./interruption";
import type { Project } from "./project";

/**
 * Runs Pulumi in a project's folder and waits until it ends. If this process gets a signal, sends Pulumi a Ctrl-C, so that it
 * finishes the operations in progress.
 *
 * @param input for its standard input only; without it, Pulumi uses the terminal
 * @throws CommandError if it fails, or after a signal
 */
export async function pulumi(project: Project, args: string[], input?: string): Promise<void> {
  await run(project, args, [input === undefined ? "inherit" : "pipe", "inherit", "inherit"], input);
}

/** What a command of Pulumi writes to standard output. */
export function pulumiOutput(project: Project, args: string[]): Promise<string> {
  return run(project, args, ["ignore", "pipe", "inherit"]);
}

async function run(project: Project, args: string[], stdio: StdioOptions, input?: string): Promise<string> {
  interruption.throwIfAborted();
  // Its own process group: otherwise the terminal's Ctrl-C would reach it as a second one, on which it gives up at once.
  const child = spawn("pulumi", args, { cwd: project.folder, detached: true, stdio });
  const ended = new Promise<number | null>((done, failed) => {
    child.on("error", failed);
    child.on("close", done);
  });
  const stop = (): void => {
    interruptGroup(child.pid);
  };
  for (const signal of endingSignals) {
    process.on(signal, stop);
  }
  // It may end before it has read everything.
  child.stdin?.on("error", () => undefined).end(input);
  const output = child.stdout === null ? "" : text(child.stdout);
  const code = await ended.catch(notStarted).finally(() => {
    for (const signal of endingSignals) {
      process.off(signal, stop);
    }
  });
  if (code !== 0) {
    interruption.throwIfAborted();
    throw new CommandError(`pulumi ${args[0] ?? ""} failed.`);
  }
  return output;
}

function notStarted(error: NodeJS.ErrnoException): never {
  throw error.code === "ENOENT"
    ? new CommandError(
        "there is no pulumi on the PATH: install the Pulumi CLI (https://www.pulumi.com/docs/install/).",
      )
    : error;
}

function interruptGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) {
      process.kill(-pid, "SIGINT");
    }
  } catch {
    // It has already ended.
  }
}
