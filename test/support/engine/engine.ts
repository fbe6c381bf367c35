import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import {
  type ConfigMap,
  type EngineEvent,
  LocalWorkspace,
  type OutputMap,
  type PulumiFn,
} from "@pulumi/pulumi/automation";
import { type KubernetesPlugin, pluginEnvironment } from "./plugins";

const project = "engine-test";
const passphrase = "engine-test-passphrase";

/** One command that the engine has run, and all that it said. */
export interface EngineRun {
  readonly events: EngineEvent[];
  readonly stdout: string;
  readonly stderr: string;
  /** The error that the command has thrown, with its stack; empty when it has succeeded. */
  readonly thrown: string;
}

/** A command that the engine has failed to run to its end. */
export class EngineFailure extends Error {
  constructor(readonly run: EngineRun) {
    super(run.stdout + run.stderr);
  }
}

/** Flags of the command. */
export interface EngineRunOptions {
  readonly diff?: boolean;
  readonly parallel?: number;
  /** URNs, with wildcards, of the only resources to be updated. */
  readonly target?: string[];
  readonly targetDependents?: boolean;
  /** Reads the objects of the cluster first. */
  readonly refresh?: boolean;
  /** Folders of policy packs, and the file with the configuration of each. */
  readonly policyPacks?: string[];
  readonly policyPackConfigs?: string[];
}

export interface EngineStackOptions {
  /** By default the official one, which renders as fast as the stand-in. */
  readonly kubernetes?: KubernetesPlugin;
  /** The stack's name, for a second one in the folder of another. */
  readonly name?: string;
  /** A folder that an earlier stack was made in, perhaps by another process; by default a new temporary one. */
  readonly directory?: string;
  /** Environment variables of the engine and the plugins. */
  readonly env?: Record<string, string>;
}

/** A stack of the real engine in a folder of its own: file backend, passphrase, the plugin that the test chooses. */
export interface EngineStack {
  readonly directory: string;
  /** The backend's own file, in which secrets are encrypted. */
  readonly stateFile: string;
  /** Sets config by path, such as `registries[0].password`; `{ secret }` is encrypted. */
  setConfig(values: Record<string, string | { secret: string }>): Promise<void>;
  removeConfig(path: string): Promise<void>;
  up(program: PulumiFn, options?: EngineRunOptions): Promise<EngineRun>;
  preview(program: PulumiFn, options?: EngineRunOptions): Promise<EngineRun>;
  refresh(): Promise<EngineRun>;
  destroy(options?: { excludeProtected?: boolean }): Promise<EngineRun>;
  /** Takes an object of the cluster over as a child of another resource, as `pulumi import --parent --protect=false` does. */
  importObject(type: string, name: string, id: string, parent: string): Promise<void>;
  /** Gives up an update whose process was killed, as `pulumi cancel` does. */
  cancel(): Promise<void>;
  outputs(): Promise<OutputMap>;
  /** Removes the folder with all that is in it. */
  remove(): void;
}

/**
 * Makes or opens a stack. It needs nothing of the process that made it, so a test of a killed update can run it in a
 * child process (`detached`, and kill `-pid`), and go on in the same `directory`.
 */
