import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../lib/records";
import { isInput, stateOf } from "./inputs";

/** The value of an Output. A rejection reaches only callers that await it, and is never reported as unhandled. */
export function silently(output: pulumi.Output<unknown>): Promise<unknown> {
  const { isKnown, isSecret, promise } = stateOf(output);
  const value = promise();
  for (const part of [value, isKnown, isSecret]) {
    part.catch(() => undefined);
  }
  return value;
}

/**
 * An input as an Output whose rejection is never reported as unhandled. Awaits a Promise first: for a Promise of a list with
 * a rejecting Output, the SDK leaves internal promises unhandled, which would report the error.
 */
export async function outputOf(input: pulumi.Input<unknown>): Promise<pulumi.Output<unknown>> {
  const output: pulumi.Output<unknown> = pulumi.output(input instanceof Promise ? await input : input);
  silently(output).catch(() => undefined);
  return output;
}

/** Waits until the Output has resolved, and rejects if it does. */
export async function resolved(output: Promise<pulumi.Output<unknown>>): Promise<pulumi.Output<unknown>> {
  const known = await output;
  await silently(known);
  return known;
}

/** Whether the SDK treats a value as a plain object and looks into its members. */
export function isLiteral(value: unknown): value is Record<string, unknown> {
  return (
    isRecord(value) &&
    !isInput(value) &&
    !pulumi.Resource.isInstance(value) &&
    !pulumi.asset.Asset.isInstance(value)
  );
}
