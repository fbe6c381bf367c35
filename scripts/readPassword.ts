import { once } from "node:events";
import { read } from "read";
import { checkCredentials } from "../components/lib/credentials";
import { CommandError } from "./commandError";
import { interrupted, orInterrupted } from "./interruption";

const mostBytes = 65_536;

/**
 * A new password. On a terminal it asks for it twice and shows nothing of what is typed, elsewhere it is one line of
 * standard input.
 *
 * @throws CommandError when it can be no password of a registry, or the two differ
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

/** A line that is typed at the terminal. */
export async function ask(prompt: string, silent = false): Promise<string> {
  // `terminal`: also where standard error goes to a file, nothing of what is typed is echoed.
  const typed = read({ prompt, silent, output: process.stderr, terminal: true }).catch(() => {
    throw interrupted("SIGINT");
  });
  const answer = await orInterrupted(typed);
  process.stderr.write(silent ? "\n" : "");
  return answer;
}

/** @throws CommandError when a text can't be a password, without any part of it */
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

/** The first line of a stream. More lines that come with it are refused: the password would be cut. */
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
