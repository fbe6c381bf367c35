import { inOneLine } from "../components/lib/problems";
import { isObject } from "../components/lib/records";
import { pulumiLine, setSecretLine, shellText } from "./invocation";
import { fullKey, nameOf } from "./loginKeys";

/** Where a stack's logins may be beside the lists in its file, out of the sight of a command. */
export interface Unseen {
  /** Keys that hold a whole config.json as one text, in their long form. */
  dockerConfigJson: string[];
  /** The environments of Pulumi ESC that the stack takes config from. */
  environments: string[];
}

/** @param stackFile its content */
export function unseenIn(stackFile: unknown, project: string): Unseen {
  const { config, environment } = isObject(stackFile) ? stackFile : {};
  return {
    dockerConfigJson: Object.keys(isObject(config) ? config : {})
      .filter((key) => nameOf(key) === "dockerConfigJson")
      .map((key) => fullKey(key, project)),
    environments: environmentsOf(environment),
  };
}

/** A list of names, or a definition with imports and values of its own. */
function environmentsOf(environment: unknown): string[] {
  if (Array.isArray(environment)) {
    return environment.flatMap(importedName);
  }
  if (!isObject(environment)) {
    return [];
  }
  const { imports, values } = environment;
  return [
    ...(Array.isArray(imports) ? imports.flatMap(importedName) : []),
    ...(values === undefined ? [] : ["`environment.values` of the stack file"]),
  ];
}

/** An import is a name, or a name with options: `{ shop/registries: { merge: false } }`. */
function importedName(entry: unknown): string[] {
  const [name] = isObject(entry) ? Object.keys(entry) : [entry];
  return typeof name === "string" ? [inOneLine(name)] : [];
}

/** What a list of logins leaves out, a sentence for each place. */
export function leftOut({ dockerConfigJson, environments }: Unseen, stack: string, shown: string): string[] {
  return [
    ...dockerConfigJson.map((key) => `${key} is encrypted as one text: its logins are not in the list.`),
    ...(environments.length === 0
      ? []
      : [
          `${shown} also takes config from ${environments.join(", ")}, which this command can't read: what is set there is not in the list. \`pulumi config --stack ${stack}\` shows all of it, with secrets hidden.`,
        ]),
  ];
}

/** How to rotate a login that is in one of these places. */
export function rotateByHand(
  { dockerConfigJson, environments }: Unseen,
  stack: string,
  server: string,
): string[] {
  return [
    ...dockerConfigJson.flatMap((key) => dockerConfigJsonSteps(key, stack, server)),
    ...(environments.length === 0 ? [] : environmentSteps(environments, stack, server)),
  ];
}

function dockerConfigJsonSteps(key: string, stack: string, server: string): string[] {
  const previous = key.replace(/dockerConfigJson$/, "previousDockerConfigJson");
  return [
    `${key} is encrypted as one text. If the login is there, set the new text, and keep the old one until the registry knows the new password:`,
    `  pulumi config get --stack ${stack} ${shellText(key)} | ${setSecretLine(stack, previous)}`,
    `  ${setSecretLine(stack, key)} < config.json`,
    `  ${pulumiLine("up", stack)}`,
    `Then change the password at ${server}, and drop the old text:`,
    `  pulumi config rm --stack ${stack} ${shellText(previous)}`,
    `  ${pulumiLine("up", stack)}`,
  ];
}

function environmentSteps(environments: string[], stack: string, server: string): string[] {
  return [
    `The stack also takes config from ${environments.join(", ")}, which this command can't read. If the login is there, change it there, once for all stacks that import it:`,
    "  copy the login from `registries` to `previousRegistries`, and set the new password in `registries`, as `fn::secret`: `pulumi env edit <environment>`",
    `  ${pulumiLine("up", stack)}`,
    `Then change the password at ${server}, remove \`previousRegistries\` from the environment, and run the same again.`,
  ];
}

/** Why a list in the stack file hides one of the same key in an environment; undefined if there is none. */
export function hiddenList({ environments }: Unseen, key: string): string | undefined {
  return environments.length === 0
    ? undefined
    : `The stack also takes config from ${environments.join(", ")}: if ${key} is set there too, Pulumi takes only the list in the stack file, and merges nothing.`;
}
