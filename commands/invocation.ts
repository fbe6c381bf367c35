/** The command line of this package in a project that has it in its node_modules. `--no`: never a stranger's package. */
export const shellWord = "npx --no kubernetes-private-registry";

/** Whether the Makefile of this repository runs the command: then messages name its targets. */
const isMake = process.env["KUBERNETES_PRIVATE_REGISTRY_BY_MAKE"] === "true";

interface Arguments {
  stacks: readonly string[];
  server?: string;
  key?: string;
}

/** The command line for a command of this package. */
export function commandLine(command: string, { stacks, server, key }: Arguments): string {
  if (isMake) {
    const settings = server === undefined ? "" : ` SERVER=${shellText(server)}`;
    return stacks.map((stack) => `make ${command} STACK=${stack}${settings}`).join(" && ");
  }
  return [
    `${shellWord} ${command}`,
    ...stacks.map((stack) => `--stack ${stack}`),
    ...(server === undefined ? [] : [`--server ${shellText(server)}`]),
    ...(key === undefined ? [] : [`--key ${shellText(key)}`]),
  ].join(" ");
}

/** The command line for Pulumi's `preview` or `up`. */
export function pulumiLine(command: "preview" | "up", stack: string): string {
  return isMake ? `make ${command} STACK=${stack}` : `pulumi ${command} --stack ${stack}`;
}

/** The command line that sets a secret in a stack file, on a terminal or from standard input. */
export function setSecretLine(stack: string, key: string, path = ""): string {
  const option = path === "" ? "" : " --path";
  return `pulumi config set --stack ${stack} --secret${option} ${shellText(`${key}${path}`)}`;
}

/** A text as one word of a shell. */
export function shellText(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** How a command is told not to ask. */
export const yesWord = isMake ? "FLAGS=--yes" : "--yes";
