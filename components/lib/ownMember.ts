/**
 * The value of a key that a user chose; undefined where the map does not have it. Every object inherits some names that are
 * good keys too, such as `constructor`.
 */
export function ownMember<Value>(map: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
