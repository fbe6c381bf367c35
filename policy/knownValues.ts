import { isObject } from "../components/lib/records";
import { notKnown } from "../components/lib/served/known";

/**
 * A plain copy of the properties that a policy pack is given, with {@link notKnown} for each value that is not known at
 * preview. The SDK gives proxies that throw where such a value is read.
 *
 * @see pulumi-policy sdk/nodejs/policy/proxy.ts, unknownCheckingProxy
 */
export function knownValues(value: unknown): unknown {
  if (Array.isArray(value)) {
    return Array.from({ length: value.length }, (_, index) => memberOf(value, index));
  }
  return isObject(value)
    ? Object.fromEntries(Object.keys(value).map((key) => [key, memberOf(value, key)]))
    : value;
}

function memberOf(holder: object, key: PropertyKey): unknown {
  try {
    return knownValues(Reflect.get(holder, key));
  } catch (error) {
    if (isObject(error) && "unknownTypeSentinel" in error) {
      return notKnown;
    }
    throw error;
  }
}
