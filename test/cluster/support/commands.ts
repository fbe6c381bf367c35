import { spawn } from "node:child_process";

/** Runs a command to its end and returns what it has printed; fails with what it complained of. */
export async function run(command: string, args: string[], input = ""): Promise<string> {
  const child = spawn(command, args);
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (output.stderr += text));
  child.stdin.on("error", () => undefined).end(input);
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  if (code !== 0) {
    throw new Error(`${command} ${args.join(" ")}: ${output.stderr.trim()}`);
  }
  return output.stdout;
}

/** Runs kubectl on the cluster of KUBECONFIG. */
export function kubectl(...args: string[]): Promise<string> {
  return run("kubectl", args);
}

/** Makes objects that are not there yet and returns them as they are in the cluster. */
export async function create<T>(namespace: string, object: object): Promise<T> {
  const args = ["create", `--namespace=${namespace}`, "--output=json", "--filename=-"];
  return JSON.parse(await run("kubectl", args, JSON.stringify(object))) as T;
}

/** One object as it is in the cluster. */
export async function get<T>(namespace: string, object: string): Promise<T> {
  return JSON.parse(await kubectl("get", `--namespace=${namespace}`, object, "--output=json")) as T;
}

/** Names of all objects of a kind in a namespace. */
export async function namesOf(namespace: string, kind: string): Promise<string[]> {
  const jsonpath = "{.items[*].metadata.name}";
  const names = await kubectl("get", kind, `--namespace=${namespace}`, `--output=jsonpath=${jsonpath}`);
  return names === "" ? [] : names.split(" ");
}

/** The value of an environment variable that the cluster's `env` file sets. */
export function setting(name: string): string {
  const value = process.env[name] ?? "";
  if (value === "") {
    throw new Error(
      `${name} is not set: run \`make e2e\`, or see test/cluster/README.md for a cluster of your own.`,
    );
  }
  return value;
}
