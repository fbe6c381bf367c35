import { buffer } from "node:stream/consumers";
import { inOneLine, printable } from "../components/lib/problems";
import { defineCommand } from "./command";
import { CommandError } from "./commandError";
import { encrypt } from "./encrypt";
import { configJsonText, loginCount, loginsToImport, withLogins } from "./importedLogins";
import { interruption, orInterrupted } from "./interruption";
import { commandLine, pulumiLine } from "./invocation";
import { onlyKeys } from "./loginKeys";
import { configOf } from "./loginList";
import { keyOption, stackOption } from "./options";
import { findProject } from "./project";
import { chosenStack } from "./stack";
import { readStackFile, replaceStackFile } from "./stackFile";
import { parseStackYaml } from "./stackYaml";
import { hiddenList, unseenIn } from "./unseen";

export const command = defineCommand({
  summary: "Add the logins of a Docker config.json to a stack file, encrypted",
  details: `Reads the config.json from standard input. Writes to the config key that holds logins, or else to
<project>:registries.`,
  options: { stack: stackOption, key: keyOption },
  run: async ({ stack: name, key: wanted }) => {
    const stack = await chosenStack(findProject(process.cwd()), name);
    if (process.stdin.isTTY) {
      throw new CommandError(
        `give a Docker config.json on standard input: ${commandLine("import-logins", { stacks: [stack.name], key: wanted })} < config.json`,
      );
    }
    const { project, path, shown } = stack;
    const json = configJsonText(await orInterrupted(buffer(process.stdin)));
    const before = readStackFile(path, shown);
    const document = parseStackYaml(before);
    const { current: key } = onlyKeys(configOf(document), project.name, wanted) ?? {
      current: `${project.name}:registries`,
    };
    const logins = loginsToImport(json, before, key, stack.name);
    const passwords = logins.map(({ password }) => password);
    const { text, secure } = await encrypt(stack, before, passwords);
    interruption.throwIfAborted();
    replaceStackFile(path, shown, before, withLogins(text, logins, secure, key));
    const first = loginCount(before, key);
    for (const [index, { server }] of logins.entries()) {
      console.log(printable(`${key}[${first + index}]: ${inOneLine(server)}`));
    }
    console.log(`Added to ${shown}, with encrypted passwords. Next: ${pulumiLine("preview", stack.name)}`);
    const note = hiddenList(unseenIn(document.toJS(), project.name), key);
    if (note !== undefined) {
      console.log(printable(note));
    }
  },
});
