import * as pulumi from "@pulumi/pulumi";
import { isObject, isPlainObject } from "../lib/records";
import { notYetKnown } from "../lib/shape";
import { stateOf } from "./inputs";
import { silently } from "./silentOutputs";

const { isRpcSecret, specialSecretSig, specialSigKey, unwrapRpcSecret } = pulumi.runtime;

/**
 * The properties that the engine hands to a resource transform, with `f` of the object at a path, in which `[]` stands
 * for each item of a list. Values on the way may be Outputs, or secrets in the engine's own form; what is not there, or not known yet, stays as it is.
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

/** The text at a path of such properties, if there is one. */
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

/** A value without Outputs and secrets in the engine's own form, at any depth; {@link notYetKnown} for what is not known. */
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

/** `f` of a value: at once, or in the Output or secret that holds it. */
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
 * The properties with every secret in the engine's own form. What a transform returns is not serialized in the program's
 * context, so that in an inline program of the Automation API the SDK leaves out the marks of secret Outputs, and what they
 * hold would be in the state in clear text.
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
