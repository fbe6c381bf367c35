import { catchSignals } from "./interruption";
import { CommandError } from "./commandError";

/**
 * Runs a command to its end: an error, or a signal, is told once, after all else is done.
 *
 * @param undo takes back what the command has written, and says so
 */
export function runCommand(
  command: () => Promise<void>,
  undo: () => string | undefined = () => undefined,
): void {
  const fail = (error: unknown): void => {
    const undone = undo();
    console.error(`error: ${messageOf(error)}`);
    if (undone !== undefined) {
      console.error(undone);
    }
    process.exit(error instanceof CommandError ? error.exitCode : 1);
  };
  const abandoned = (): void => {
    fail(new CommandError("the input has ended."));
  };
  catchSignals();
  for (const stream of [process.stdout, process.stderr]) {
    // A terminal that is closed: there is nobody to tell, and still something to undo.
    stream.on("error", () => undefined);
  }
  process.once("beforeExit", abandoned);
  command().then(() => process.off("beforeExit", abandoned), fail);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
