import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { CommandError } from "./commandError";
import { endingSignals, interruption } from "./interruption";

export const root = resolve(__dirname, "..");

/**
 * Runs Pulumi on a stack, and waits for its end, also when this process gets a signal: Pulumi then gets what Ctrl-C
 * sends, so that it ends what it has begun.
 *
 * @param input goes to its standard input, and nowhere else; without one it has the terminal
 * @throws CommandError when it fails, or after a signal
 */
export async function pulumi(stack: string, args: string[], input?: string): Promise<void> {
  interruption.throwIfAborted();
  // A process group of its own: the terminal's Ctrl-C would reach it a second time, and then it gives up at once.
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
  // It may end before it has read all.
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
    // It has ended meanwhile.
  }
}
