import { once } from "node:events";
import { read } from "read";
import { checkCredentials } from "../components/lib/credentials";
import { CommandError } from "./commandError";
import { interrupted, orInterrupted } from "./interruption";

const mostBytes = 65_536;

/**
 * Reads a new password: on a terminal twice, without echo, elsewhere as one line of standard input.
 *
 * @throws CommandError if it can't be a registry's password, or the two entries differ
 */
export async function readPassword(prompt: string): Promise<string> {
  if (!process.stdin.isTTY) {
    const line = await orInterrupted(readLine(process.stdin));
    checkPassword(line);
    return line;
  }
  const password = await ask(prompt, true);
  checkPassword(password);
  if ((await ask("Repeat the password: ", true)) !== password) {
    throw new CommandError("the two passwords differ: nothing was changed.");
  }
  return password;
}

/** Reads a line from the terminal. */
export async function ask(prompt: string, silent = false): Promise<string> {
  // `terminal` suppresses the echo even if standard error goes to a file.
  const typed = read({ prompt, silent, output: process.stderr, terminal: true }).catch(() => {
    throw interrupted("SIGINT");
  });
  const answer = await orInterrupted(typed);
  process.stderr.write(silent ? "\n" : "");
  return answer;
}

/** @throws CommandError if a text can't be a password; the message shows no part of it */
export function checkPassword(password: string): void {
  const { problems } = checkCredentials([{ username: "unused", password }], "registries");
  const reasons = problems.map(({ reason }) => reason);
  if (password.includes("\ufffd")) {
    reasons.push("contains bytes that are not UTF-8: give it in UTF-8.");
  }
  if (reasons.length > 0) {
    throw new CommandError(`the new password ${reasons.join(" ")}`);
  }
}

/** Reads the first line of a stream. Refuses further lines, which would mean a truncated password. */
export async function readLine(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  input.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (chunk.includes("\n") || Buffer.concat(chunks).length > mostBytes) {
      input.emit("enough");
    }
  });
  await Promise.race([once(input, "enough"), once(input, "end")]);
  input.pause();
  const text = Buffer.concat(chunks).toString();
  const [, line = "", rest = ""] = /^([^\n]*?)(?:\r?\n(.*))?$/s.exec(text) ?? [];
  if (text.length > mostBytes) {
    throw new CommandError(`the new password is longer than ${mostBytes} bytes.`);
  }
  if (text.includes("\0")) {
    throw new CommandError("the new password is UTF-16, or not text: give it in UTF-8.");
  }
  if (rest.trim() !== "") {
    throw new CommandError(
      "the new password has several lines: give it in one. A JSON key: `jq -c . key.json` prints it so.",
    );
  }
  return line;
}
