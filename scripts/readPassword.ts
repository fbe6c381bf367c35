import { createInterface } from "node:readline";

/** One line of standard input; on a terminal it asks for it, and shows nothing of what is typed. */
export async function readPassword(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) {
    return readLine();
  }
  stdin.setRawMode(true);
  stderr.write(prompt);
  try {
    return await readKeys();
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write("\n");
  }
}

async function readLine(): Promise<string> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    return line;
  }
  return "";
}

/** The keys up to the return key, after the deletions made with the backspace key. */
async function readKeys(): Promise<string> {
  let typed = "";
  for await (const chunk of process.stdin.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    for (const key of String(chunk)) {
      if (key === "\r" || key === "\n") {
        return typed;
      }
      if (key === "\u0003" || key === "\u0004") {
        throw new Error("interrupted: nothing was changed.");
      }
      typed = key === "\u007f" || key === "\b" ? Array.from(typed).slice(0, -1).join("") : typed + key;
    }
  }
  return typed;
}
