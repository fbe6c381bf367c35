import * as pulumi from "@pulumi/pulumi";
import { ownMember } from "../lib/records";

/** The SDK's internal form of `apply`. */
interface LiftingOutput<T> {
  apply<R>(f: (known: T) => R, runWithUnknowns: true): pulumi.Output<R>;
}

/**
 * A member of a map, known as soon as that member is, even if others are not. Unlike `map[key]`, it works for keys that are
 * members of every Output, such as `constructor`, `apply` and `get`.
 */
export function memberOf<Value>(
  map: pulumi.Output<Record<string, Value>>,
  key: string,
): pulumi.Output<Value> {
  return (map as unknown as LiftingOutput<Record<string, Value>>).apply(
    (known) => (pulumi.isUnknown(known) ? known : ownMember(known, key)) as Value,
    true,
  );
}
