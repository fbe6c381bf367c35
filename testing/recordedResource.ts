import * as pulumi from "@pulumi/pulumi";
import { containerLists } from "../components/lib/podImages";
import { isObject, isPlainObject } from "../components/lib/records";
import { notKnown } from "../components/lib/served/known";

/** What Pulumi's mocks are given of a resource: the argument of `newResource`, such as a MockResourceArgs. */
export interface RecordedResource {
  /** Type token, such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Name in Pulumi. */
  readonly name: string;
  /** Inputs as the mocks are given them; secrets and unknown values may be in the engine's form. */
  readonly inputs: unknown;
  /** The explicit provider, as the mocks are given it. Default the default provider. */
  readonly provider?: string;
}

const unwrapRpcSecret = pulumi.runtime.unwrapRpcSecret as (value: unknown) => unknown;

/** A plain copy of inputs, without the engine's marks of secrets, and with {@link notKnown} for what is unknown. */
export function plainInputs(value: unknown): unknown {
  if (pulumi.isUnknown(value)) {
    return notKnown;
  }
  const inner = unwrapRpcSecret(value);
  if (inner !== value) {
    return plainInputs(inner);
  }
  if (Array.isArray(value)) {
    return value.map(plainInputs);
  }
  return isPlainObject(value) ? mapMembers(value, (_, member) => plainInputs(member)) : value;
}

/**
 * Inputs with {@link notKnown} for each name of a pull Secret and each image that is missing. Mocks leave out what an Output
 * has that newResource does not return.
 */
export function withMissing(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withMissing);
  }
  return isPlainObject(value)
    ? mapMembers(value, (key, member) => (Array.isArray(member) ? listAt(key, member) : withMissing(member)))
    : value;
}

function listAt(key: string, list: unknown[]): unknown[] {
  if (key === "imagePullSecrets") {
    return list.map((item) => withMember(item, "name"));
  }
  if ((containerLists as readonly string[]).includes(key)) {
    return list.map((item) => withMember(item, "image"));
  }
  if (key === "volumes") {
    return list.map((item) =>
      isObject(item) && isObject(item["image"])
        ? { ...item, image: withMember(item["image"], "reference") }
        : item,
    );
  }
  return list.map(withMissing);
}

function withMember(item: unknown, member: string): unknown {
  return isObject(item) && (item[member] ?? "") === "" ? { ...item, [member]: notKnown } : item;
}

function mapMembers(
  value: Record<string, unknown>,
  f: (key: string, member: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, f(key, member)]));
}
