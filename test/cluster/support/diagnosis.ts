import { readFileSync } from "node:fs";
import { run } from "./commands";

const lines = 60;

/** Prints what tells why a test has failed: its pods, their events, and what kubelet complains of. */
export async function printDiagnosis(namespaces: string[]): Promise<void> {
  for (const namespace of namespaces) {
    await show(`pods in ${namespace}`, "get", "pods", `--namespace=${namespace}`, "--output=wide");
    await show(`events in ${namespace}`, "events", `--namespace=${namespace}`);
  }
  const log = process.env["KUBELET_LOG"] ?? "";
  if (log !== "") {
    print("kubelet", readFileSync(log, "utf8").split("\n").filter(isAbout(namespaces)));
  }
}

async function show(title: string, ...args: string[]): Promise<void> {
  const output = await run("kubectl", args).catch(String);
  print(title, output.trimEnd().split("\n"));
}

function print(title: string, text: string[]): void {
  console.log([`      ---- ${title}`, ...text.slice(-lines)].join("\n      "));
}

/** Warnings and errors about pods of the namespaces. */
function isAbout(namespaces: string[]): (line: string) => boolean {
  return (line) => /^[EW]/.test(line) && namespaces.some((namespace) => line.includes(`"${namespace}/`));
}
