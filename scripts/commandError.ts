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
