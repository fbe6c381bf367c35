import { type ChildProcess, spawn } from "node:child_process";
import type { ServerUnaryCall, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  GetRequiredPackagesResponse,
  type InstallDependenciesRequest,
  InstallDependenciesResponse,
  type RunPluginRequest,
  RunPluginResponse,
  type RunRequest,
  RunResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { engineAddress, serve, unary } from "./serve";

/** The SDK's exit code after it has already shown the error to the user. */
const exitedAfterMessage = 32;

serve(LanguageRuntimeService, {
  getPluginInfo: unary(() => new PluginInfo()),
  getRequiredPackages: unary(() => new GetRequiredPackagesResponse()),
  installDependencies,
  run,
  runPlugin,
});

/** Runs the program in its own Node.js process, as the official language host does. */
function run(call: ServerUnaryCall<RunRequest, RunResponse>, callback: sendUnaryData<RunResponse>): void {
  const request = call.request;
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const runner = require.resolve("@pulumi/pulumi/cmd/run", { paths: [directory] });
  const program = spawn(process.execPath, [runner, ...programArguments(request, directory)], {
    env: { ...process.env, ...programEnvironment(request) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  killAlong(program);
  call.on("cancelled", () => program.kill("SIGINT"));
  program.on("error", (error) => {
    callback(error);
  });
  program.on("exit", (code, signal) => {
    const response = new RunResponse();
    if (code === exitedAfterMessage) {
      response.setBail(true);
    } else if (code !== 0) {
      response.setError(
        `Program exited with ${code === null ? String(signal) : `non-zero exit code: ${code}`}`,
      );
    }
    callback(null, response);
  });
}

/** Installs the dependencies of a program or a component package, with the same npm flags as the official language host. */
function installDependencies(
  call: ServerWritableStream<InstallDependenciesRequest, InstallDependenciesResponse>,
): void {
  const npm = spawn("npm", ["install", "--loglevel=error"], {
    cwd: call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  killAlong(npm);
  call.on("cancelled", () => npm.kill());
  npm.stdout.on("data", (text: Buffer) => call.write(new InstallDependenciesResponse().setStdout(text)));
  npm.stderr.on("data", (text: Buffer) => call.write(new InstallDependenciesResponse().setStderr(text)));
  npm.on("error", (error) => call.emit("error", error));
  npm.on("close", (code) => {
    if (code === 0) {
      call.end();
    } else {
      call.emit("error", new Error(`npm install ended with ${String(code)}`));
    }
  });
}

/**
 * Runs a component package, such as this one, or a policy pack, with the SDK's runner of it. That of policy packs takes the
 * folder last, and works in it.
 */
function runPlugin(call: ServerWritableStream<RunPluginRequest, RunPluginResponse>): void {
  const request = call.request;
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getProgram();
  const args = request.getArgsList();
  const [name, cwd, given] =
    request.getKind() === "analyzer"
      ? ["run-policy-pack", directory, [...args, directory]]
      : ["run-plugin", request.getPwd(), [directory, ...args]];
  const runner = require.resolve(`@pulumi/pulumi/cmd/${name}`, { paths: [directory] });
  const plugin = spawn(process.execPath, [runner, ...given], {
    cwd,
    env: { ...process.env, ...variables(request.getEnvList()) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  killAlong(plugin);
  call.on("cancelled", () => plugin.kill());
  plugin.stdout.on("data", (text: Buffer) => call.write(new RunPluginResponse().setStdout(text)));
  plugin.stderr.on("data", (text: Buffer) => call.write(new RunPluginResponse().setStderr(text)));
  plugin.on("error", (error) => call.emit("error", error));
  plugin.on("close", (code) => {
    call.write(new RunPluginResponse().setExitcode(code ?? 1));
    call.end();
  });
}

/** Environment variables from a list of `NAME=value`. */
function variables(list: string[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    list.map((variable) => {
      const [name = "", value] = variable.split(/=(.*)/s);
      return [name, value];
    }),
  );
}

function programArguments(request: RunRequest, directory: string): string[] {
  return [
    ...["--monitor", request.getMonitorAddress()],
    ...["--engine", engineAddress() ?? ""],
    ...["--organization", request.getOrganization()],
    ...["--project", request.getProject()],
    ...["--root-directory", request.getInfo()?.getRootDirectory() ?? directory],
    ...["--stack", request.getStack()],
    ...["--pwd", directory],
    ...["--parallel", String(request.getParallel())],
    ...(request.getDryrun() ? ["--dry-run"] : []),
    request.getInfo()?.getEntryPoint() ?? request.getProgram(),
    ...request.getArgsList(),
  ];
}

function programEnvironment(request: RunRequest): NodeJS.ProcessEnv {
  return {
    PULUMI_NODEJS_TYPESCRIPT: "true",
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}

function killAlong(program: ChildProcess): void {
  process.once("exit", () => program.kill("SIGKILL"));
}