export async function createEngineStack(options: EngineStackOptions = {}): Promise<EngineStack> {
  const { PATH, ...plugins } = pluginEnvironment(options.kubernetes ?? "official");
  process.env["PATH"] = PATH;
  if ("KUBECONFIG" in plugins) {
    // The SDK would give it to a provider that renders, which takes none.
    delete process.env["KUBECONFIG"];
  }
  const { name = "test" } = options;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), `${project}-`));
  const backend = join(directory, "state");
  mkdirSync(backend, { recursive: true });
  const stack = await LocalWorkspace.createOrSelectStack(
    { projectName: project, stackName: name, program: () => Promise.resolve() },
    {
      workDir: directory,
      envVars: {
        PULUMI_BACKEND_URL: `file://${backend}`,
        PULUMI_CONFIG_PASSPHRASE: passphrase,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        ...plugins,
        ...options.env,
      },
    },
  );

  return {
    directory,
    stateFile: join(backend, ".pulumi", "stacks", project, `${name}.json`),
    setConfig: (values) => stack.setAllConfig(toConfigMap(values), true),
    removeConfig: (path) => stack.removeConfig(path, true),
    up: (program, flags) => {
      stack.workspace.program = program;
      return recordRun((callbacks) => stack.up({ ...flags, ...callbacks }));
    },
    preview: (program, flags) => {
      stack.workspace.program = program;
      return recordRun((callbacks) => stack.preview({ ...flags, ...callbacks }));
    },
    refresh: () => recordRun((callbacks) => stack.refresh(callbacks)),
    destroy: (flags) => recordRun((callbacks) => stack.destroy({ ...flags, ...callbacks })),
    importObject: async (type, name, id, parent) => {
      await stack.import({
        resources: [{ type, name, id, parent: "parent" }],
        nameTable: { parent },
        protect: false,
        generateCode: false,
      });
    },
    cancel: () => stack.cancel(),
    outputs: () => stack.outputs(),
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The steps of a run in the order in which they began, as `create kubernetes:core/v1:Secret credentials`. */
export function steps(run: EngineRun): string[] {
  return run.events
    .map((event) => event.resourcePreEvent?.metadata)
    .filter((step) => step !== undefined)
    .filter(({ op, type }) => op !== "same" && !type.startsWith("pulumi:"))
    .map(({ op, type, urn }) => `${op} ${type} ${nameOf(urn)}`);
}

/** The messages of one severity that the engine showed, without colours. */
export function messages(run: EngineRun, severity: "error" | "warning" | "info"): string[] {
  return run.events
    .map((event) => event.diagnosticEvent)
    .filter((diagnostic) => diagnostic !== undefined)
    .filter((diagnostic) => diagnostic.severity === severity && diagnostic.ephemeral !== true)
    .map(({ message }) => message.replace(/<\{%.*?%\}>/g, "").trimEnd());
}

/** The run of a command that is expected to fail. */
export async function failureOf(command: Promise<EngineRun>): Promise<EngineRun> {
  try {
    await command;
  } catch (error) {
    if (error instanceof EngineFailure) {
      return error.run;
    }
    throw error;
  }
  throw new Error("the engine was expected to fail, and succeeded");
}

/** The text of the backend's file. */
export function stateText(stack: EngineStack): string {
  return readFileSync(stack.stateFile, "utf8");
}

/** A resource as the backend's file holds it, secrets encrypted. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly dependencies?: string[];
  readonly outputs?: Record<string, unknown>;
}

export function stateResources(stack: EngineStack): StateResource[] {
  const { checkpoint } = JSON.parse(stateText(stack)) as {
    checkpoint: { latest: { resources: StateResource[] } };
  };
  return checkpoint.latest.resources;
}

/** Whether an event is one of the SDK's debug messages, which hold whole resources in clear (SECURITY.md). */
export function isDebugMessage(event: EngineEvent): boolean {
  return String(event.diagnosticEvent?.severity) === "debug";
}

interface Callbacks {
  onEvent: (event: EngineEvent) => void;
  onOutput: (text: string) => void;
  onError: (text: string) => void;
}

async function recordRun(command: (callbacks: Callbacks) => Promise<unknown>): Promise<EngineRun> {
  const events: EngineEvent[] = [];
  const output = { stdout: "", stderr: "" };
  let thrown = "";
  try {
    await command({
      onEvent: (event) => {
        if (!isDebugMessage(event)) {
          events.push(event);
        }
      },
      onOutput: (text) => (output.stdout += text),
      onError: (text) => (output.stderr += text),
    });
  } catch (error) {
    if (output.stdout + output.stderr === "") {
      throw error;
    }
    thrown = inspect(error, { depth: null, maxStringLength: null });
  }
  const run = { events, ...output, thrown };
  if (thrown !== "") {
    throw new EngineFailure(run);
  }
  return run;
}

function toConfigMap(values: Record<string, string | { secret: string }>): ConfigMap {
  return Object.fromEntries(
    Object.entries(values).map(([path, value]) => [
      path,
      typeof value === "string" ? { value } : { value: value.secret, secret: true },
    ]),
  );
}

function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}
