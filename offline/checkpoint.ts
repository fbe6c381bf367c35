import { normalize } from "./normalize";
import { get, getString, isProperties, markSecrets, type Properties, revealProperties } from "./values";

/**
 * A rendered object's state, in the layout of the official provider, so that it can take over the stack.
 *
 * @param asked the object without marks of secrecy
 * @param inputs the object with its secrets marked
 */
export function toState(asked: Properties, inputs: Properties, fieldManager: string): Properties {
  const marked = markSecrets(asked, inputs);
  return {
    ...marked,
    __inputs: marked,
    __initialApiVersion: getString(asked, "apiVersion"),
    __fieldManager: fieldManager,
  };
}

/** The object that the last update asked for, from the state. */
export function askedOf(state: Properties): Properties {
  const asked = get(state, "__inputs");
  return isProperties(asked) ? normalize(revealProperties(asked)) : {};
}

export function fieldManagerOf(state: Properties): string {
  return getString(state, "__fieldManager");
}

/** The id of an object: `namespace/name`, or its name alone. */
export function idOf(object: Properties): string {
  const namespace = getString(object, "metadata", "namespace");
  const name = getString(object, "metadata", "name");
  return namespace === "" ? name : `${namespace}/${name}`;
}
