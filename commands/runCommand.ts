import { printable } from "../components/lib/problems";
import { CommandError } from "./commandError";
import { catchSignals } from "./interruption";

/**
 * Runs a command to its end. Reports an error or a signal once, after everything else is done.
 *
 * @param undo reverts what the command has written, and says so
 */
export function runCommand(
  command: () => Promise<void>,
  undo: () => string | undefined = () => undefined,
): void {
  const fail = (error: unknown): void => {
    const undone = undo();
    console.error(printable(`error: ${errorText(error)}`));
    if (undone !== undefined) {
      console.error(printable(undone));
    }
    process.exit(error instanceof CommandError ? error.exitCode : 1);
  };
  const abandoned = (): void => {
    fail(new CommandError("the input has ended."));
  };
  catchSignals();
  for (const stream of [process.stdout, process.stderr]) {
    // The terminal was closed: nobody can see a message, but there may still be something to undo.
    stream.on("error", () => undefined);
  }
  process.once("beforeExit", abandoned);
  command().then(() => process.off("beforeExit", abandoned), fail);
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
