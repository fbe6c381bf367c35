import { quote } from "./problems";
import { isRecord } from "./records";

/** A Kubernetes object, from the stack's state or about to be created. */
export interface OwnedObject {
  readonly urn: string;
  /** Name of the namespace; undefined for the provider's. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** A Secret's content, only for comparison; undefined if not known. */
  readonly content: string | undefined;
  readonly isImmutable: boolean;
}

/** The object in a resource's inputs or outputs; undefined if its name is not known. */
export function ownedObject(urn: string, properties: unknown): OwnedObject | undefined {
  if (!isRecord(properties) || !isRecord(properties["metadata"])) {
    return undefined;
  }
  const { name, namespace } = properties["metadata"];
  const { type, data, immutable } = properties;
  const content = isRecord(data) ? data[".dockerconfigjson"] : undefined;
  return typeof name === "string"
    ? {
        urn,
        name,
        namespace: typeof namespace === "string" ? namespace : undefined,
        content: typeof content === "string" ? JSON.stringify([type, content]) : undefined,
        isImmutable: immutable === true,
      }
    : undefined;
}

/**
 * Why a child of a component must not be created: another resource in the stack already has the object, and would delete it
 * when it is removed. Undefined if nothing is in the way.
 *
 * @param component the component's name, which is the prefix of its children's names
 * @param held the objects in the stack's state
 * @param componentOf the component of a resource that the program still has, by URN
 */
export function ownerProblem(
  created: OwnedObject,
  component: string,
  held: readonly OwnedObject[],
  componentOf: (urn: string) => string | undefined,
): string | undefined {
  const [types, childName] = splitUrn(created.urn);
  for (const object of held.filter((other) => isSame(created, other))) {
    const [heldTypes, heldName] = splitUrn(object.urn);
    if (object.urn === created.urn) {
      return replacementProblem(created, object);
    }
    const owner = componentOf(object.urn);
    if (heldTypes === types && (owner === undefined ? isChild(heldName, component) : owner === component)) {
      const advice =
        owner === undefined
          ? `To rename a key of \`namespaces\`, rename the resource with it: \`pulumi state rename '${object.urn}' ${childName}\`. To move from \`namespace\` to \`namespaces\`, give the first namespace the key "default".`
          : "Two keys of `namespaces` can't swap names: give this namespace a new key.";
      return `${described(created)} is already in this stack, as ${quote(heldName)}, and removing that resource would delete it. ${advice}`;
    }
  }
  return undefined;
}

function replacementProblem(created: OwnedObject, held: OwnedObject): string | undefined {
  if (created.content === undefined || held.content === undefined || created.content === held.content) {
    return undefined;
  }
  return created.isImmutable
    ? `${described(created)} differs from what the program has, and is immutable: someone has changed it by hand, or --target leaves out its RandomId. Nothing is replaced, and pods keep what they have. After a change by hand, set the password that works now in the config: it gets a Secret with a new name (docs/operations.md).`
    : `${described(created)} would be deleted before it is re-created, because its Kubernetes provider does not update Secrets: give the provider \`enableSecretMutable: true\`, or run \`pulumi config set kubernetes:enableSecretMutable true\` for the default one.`;
}

/** What a preview says about an object in the state that is created again; undefined for a new one. */
export function recreationReason(created: OwnedObject, held: readonly OwnedObject[]): string | undefined {
  return held.some((object) => object.urn === created.urn && isSame(created, object))
    ? `${described(created)} is created again: it is missing from the cluster, its provider now points to another cluster, or someone has changed it by hand (docs/operations.md).`
    : undefined;
}

/** Explains the cluster's error if someone else has set the values that we apply; undefined for any other error. */
export function conflictProblem(urn: string, error: string): string | undefined {
  return /Apply failed with \d+ conflicts?/.test(error)
    ? `${quote(splitUrn(urn)[1])} has values in the cluster that someone has set by hand. Nothing is replaced, and pods keep what they have. If a Secret was changed by hand, set the password that works now in the config: it gets a Secret with a new name (docs/operations.md).`
    : undefined;
}

function isSame(created: OwnedObject, held: OwnedObject): boolean {
  return created.name === held.name && (created.namespace ?? held.namespace) === held.namespace;
}

function isChild(name: string, component: string): boolean {
  return name === component || name.startsWith(`${component}-`) || name.startsWith(`${component}/`);
}

/** The types of a resource and its parents, and its name. */
function splitUrn(urn: string): [types: string, name: string] {
  const [, , types = "", ...name] = urn.split("::");
  return [types, name.join("::")];
}

function described({ urn, namespace, name }: OwnedObject): string {
  const [types] = splitUrn(urn);
  const kind = types.slice(types.lastIndexOf(":") + 1);
  return `${kind} ${quote(namespace === undefined ? name : `${namespace}/${name}`)}`;
}
