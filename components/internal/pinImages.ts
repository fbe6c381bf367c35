import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ownMember } from "../lib/ownMember";
import type { Pins } from "../lib/preflightOutcome";
import type { PullPlanEntry } from "../lib/workload";
import { mapInput } from "./inputs";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Container = k8s.types.input.core.v1.Container;

/** The pod spec of a Deployment with the digests that its images have. */
export function pinImages(
  podSpec: pulumi.Input<PodSpec>,
  deployment: string,
  pins: pulumi.Output<Pins>,
): pulumi.Input<PodSpec> {
  const pinned = (container: Container): Container => ({
    ...container,
    image: pulumi
      .all([container.image, pins])
      .apply(([image = "", known]) => pinnedImage(known, deployment, image)),
  });
  const allPinned = (
    list: pulumi.Input<pulumi.Input<Container>[]>,
  ): pulumi.Input<pulumi.Input<Container>[]> =>
    mapInput(list, (items) => items.map((item) => mapInput(item, pinned)));
  return mapInput(podSpec, (spec) => ({
    ...spec,
    containers: allPinned(spec.containers),
    ...(spec.initContainers && {
      initContainers: allPinned(spec.initContainers as pulumi.Input<pulumi.Input<Container>[]>),
    }),
  }));
}

/** The plan of the pulls, with the digests that the images have. */
export function pinEntries(entries: PullPlanEntry[], pins: Pins): PullPlanEntry[] {
  return entries.map((entry) => ({ ...entry, image: pinnedImage(pins, entry.deployment, entry.image) }));
}

function pinnedImage(pins: Pins, deployment: string, image: string): string {
  return ownMember(ownMember(pins, deployment) ?? {}, image) ?? image;
}
