import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { inOneLine } from "../components/lib/problems";
import { CommandError } from "./commandError";
import { encrypt } from "./encrypt";
import { configJsonText, loginCount, loginsToImport, withLogins } from "./importedLogins";
import { interruption, orInterrupted } from "./interruption";
import { root } from "./pulumi";
import { runCommand } from "./runCommand";
import { readStackFile, replaceStackFile } from "./stackFile";
import { stackFileOf } from "./stackName";

const project = "kubernetes-private-registry";
const stack = process.env["STACK"] ?? "local";

runCommand(async () => {
  const shown = stackFileOf(stack, project);
  const path = resolve(root, shown);
  if (process.stdin.isTTY) {
    throw new CommandError(
      "give a Docker config.json on standard input: make import-logins STACK=dev < config.json",
    );
  }
  const json = configJsonText(await orInterrupted(buffer(process.stdin)));
  const before = readStackFile(path, shown);
  const logins = loginsToImport(json, before, project);
  const passwords = logins.map(({ password }) => password);
  const { text, secure } = await encrypt(stack, before, passwords, project);
  interruption.throwIfAborted();
  replaceStackFile(path, shown, before, withLogins(text, logins, secure, project));
  const first = loginCount(before, project);
  for (const [index, { server }] of logins.entries()) {
    console.log(`registries[${first + index}]: ${inOneLine(server)}`);
  }
  console.log(`Added to ${shown}, with encrypted passwords. Next: make preview STACK=${stack}`);
});
