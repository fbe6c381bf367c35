import { MessageError } from "../components/lib/problems";

/** The audit can't begin or go on. The message says why and what to do, never a secret. */
export class AuditError extends MessageError {
  override readonly name = "AuditError";

  /** @param status of the API server's answer, if that is the cause */
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}
