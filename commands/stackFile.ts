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

/** Someone else has changed the file since it was read. */
export class ChangedFileError extends CommandError {
  override readonly name = "ChangedFileError";
}

/**
 * The text of a stack file, including any byte order mark.
 *
 * @param shown the file's name in messages
 * @throws CommandError if it is missing or not UTF-8
 */
export function readStackFile(path: string, shown: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new CommandError(
      `there is no ${shown}: name a stack that has a file, or run \`pulumi config set\` in a new one first.`,
    );
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CommandError(`${shown} is not UTF-8: save it as UTF-8.`);
  }
}

/**
 * Replaces a stack file atomically, by a rename, so that no reader sees half of it. Keeps its mode and owner, and any
 * symbolic link.
 *
 * Writes the new text to a draft next to the file first. Only one process can create the draft, so of two concurrent commands
 * the second sees what the first has written.
 *
 * @param before the text that the new one is based on
 * @throws ChangedFileError if the file has changed since then; it is left alone
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
