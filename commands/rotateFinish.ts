import { inOneLine } from "../components/lib/problems";
import { defineCommand } from "./command";
import { CommandError } from "./commandError";
import { checkEncryption } from "./encrypt";
import { checkStacks, chosenStacks } from "./fleet";
import { keyOption, serverOption, stacksOption, yesOption } from "./options";
import { findProject } from "./project";
import { requireAnswer, rollOut, undo } from "./rollout";
import { finishRotation } from "./rotation";
import type { Stack } from "./stack";

export const command = defineCommand({
  summary: "End a rotation: drop the outgoing logins from stack files",
  details: `Run it once the registry knows the new password. For each stack, in order: writes the stack file, shows the
preview, asks, and runs \`pulumi up\`. Stops at the first that fails.`,
  options: {
    server: { ...serverOption, help: "the registry whose outgoing login is dropped; default: those of all" },
    stack: stacksOption,
    all: { type: "boolean", help: "all stacks whose files hold such an outgoing login" },
    key: keyOption,
    yes: yesOption,
  },
  undo,
  run: async ({ server, stack, all, key, yes = false }) => {
    const finished = ({ name, project }: Stack, text: string): string | undefined =>
      finishRotation(text, { stack: name, project: project.name, key }, server);
    const what = server === undefined ? "an outgoing login" : `an outgoing login for ${inOneLine(server)}`;
    const stacks = await chosenStacks(
      findProject(process.cwd()),
      { stack, all },
      what,
      (one, text) => finished(one, text) !== undefined,
    );
    const change = (one: Stack, text: string): string => {
      const after = finished(one, text);
      if (after === undefined) {
        const which = server === undefined ? "rotation" : `rotation of ${inOneLine(server)}`;
        throw new CommandError(`no ${which} is under way in the stack ${one.name}.`);
      }
      return after;
    };
    await checkStacks(stacks, change);
    requireAnswer(yes);
    await checkStacks(stacks, checkEncryption);
    await rollOut({ command: "rotate-finish", stacks, server, key, agreed: yes }, change);
  },
});
