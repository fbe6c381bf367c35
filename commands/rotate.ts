import { inOneLine, printable } from "../components/lib/problems";
import { defineCommand } from "./command";
import { CommandError, UsageError } from "./commandError";
import { checkEncryption, encrypt } from "./encrypt";
import { checkStacks, chosenStacks } from "./fleet";
import { commandLine } from "./invocation";
import { keyOption, serverOption, stacksOption, yesOption } from "./options";
import { findProject } from "./project";
import { readSecret } from "./readSecret";
import { requireAnswer, rollOut, undo } from "./rollout";
import { beginRotation, findRotation, holdsLogin, type Sought } from "./rotation";
import type { Stack } from "./stack";
import { parseStackYaml } from "./stackYaml";
import { hiddenList, unseenIn } from "./unseen";

export const command = defineCommand({
  summary: "Change a registry's password in stack files, with the old login beside it until rotate-finish",
  details: `Reads the new password from the terminal, or one line from standard input. For each stack, in order: encrypts
it, writes the stack file, shows the preview, asks, and runs \`pulumi up\`. Stops at the first that fails.
Then change the password at the registry, and run rotate-finish.`,
  options: {
    server: {
      ...serverOption,
      help: "the registry whose password changes, as in the stack file; docker.io for Docker Hub",
    },
    stack: stacksOption,
    all: { type: "boolean", help: "all stacks whose files hold a login for the server" },
    key: keyOption,
    yes: yesOption,
  },
  undo,
  run: async ({ server = "", stack, all, key, yes = false }) => {
    if (server === "") {
      const example = { stacks: stack ?? [], server: "registry.example.com" };
      throw new UsageError(
        `name the registry whose password changes, such as: ${commandLine("rotate", example)}`,
      );
    }
    const shown = inOneLine(server);
    const soughtIn = ({ name, project }: Stack): Sought => ({ stack: name, project: project.name, key });
    const stacks = await chosenStacks(
      findProject(process.cwd()),
      { stack, all },
      `a login for ${shown}`,
      (one, text) => holdsLogin(text, server, soughtIn(one)),
    );
    const members = new Set<string>();
    await checkStacks(stacks, (one, text) => {
      const { member, keys } = findRotation(text, server, soughtIn(one));
      members.add(member);
      const note = hiddenList(unseenIn(parseStackYaml(text).toJS(), one.project.name), keys.current);
      if (note !== undefined) {
        console.error(printable(`${one.shown}: ${note}`));
      }
    });
    requireAnswer(yes);
    await checkStacks(stacks, checkEncryption);
    const [member = "password", other] = members;
    if (other !== undefined) {
      throw new CommandError(
        `the stacks have different kinds of logins for ${shown}, ${[...members].join(" and ")}: rotate those of one kind at a time.`,
      );
    }
    const names = stacks.map(({ name }) => name);
    const noun = names.length === 1 ? "stack" : "stacks";
    const secret = await readSecret(
      `New ${member} of ${shown} for the ${noun} ${names.join(", ")}: `,
      member,
    );
    await rollOut({ command: "rotate", stacks, server, key, agreed: yes }, async (one, text) => {
      findRotation(text, server, soughtIn(one));
      const { text: encrypted, secure } = await encrypt(one, text, [secret]);
      return beginRotation(encrypted, server, secure[0] ?? "", soughtIn(one));
    });
    const finish = commandLine("rotate-finish", { stacks: names, ...(names.length > 1 && { server }), key });
    console.log(
      `New pods pull with the new ${member}, and with the old one until the registry knows the new. Change it at ${shown} now, then run: ${finish}`,
    );
  },
});
