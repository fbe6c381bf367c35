import { MessageError, printable } from "../problems";

/** A docker config that can't be read or written. The message names the member and the fix, never a credential. */
export class DockerConfigError extends MessageError {
  override readonly name = "DockerConfigError";

  /** What is wrong and what to do. */
  readonly reason: string;
  /** Where it is wrong, before the reason in the message; empty if the message has no place. */
  readonly path: string;

  constructor(reason: string, path = "") {
    super(path === "" ? reason : `${path} ${reason}`);
    this.reason = printable(reason);
    this.path = printable(path);
  }
}

/** The path of what is wrong with a docker config as a whole. */
export const wholeConfig = "docker config";
