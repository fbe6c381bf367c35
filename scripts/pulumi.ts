import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { CommandError } from "./commandError";
import { endingSignals, interruption } from "./interruption";

export const root = resolve(__dirname, "..");

/**
 * Runs Pulumi on a stack and waits until it ends. If this process gets a signal, sends Pulumi a Ctrl-C, so that it finishes
 * the operations in progress.
 *
 * @param input for its standard input only; without it, Pulumi uses the terminal
 * @throws CommandError if it fails, or after a signal
 */
export async function pulumi(stack: string, args: string[], input?: string): Promise<void> {
  interruption.throwIfAborted();
  // Its own process group: otherwise the terminal's Ctrl-C would reach it as a second one, on which it gives up at once.
  const child = spawn(resolve(root, "offline/run"), args, {
    cwd: root,
    detached: true,
    env: { ...process.env, STACK: stack },
    stdio: [input === undefined ? "inherit" : "pipe", "inherit", "inherit"],
  });
  const ended = new Promise<number | null>((done, failed) => {
    child.on("error", failed);
    child.on("exit", done);
  });
  const stop = (): void => {
    interruptGroup(child.pid);
  };
  for (const signal of endingSignals) {
    process.on(signal, stop);
  }
  // It may end before it has read everything.
  child.stdin?.on("error", () => undefined).end(input);
  const code = await ended.finally(() => {
    for (const signal of endingSignals) {
      process.off(signal, stop);
    }
  });
  if (code !== 0) {
    interruption.throwIfAborted();
    throw new CommandError(`pulumi ${args[0] ?? ""} failed.`);
  }
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
