import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { pluginEnvironment } from "./plugins";

const root = resolve(__dirname, "../../..");

/** A program is ended when it takes more, in megabytes: what a fault eats is not to be that of the machine. */
const mostMemory = 1000;

/** What a program file has cost, and what the CLI has said. */
export interface ProgramRun {
  code: number | null;
  output: string;
  /** The greatest size of the program's process, in megabytes. */
  megabytes: number;
}

/** A project with one program file, run by the real CLI as its users do. */
export interface ProgramFile {
  preview(env: Record<string, string>): Promise<ProgramRun>;
}

/** Makes a project of a program file, with its stack, in a folder of its own. */
export async function createProgramFile(folder: string, program: string): Promise<ProgramFile> {
  mkdirSync(join(folder, "state"), { recursive: true });
  cpSync(program, join(folder, "index.js"));
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: failing\nmain: index.js\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
  );
  writeFileSync(join(folder, "package.json"), '{ "name": "failing", "private": true }');
  const { PATH = "", ...plugins } = pluginEnvironment("official");
  const environment = {
    ...process.env,
    ...plugins,
    PATH: dirname(process.execPath) + delimiter + PATH, // the program runs on the Node.js of the tests
    PACKAGE: join(root, "dist/components"),
    OUT: join(folder, "manifests"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "failing",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const pulumi = (args: string[], env: NodeJS.ProcessEnv): Promise<ProgramRun> =>
    watched(folder, ["--non-interactive", "--color", "never", ...args], { ...environment, ...env });
  await pulumi(["stack", "init", "test"], {});
  return {
    preview: (env) => pulumi(["preview", "--stack", "test"], env),
  };
}

async function watched(cwd: string, args: string[], env: NodeJS.ProcessEnv): Promise<ProgramRun> {
  const child = spawn("pulumi", args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  let megabytes = 0;
  const watch = setInterval(() => {
    for (const { pid, size } of programsIn(cwd)) {
      megabytes = Math.max(megabytes, size);
      if (size > mostMemory) {
        process.kill(pid, "SIGKILL");
      }
    }
  }, 25);
  const [code] = (await once(child, "close")) as [number | null];
  clearInterval(watch);
  return { code, output, megabytes };
}

/** The processes of Pulumi's SDK that run a program of the folder, and their peak so far in megabytes. */
function programsIn(folder: string): { pid: number; size: number }[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        if (!command.includes("cmd/run") || !command.includes(folder)) {
          return [];
        }
        const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
        return [{ pid: Number(pid), size: Number(peak) / 1024 }];
      } catch {
        return []; // It has ended.
      }
    });
}
