import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { CommandError } from "./commandError";

/** A file that somebody else has written since it was read. */
export class ChangedFileError extends CommandError {
  override readonly name = "ChangedFileError";
}

/**
 * The text of a stack file, with its byte order mark if it has one.
 *
 * @param shown the file as messages name it
 * @throws CommandError when it is missing, or is not UTF-8
 */
export function readStackFile(path: string, shown: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new CommandError(`there is no ${shown}: name a stack with STACK=.`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CommandError(`${shown} is not UTF-8: save it as UTF-8.`);
  }
}

/**
 * Writes a stack file as a whole, by a rename, so that nobody ever reads half of it. It keeps its mode and owner, and a
 * symbolic link stays one.
 *
 * The new text is first written to a file beside it that only one process can create, so that of two commands at the
 * same time the second one sees what the first has written.
 *
 * @param before the text that the new one was made from
 * @throws ChangedFileError when the file holds another text by now; it is left alone
 */
export function replaceStackFile(path: string, shown: string, before: string, after: string): void {
  const target = realpathSync(path);
  const draft = join(dirname(target), `.${basename(target)}.new`);
  const handle = create(draft, join(dirname(shown), basename(draft)));
  try {
    const { mode, uid, gid } = statSync(target);
    writeFileSync(handle, after);
    fchownSync(handle, uid, gid);
    fchmodSync(handle, mode & 0o7777);
    fsyncSync(handle);
    if (readStackFile(target, shown) !== before) {
      throw new ChangedFileError(`${shown} has changed since it was read: run the command again.`);
    }
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft);
    throw error;
  } finally {
    closeSync(handle);
  }
}

function create(draft: string, shown: string): number {
  try {
    return openSync(draft, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
      throw error;
    }
    throw new CommandError(
      `${shown} exists: another command is writing the stack file. If none is, one was killed as it wrote: delete ${shown} and run this again.`,
    );
  }
}
