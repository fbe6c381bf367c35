import { inOneLine, printable } from "../components/lib/problems";
import { isObject } from "../components/lib/records";
import { suggestion } from "../components/lib/suggestions";
import { settingsShape } from "../program/settingsShape";
import { readStackYaml, StackYamlError } from "../program/stackYaml";
import { defineCommand } from "./command";
import { CommandError } from "./commandError";
import { setSecretLine } from "./invocation";
import { fullKey, type LoginKeys, namedKeys, nameOf, onlyKeys } from "./loginKeys";
import { encryptedAsAWhole } from "./loginList";
import { loginTable } from "./loginTable";
import { keyOption, stackOption } from "./options";
import { findProject, type Project } from "./project";
import { plannedPulls, pullTable } from "./pullTable";
import { chosenStack, type Stack } from "./stack";
import { readStackFile } from "./stackFile";
import { leftOut, unseenIn } from "./unseen";

export const command = defineCommand({
  summary: "Show the logins of a stack file, and which of them kubelet will try for each image in it",
  details: `Needs no passphrase, cluster or registry, shows no username and no secret, and changes nothing.`,
  options: { stack: stackOption, key: keyOption },
  run: async ({ stack: name, key }) => {
    const stack = await chosenStack(findProject(process.cwd()), name);
    console.log(printable(planOf(stack, contentOf(stack), key)));
  },
});

/**
 * What there is to say about the logins of a stack, in lines.
 *
 * @param stackFile its content
 * @throws CommandError if there are none, or several keys of them
 */
export function planOf(
  { project, name, shown }: Pick<Stack, "project" | "name" | "shown">,
  stackFile: unknown,
  key?: string,
): string {
  const { config: own } = isObject(stackFile) ? stackFile : {};
  const config = { ...project.config, ...(isObject(own) ? inFull(own, project) : {}) };
  const unseen = unseenIn(stackFile, project.name);
  const isPartial = unseen.dockerConfigJson.length + unseen.environments.length > 0;
  const found = onlyKeys(config, project.name, key);
  const notes = leftOut(unseen, name, shown);
  if (!isPartial && (found === undefined || config[found.current] === undefined)) {
    throw new CommandError(
      `${shown} has no logins${key === undefined ? "" : ` under ${inOneLine(key)}`}: give a list of mappings with server, username and password, and encrypt each password with \`${setSecretLine(name, `${project.name}:registries`, "[0].password")}\`.`,
    );
  }
  const [text = project.name] = unseen.dockerConfigJson;
  const keys = found ?? namedKeys(`${text.replace(/:.*$/s, "")}:registries`, config, project.name);
  return [...linesOf(config, keys, isPartial), ...notes].join("\n");
}

function linesOf(config: Record<string, unknown>, keys: LoginKeys, isPartial: boolean): string[] {
  const namespace = keys.current.slice(0, -nameOf(keys.current).length);
  const settings = Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(namespace))
      .map(([key, value]) => [key.slice(namespace.length), value]),
  );
  const { [keys.current]: registries, [keys.previous]: previousRegistries } = config;
  if (isObject(registries)) {
    throw encryptedAsAWhole(keys.current);
  }
  if (!areDeployments(settings["workloads"])) {
    return [
      ...(registries === undefined ? [] : [loginTable(registries, previousRegistries)]),
      "The images are in the program: `pulumi preview` checks them, and PrivateWorkloads' output `pullPlan` has the logins of each.",
    ];
  }
  const known = Object.keys(settingsShape.members);
  const beside = [keys.current, keys.previous].map(nameOf);
  const unknown = Object.keys(settings).filter((name) => ![...known, ...beside, ...textKeys].includes(name));
  const pulls = plannedPulls(
    {
      ...Object.fromEntries(
        Object.entries(settings).filter(([name]) => known.includes(name) && !textKeys.includes(name)),
      ),
      ...(registries !== undefined && { registries }),
      ...(previousRegistries !== undefined && { previousRegistries }),
    },
    isPartial,
  );
  return [
    pullTable(pulls, isPartial),
    ...unknown.map(
      (name) =>
        `${inOneLine(namespace + name)} is not a setting that a plan depends on${suggestion(name, known)}.`,
    ),
  ];
}

/** Keys of logins that are one encrypted text. */
const textKeys = ["dockerConfigJson", "previousDockerConfigJson"];

/** Whether a value is in the form of this package's own program: Deployments by name. */
function areDeployments(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.values(value).every((item) => isObject(item) && ("image" in item || "containers" in item))
  );
}

function inFull(config: Record<string, unknown>, project: Project): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [fullKey(key, project.name), value]),
  );
}

/** Pulumi only reads the first of several documents. */
function contentOf({ path, shown }: Stack): unknown {
  try {
    return readStackYaml(Buffer.from(readStackFile(path, shown)))[0];
  } catch (error) {
    throw error instanceof StackYamlError ? new CommandError(`${shown} ${error.message}`) : error;
  }
}
