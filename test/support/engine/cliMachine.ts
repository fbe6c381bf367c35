import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, join, resolve } from "node:path";
import { listen } from "../registry/httpServer";
import type { Stoppable } from "../runner/stopAtEnd";
import { temporaryDirectory } from "../runner/temporaryDirectory";

const offline = resolve(__dirname, "../../../offline");

/** How a script of offline/ has ended. */
export interface ScriptRun {
  code: number | null;
  stdout: string;
  /** The lines of stderr. */
  stderr: string[];
}

/** A script of offline/ that runs in a process group of its own. */
export interface RunningScript {
  ended: Promise<ScriptRun>;
  /** As Ctrl-C does in a terminal. */
  interrupt: () => void;
}

/**
 * A machine without a Pulumi CLI: its own home, a `go` that builds in no time, a clock for which a second is short, and
 * a proxy as its only way to Pulumi's download site.
 */
export interface CliMachine extends Stoppable {
  cache: string;
  /** What the proxy was asked for, such as `get.pulumi.com:443`. */
  asked: string[];
  env: Record<string, string>;
  /** Puts a program first on PATH. */
  addProgram(name: string, script: string): void;
  /** The arguments of each call of a program that was added, one call a line. */
  calls(name: string): string[];
  start(script: string, ...args: string[]): RunningScript;
  run(script: string, ...args: string[]): Promise<ScriptRun>;
}

/** Makes the machine, with a proxy that answers what asks for a connection with `status`, or nothing. */
export async function createCliMachine(status?: number): Promise<CliMachine> {
  const directory = temporaryDirectory();
  const [bin, cache] = [join(directory.path, "bin"), join(directory.path, "cache")];
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  const asked: string[] = [];
  const proxy = createServer().on("connect", ({ url = "" }, socket) => {
    asked.push(url);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Answered\r\n\r\n`);
    }
  });
  const others = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !existsSync(join(folder, "pulumi")));
  const machine: CliMachine = {
    cache: join(cache, "kubernetes-private-registry"),
    asked,
    env: {
      HOME: directory.path,
      XDG_CACHE_HOME: cache,
      PATH: [bin, ...others].join(delimiter),
      HTTPS_PROXY: `http://${await listen(proxy)}`,
    },
    addProgram: (name, script) => {
      const path = join(bin, name);
      writeFileSync(path, `#!/bin/bash\necho "$*" >>"$0.calls"\n${script}\n`);
      chmodSync(path, 0o755);
    },
    calls: (name) => {
      const file = join(bin, `${name}.calls`);
      return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
    },
    start: (script, ...args) => start(join(offline, script), args, machine.env),
    run: (script, ...args) => machine.start(script, ...args).ended,
    stop: async () => {
      proxy.close();
      proxy.closeAllConnections();
      await directory.stop();
    },
  };
  machine.addProgram("sleep", "exec /bin/sleep 0.002");
  machine.addProgram("go", '[[ $1 == list ]] && echo a || { : >"$5" && chmod +x "$5"; }');
  return machine;
}

function start(script: string, args: string[], env: Record<string, string>): RunningScript {
  const child = spawn(script, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text.stdout += part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => (text.stderr += part));
  return {
    ended: once(child, "close").then(([code]) => ({
      code: code as number | null,
      stdout: text.stdout,
      stderr: text.stderr.split("\n").filter((line) => line !== ""),
    })),
    interrupt: () => process.kill(-(child.pid ?? 0), "SIGINT"),
  };
}
