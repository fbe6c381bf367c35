import { normalize, omit } from "./normalize";
import type { Resource } from "./provider";
import { get, getString, isProperties, markSecrets, type Properties, revealProperties } from "./values";

/** What the engine keeps of an object, laid out as the official provider does, which can thus go on from it. */
export interface Checkpoint {
  /** The object that was asked for, without marks of secrecy. */
  readonly asked: Properties;
  /** The object as it is. */
  readonly live: Properties;
  /** Inputs, in which it is marked what is secret. */
  readonly inputs: Properties;
  readonly fieldManager: string;
}

export function toState({ asked, live, inputs, fieldManager }: Checkpoint): Properties {
  return {
    ...markSecrets(live, inputs),
    __inputs: markSecrets(asked, inputs),
    __initialApiVersion: getString(live, "apiVersion"),
    __fieldManager: fieldManager,
  };
}

/** The object that the last update, import or refresh left in the state as the one that is asked for. */
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

/** The least that names an object, from its id and a type such as `kubernetes:apps/v1:Deployment`. */
export function identityOf({ type }: Resource, id: string): Properties {
  const [, apiVersion = "", kind = ""] = type.split(":");
  const [name = "", namespace] = id.split("/").reverse();
  return {
    apiVersion: apiVersion.replace(/^core\//, ""),
    kind: kind.replace(/Patch$/, ""),
    metadata: namespace === undefined ? { name } : { name, namespace },
  };
}

/** The inputs that would have made an object that nobody asked for: all of it that a user could have written. */
export function importedInputs(live: Properties): Properties {
  const { metadata, ...rest } = omit(normalize(live), ["status"]);
  if (!isProperties(metadata) || !isProperties(metadata["annotations"])) {
    return metadata === undefined ? rest : { ...rest, metadata };
  }
  const annotations = omit(metadata["annotations"], [
    "deployment.kubernetes.io/revision",
    "kubectl.kubernetes.io/last-applied-configuration",
  ]);
  const hasAnnotations = Object.keys(annotations).length > 0;
  return {
    ...rest,
    metadata: { ...omit(metadata, ["annotations"]), ...(hasAnnotations && { annotations }) },
  };
}
