import * as pulumi from "@pulumi/pulumi";
import { ownMember } from "../lib/records";

/** What the SDK's `apply` takes beside what it publishes. */
interface LiftingOutput<T> {
  apply<R>(f: (known: T) => R, runWithUnknowns: true): pulumi.Output<R>;
}

/**
 * The member of a map, known as soon as the member is, even if others are not. Unlike `map[key]` it takes every key: an
 * Output has members of its own, such as `constructor`, `apply` and `get`.
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
