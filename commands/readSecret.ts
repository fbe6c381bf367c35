import { once } from "node:events";
import { read } from "read";
import { checkCredentials } from "../components/lib/logins/credentials";
import { CommandError } from "./commandError";
import { interrupted, orInterrupted } from "./interruption";

const mostBytes = 65_536;

/**
 * Reads the new secret of a login: on a terminal twice, without echo, elsewhere as one line of standard input.
 *
 * @param member of the login, such as `password`
 * @throws CommandError if a registry can't have it, or the two entries differ
 */
export async function readSecret(prompt: string, member: string): Promise<string> {
  if (!process.stdin.isTTY) {
    const line = await orInterrupted(readLine(process.stdin, member));
    checkSecret(line, member);
    return line;
  }
  const secret = await ask(prompt, true);
  checkSecret(secret, member);
  if ((await ask(`Repeat the ${member}: `, true)) !== secret) {
    throw new CommandError(`the two ${member}s differ: nothing was changed.`);
  }
  return secret;
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

/** @throws CommandError if a text can't be that member of a login; the message shows no part of it */
function checkSecret(secret: string, member: string): void {
  const login = { ...(member === "password" && { username: "unused" }), [member]: secret };
  const { problems } = checkCredentials([login], "registries");
  const reasons = problems
    .filter(({ path }) => path === `registries[0].${member}`)
    .map(({ reason }) => reason);
  if (secret.includes("\ufffd")) {
    reasons.push("contains bytes that are not UTF-8: give it in UTF-8.");
  }
  if (reasons.length > 0) {
    throw new CommandError(`the new ${member} ${reasons.join(" ")}`);
  }
}

/** Reads the first line of a stream. Refuses further lines, which would mean a truncated secret. */
async function readLine(input: NodeJS.ReadableStream, member: string): Promise<string> {
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
    throw new CommandError(`the new ${member} is longer than ${mostBytes} bytes.`);
  }
  if (text.includes("\0")) {
    throw new CommandError(`the new ${member} is UTF-16, or not text: give it in UTF-8.`);
  }
  if (rest.trim() !== "") {
    throw new CommandError(
      `the new ${member} has several lines: give it in one. A JSON key: \`jq -c . key.json\` prints it so.`,
    );
  }
  return line;
}
