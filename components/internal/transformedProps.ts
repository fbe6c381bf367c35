import * as pulumi from "@pulumi/pulumi";
import { isObject, isPlainObject } from "../lib/records";
import { notYetKnown } from "../lib/shape";
import { stateOf } from "./inputs";
import { silently } from "./silentOutputs";

const { isRpcSecret, specialSecretSig, specialSigKey, unwrapRpcSecret } = pulumi.runtime;

/**
 * Applies `f` to the object at a path in the properties that the engine passes to a resource transform; `[]` in the path stands
 * for each item of a list. Values along the path may be Outputs, or secrets in the engine's wire form; missing and unknown
 * values stay as they are.
 */
export function mapAt<Found extends object>(
  value: unknown,
  [key, ...rest]: readonly string[],
  f: (found: Found) => Found,
): unknown {
  return mapKnown(value, (known) => {
    if (key === "[]" && Array.isArray(known)) {
      return known.map((item) => mapAt(item, rest, f));
    }
    if (!isObject(known)) {
      return known;
    }
    return key === undefined ? f(known as Found) : { ...known, [key]: mapAt(known[key], rest, f) };
  });
}

/** The text at a path of such properties, if any. */
export function readAt(value: unknown, path: readonly string[]): pulumi.Output<string | undefined> {
  const [key, ...rest] = path;
  const output: pulumi.Output<unknown> = pulumi.unsecret(pulumi.output(value as object | undefined));
  return output.apply((inner) => {
    const known: unknown = unwrapRpcSecret(inner);
    if (key !== undefined) {
      return readAt(isObject(known) ? known[key] : undefined, rest);
    }
    return pulumi.output(typeof known === "string" ? known : undefined);
  });
}

/** A value without Outputs and secrets in the engine's wire form, at any depth; {@link notYetKnown} for unknown parts. */
export async function knownPart(value: unknown): Promise<unknown> {
  if (isRpcSecret(value)) {
    return knownPart(unwrapRpcSecret(value));
  }
  if (pulumi.Output.isInstance(value)) {
    const { isKnown } = stateOf(value);
    return (await isKnown) ? knownPart(await silently(value)) : notYetKnown;
  }
  if (pulumi.isUnknown(value)) {
    return notYetKnown;
  }
  if (Array.isArray(value)) {
    return Promise.all(value.map(knownPart));
  }
  if (!isPlainObject(value)) {
    return value;
  }
  const members = Object.entries(value).map(async ([key, member]) => [key, await knownPart(member)] as const);
  return Object.fromEntries(await Promise.all(members));
}

/** Applies `f` to a value: at once, or inside the Output or secret that holds it. */
export function mapKnown(value: unknown, f: (known: unknown) => unknown): unknown {
  if (isRpcSecret(value)) {
    return secret(mapKnown(unwrapRpcSecret(value), f));
  }
  if (pulumi.Output.isInstance(value)) {
    return value.apply((inner: unknown) => mapKnown(inner, f));
  }
  return pulumi.isUnknown(value) ? value : f(value);
}

/**
 * The properties with every secret in the engine's wire form. The SDK serializes a transform's result outside the program's
 * context. In an inline program of the Automation API it would therefore drop the marks of secret Outputs, and their values
 * would be in the state in clear text.
 */
export function inEngineForm(value: unknown): unknown {
  if (pulumi.Output.isInstance(value)) {
    const known: pulumi.Output<unknown> = pulumi.unsecret(value);
    return pulumi
      .all([known, pulumi.isSecret(value)])
      .apply(([inner, isSecret]: [unknown, boolean]) =>
        isSecret && !isRpcSecret(inner) ? secret(inner) : inner,
      );
  }
  if (Array.isArray(value)) {
    return value.map(inEngineForm);
  }
  return isPlainObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inEngineForm(item)]))
    : value;
}

function secret(value: unknown): Record<string, unknown> {
  return { [specialSigKey]: specialSecretSig, value };
}
