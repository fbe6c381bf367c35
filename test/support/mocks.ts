import * as pulumi from "@pulumi/pulumi";

const project = "unit";
const stack = "test";

/** A resource that a program has registered, with its inputs as the engine gets them. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

/** What came of a program under mocks. */
export interface Outcome<T> {
  readonly value: T;
  readonly resources: Registered[];
  /** Messages of all errors, those that no resource waits for included. */
  readonly errors: string[];
  readonly warnings: string[];
  readonly infos: string[];
}

/** Inputs of the resources of one type, by name. */
export function inputsOf(
  { resources }: Outcome<unknown>,
  type: string,
): Record<string, Record<string, unknown>> {
  return Object.fromEntries(
    resources.filter((resource) => resource.type === type).map(({ name, inputs }) => [name, inputs]),
  );
}

export interface MockOptions {
  readonly preview?: boolean;
  readonly config?: Record<string, string>;
  /** The outputs of every stack that a StackReference reads. */
  readonly stackOutputs?: Record<string, unknown>;
  /** The outputs in the stack's own state, by URN. */
  readonly state?: Record<string, object>;
  /** How many reads of it find it cut off, as the engine is writing it. Default none. */
  readonly tornReads?: number;
  /** Type and name of a resource that can't be created. Default none. */
  readonly failing?: string;
}

/**
 * Runs a program to its end against mocks that answer as the providers do: a RandomId has a `hex`, which is not known at
 * preview, and everything else has what it was given.
 */
export async function runWithMocks<T>(program: () => T, options: MockOptions = {}): Promise<Outcome<T>> {
  const resources: Registered[] = [];
  const errors = new Set<unknown>();
  const warnings: string[] = [];
  const infos: string[] = [];
  const { warn, info } = pulumi.log;
  let { tornReads = 0 } = options;
  const restore = catchRejections((error) => errors.add(error));
  try {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }: pulumi.runtime.MockResourceArgs) => {
          resources.push({ type, name, inputs: inputs as Record<string, unknown> });
          if (options.failing === `${type} ${name}`) {
            throw new Error("no room");
          }
          const state = { ...heldOutputs(type, name, options), ...stateOf(type, inputs as object, options) };
          return { id: options.preview ? "" : `${name}-id`, state };
        },
        call: ({ token, inputs }: pulumi.runtime.MockCallArgs) => {
          if (token !== "pulumi:pulumi:readStackResourceOutputs" || options.state === undefined) {
            return inputs as Record<string, unknown>;
          }
          if (tornReads-- > 0) {
            throw Object.assign(new Error(), { details: "failed to load checkpoint: EOF" });
          }
          return { outputs: heldBy(options.state) };
        },
      },
      project,
      stack,
      options.preview ?? false,
      "organization",
    );
    pulumi.runtime.setAllConfig(options.config ?? {});
    Object.assign(pulumi.log, {
      warn: (message: string) => {
        warnings.push(message);
        return Promise.resolve();
      },
      info: (message: string) => {
        infos.push(message);
        return Promise.resolve();
      },
    });
    const { value } = await ended(program, (error) => errors.add(error));
    return {
      value,
      resources,
      errors: [...errors].map((error) => (error as Error).message),
      warnings,
      infos,
    };
  } finally {
    Object.assign(pulumi.log, { warn, info });
    restore();
  }
}

/** Gives the mocks of the running program an engine's way to register hooks, which answers with `error`. */
export function answerRegistrations(error: Error | null): { count: number } {
  const registrations = { count: 0 };
  const register = (_request: unknown, answer: (error: Error | null) => void): void => {
    registrations.count++;
    answer(error);
  };
  Object.assign(pulumi.runtime.getMonitor() ?? {}, {
    registerErrorHook: register,
    registerResourceHook: register,
  });
  return registrations;
}

function heldBy(state: Record<string, object>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(state).map(([urn, outputs]) => [urn, { outputs }]));
}

/** What the stack's state has of a resource, which the engine tells while the program has not registered other outputs. */
function heldOutputs(type: string, name: string, { state = {} }: MockOptions): object | undefined {
  return Object.entries(state).find(([urn]) => urn.endsWith(`::${type}::${name}`))?.[1];
}

function stateOf(
  type: string,
  inputs: object,
  { preview, stackOutputs }: MockOptions,
): Record<string, unknown> {
  if (type === "pulumi:pulumi:StackReference") {
    return { ...inputs, outputs: stackOutputs };
  }
  return type === "random:index/randomId:RandomId" && !preview
    ? { ...inputs, hex: versionHex }
    : { ...inputs };
}

/** The version that every RandomId of the mocks has. */
export const versionHex = "0a1b2c3d";

function catchRejections(report: (error: unknown) => void): () => void {
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", report);
  return () => {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) {
      process.on("unhandledRejection", listener);
    }
  };
}

/** What a program returns or throws, but not before it has registered all that it will. */
async function ended<T>(program: () => T, report: (error: unknown) => void): Promise<{ value: T }> {
  try {
    const value = program();
    if (value instanceof Promise) {
      await value.catch(report);
    }
    return { value };
  } finally {
    await settled();
  }
}

/** Waits until the program has registered all that it will. */
async function settled(): Promise<void> {
  await pulumi.runtime.disconnect().catch(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
}

const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

/** An input as the engine gets a secret. */
export function secretOf(value: unknown): Record<string, unknown> {
  return { [signature]: secretMark, value };
}

/** What the SDK keeps of an Output beside what it publishes. */
interface OutputState<T> {
  promise(): Promise<T>;
  isKnown: Promise<boolean>;
  isSecret: Promise<boolean>;
}

/** The value of an output, or undefined while it is unknown. */
export async function valueOf<T>(output: pulumi.Output<T>): Promise<T | undefined> {
  const state = output as unknown as OutputState<T>;
  const value = await state.promise();
  return (await state.isKnown) ? value : undefined;
}

/** Whether the engine would hide an output. */
export async function isSecret(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as OutputState<unknown>).isSecret;
}
