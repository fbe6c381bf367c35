/** A command can't continue. The message says why and what to do, and is safe to print. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";

  /** @param exitCode of the process; after a signal 128 plus its number, as in a shell */
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** The command line is wrong: exit code 2. */
export class UsageError extends CommandError {
  override readonly name = "UsageError";

  constructor(message: string) {
    super(message, 2);
  }
}
