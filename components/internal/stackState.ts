import { setTimeout as sleep } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { messageOf } from "../lib/problems";
import { isRecord } from "../lib/records";

/** The outputs of resources, by URN. */
export type HeldOutputs = Record<string, unknown>;

/**
 * The engine's built-in provider, which reads the state. Hooks should pass it explicitly: to find a default provider, the engine
 * runs a step, which can't start while waiting hooks occupy all step workers. Undefined if the engine does not tell.
 */
export async function engineProvider(): Promise<pulumi.ProviderResource | undefined> {
  const registered = await ask("getResource", () => ({
    urn: `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::pulumi:providers:pulumi::default`,
  }));
  const { urn, id } = registered ?? {};
  return typeof urn === "string"
    ? new pulumi.DependencyProviderResource(
        `${urn}::${typeof id === "string" ? id : pulumi.runtime.unknownValue}`,
      )
    : undefined;
}

/** The outputs, in the state, of a resource that this run has registered and does not change. */
export async function unchangedOutputs(urn: string): Promise<unknown> {
  return (await ask("getResource", () => ({ urn })))?.["state"];
}

/** How often a state is read that the engine is writing at the same time, and how long to wait in between. */
const [mostReads, pauseMillis] = [50, 100];

/**
 * The outputs of each resource in the stack's state; none if the backend does not give it.
 *
 * @throws Error if the file backend's state stays cut off: it writes the state in place, and may be doing so at each read
 */
export async function heldOutputs(provider: pulumi.ProviderResource | undefined): Promise<HeldOutputs> {
  const stackName = () => [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const held = await ask("readStackResourceOutputs", () => ({ stackName: stackName() }), provider);
  const resources = isRecord(held?.["outputs"]) ? held["outputs"] : {};
  return Object.fromEntries(
    Object.entries(resources).map(([urn, resource]) => [
      urn,
      isRecord(resource) ? resource["outputs"] : undefined,
    ]),
  );
}

async function ask(
  question: "getResource" | "readStackResourceOutputs",
  args: () => pulumi.Inputs,
  provider?: pulumi.ProviderResource,
): Promise<Record<string, unknown> | undefined> {
  for (let reads = 1; ; reads++) {
    try {
      const answer: unknown = await pulumi.runtime.invoke(`pulumi:pulumi:${question}`, args(), { provider });
      return isRecord(answer) ? answer : undefined;
    } catch (error) {
      if (!/failed to load checkpoint/.test(messageOf(error))) {
        return undefined;
      }
      if (reads === mostReads) {
        throw new Error("The stack's state could not be read while it was being written: run this again.", {
          cause: error,
        });
      }
      await sleep(pauseMillis);
    }
  }
}
