import * as pulumi from "@pulumi/pulumi";
import { podImages, podSpecProblems } from "../lib/podImages";
import type { Problem } from "../lib/problems";
import { isObject } from "../lib/records";
import type { ContainerImage } from "../lib/workload";
import { isPlain, mapInput } from "./inputs";

/** The value inside a secret in the engine's wire form, or the value itself. */
const unwrapRpcSecret = pulumi.runtime.unwrapRpcSecret as (value: unknown) => unknown;

type Items<Item> = pulumi.Input<pulumi.Input<Item>[] | undefined>;

/** Applies `f` to each object in a list; other items, and a value that is not a list, stay as they are. */
export function mapItems<Item, Mapped extends object>(
  list: Items<Item>,
  f: (item: Item) => Mapped,
): pulumi.Input<pulumi.Input<Mapped>[]> {
  return mapReadable(list, (items) =>
    Array.isArray(items)
      ? items.map((item) => mapReadable(item, (known) => (isObject(known) ? f(known as Item) : known)))
      : items,
  ) as pulumi.Input<pulumi.Input<Mapped>[]>;
}

/** The parts of a pod spec that pulls depend on. */
export interface ReadPodSpec {
  images: ContainerImage[];
  /** What has the wrong shape. */
  problems: Problem[];
}

/** Reads a pod spec of any shape. Waits only for the Outputs of containers and image volumes. */
export function readPodSpec(podSpec: pulumi.Input<unknown>, path: string): pulumi.Input<ReadPodSpec> {
  const read = (known: unknown): ReadPodSpec => ({
    images: podImages(known),
    problems: podSpecProblems(known, path),
  });
  const lists: pulumi.Input<unknown> = mapReadable(podSpec, pulledLists);
  return isPlain(lists) ? read(lists) : pulumi.output(lists as object).apply(read);
}

/** A pod's pull Secrets, as far as known now: a valid name stands in for each Output, which is checked once it is known. */
export function knownPullSecrets(listed: unknown): unknown {
  const later = { name: "known later" };
  const items = unwrapRpcSecret(listed);
  if (isLater(items)) {
    return undefined;
  }
  return Array.isArray(items)
    ? items.map(unwrapRpcSecret).map((item: unknown) => {
        const name = isObject(item) ? unwrapRpcSecret(item["name"]) : undefined;
        return isLater(item) || isLater(name) ? later : isObject(item) ? { name } : item;
      })
    : items;
}

function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise || pulumi.isUnknown(value);
}

function pulledLists(podSpec: unknown): unknown {
  if (!isObject(podSpec)) {
    return podSpec;
  }
  const { initContainers, containers, ephemeralContainers, volumes, imagePullSecrets } = podSpec;
  const container = ({ name, image }: Record<string, unknown>) => ({
    name: unwrapRpcSecret(name),
    image: unwrapRpcSecret(image),
  });
  const volume = ({ name, image }: Record<string, unknown>) => ({
    name: unwrapRpcSecret(name),
    image: mapReadable(image, (source) =>
      isObject(source) ? { reference: unwrapRpcSecret(source["reference"]) } : source,
    ),
  });
  return {
    initContainers: mapItems(initContainers as Items<Record<string, unknown>>, container),
    containers: mapItems(containers as Items<Record<string, unknown>>, container),
    ephemeralContainers: mapItems(ephemeralContainers as Items<Record<string, unknown>>, container),
    volumes: mapItems(volumes as Items<Record<string, unknown>>, volume),
    imagePullSecrets: knownPullSecrets(imagePullSecrets),
  };
}

/** Applies `f` to a value, also inside an Output or a secret in the engine's wire form. */
function mapReadable(value: pulumi.Input<unknown>, f: (known: unknown) => unknown): pulumi.Input<unknown> {
  return mapInput(value, (known) => {
    const inner = unwrapRpcSecret(known);
    return inner === known ? f(known) : mapReadable(inner, f);
  });
}
