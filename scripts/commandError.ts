/** A command that can't go on; the message says why and what to do, and a terminal may show it as it is. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";

  /** @param exitCode of the process; 128 and the signal's number after a signal, as in a shell */
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}
