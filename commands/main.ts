#!/usr/bin/env node
import { quote } from "../components/lib/problems";
import { packageVersion } from "../components/lib/packageVersion";
import { joinWords, suggestion } from "../components/lib/suggestions";
import { type Command, helpOf, parseOptions, table } from "./command";
import { UsageError } from "./commandError";
import { shellWord } from "./invocation";
import { runCommand } from "./runCommand";

/** The commands by name, in the order of the help. Each loads what it needs when it runs. */
const commands: Record<string, () => Promise<{ command: Command }>> = {
  plan: () => import("./plan.js"),
  rotate: () => import("./rotate.js"),
  "rotate-finish": () => import("./rotateFinish.js"),
  "import-logins": () => import("./importLogins.js"),
  audit: () => import("./audit.js"),
};

let command: Command | undefined;

runCommand(
  async () => {
    const [name = "--help", ...args] = process.argv.slice(2);
    if (name === "--help" || name === "-h") {
      console.log(await help());
    } else if (name === "--version") {
      console.log(packageVersion);
    } else {
      command = await commandOf(name);
      const values = parseOptions(command, name, args);
      if (values === undefined) {
        console.log(helpOf(command, name));
      } else {
        await command.run(values);
      }
    }
  },
  () => command?.undo?.(),
);

async function commandOf(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const known = Object.keys(commands);
    throw new UsageError(
      `there is no command ${quote(name)}${suggestion(name, known)}. Expected one of: ${joinWords(known)}.`,
    );
  }
  return (await load()).command;
}

async function help(): Promise<string> {
  const names = Object.keys(commands);
  const rows = names.map(async (name) => [`  ${name}`, (await commandOf(name)).summary]);
  return [
    `Usage: ${shellWord} COMMAND [OPTION...]`,
    "",
    "Commands for the stack files of the Pulumi project in whose folder it runs, and audit for a running cluster:",
    ...table(await Promise.all(rows)),
    "",
    `\`${shellWord} COMMAND --help\` shows the options of one.`,
    `\`${shellWord} --version\` shows the version of the package.`,
  ].join("\n");
}
