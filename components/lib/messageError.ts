import { printable } from "./problems";

/**
 * An error whose message says all, and is safe to print: it has no stack trace. Pulumi formats the stack of whatever ends a
 * program, which takes Node.js 22 half a minute and gigabytes for an error that is thrown in `apply`.
 *
 * @see pulumi sdk/nodejs/cmd/run/error.ts defaultErrorMessage
 */
export class MessageError extends Error {
  constructor(message: string) {
    super(printable(message));
    this.stack = this.message;
  }
}
