import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../lib/records";
import { isInput, stateOf } from "./inputs";

/** What an Output resolves to. Whoever waits for it hears of a rejection, and nobody else. */
export function silently(output: pulumi.Output<unknown>): Promise<unknown> {
  const { isKnown, isSecret, promise } = stateOf(output);
  const value = promise();
  for (const part of [value, isKnown, isSecret]) {
    part.catch(() => undefined);
  }
  return value;
}

/**
 * The Output of an input, of which nobody hears that it rejects. A Promise of a list with an Output that rejects is waited
 * for first: the SDK would tell that error, as it leaves parts of what it makes of the list alone.
 */
export async function outputOf(input: pulumi.Input<unknown>): Promise<pulumi.Output<unknown>> {
  const output: pulumi.Output<unknown> = pulumi.output(input instanceof Promise ? await input : input);
  silently(output).catch(() => undefined);
  return output;
}

/** The Output, once it has resolved; rejects as it does. */
export async function resolved(output: Promise<pulumi.Output<unknown>>): Promise<pulumi.Output<unknown>> {
  const known = await output;
  await silently(known);
  return known;
}

/** Whether the SDK takes a value by its members. */
export function isLiteral(value: unknown): value is Record<string, unknown> {
  return (
    isRecord(value) &&
    !isInput(value) &&
    !pulumi.Resource.isInstance(value) &&
    !pulumi.asset.Asset.isInstance(value)
  );
}
