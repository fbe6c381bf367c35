import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { isMovingTag } from "../lib/kubelet/pullAttempts";
import type { Pins } from "../lib/preflight/outcome";
import { printableLine, quote } from "../lib/problems";
import { isObject, ownMember } from "../lib/records";
import type { PullPlanEntry } from "../lib/workload";
import { mapInput } from "./inputs";
import { mapItems } from "./readPodSpec";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type Container = k8s.types.input.core.v1.Container;
type Volume = k8s.types.input.core.v1.Volume;

/** A Deployment's pod spec with its images pinned to their digests. */
export function pinImages(
  podSpec: pulumi.Input<PodSpec>,
  deployment: string,
  pins: pulumi.Output<Pins>,
): pulumi.Input<PodSpec> {
  const pin = (image: pulumi.Input<string> | undefined): pulumi.Output<string> =>
    pulumi.all([image, pins]).apply(([known = "", digests]) => pinnedImage(digests, deployment, known));
  const pinned = (container: Container): Container => ({
    ...container,
    image: pin(container.image as pulumi.Input<string>),
  });
  const pinnedVolume = (volume: Volume): Volume => ({
    ...volume,
    ...(volume.image && {
      image: mapInput(volume.image as pulumi.Input<unknown>, (source) =>
        isObject(source) && source["reference"] !== undefined
          ? { ...source, reference: pin(source["reference"] as pulumi.Input<string>) }
          : source,
      ) as Volume["image"],
    }),
  });
  return mapInput(podSpec, (spec) => ({
    ...spec,
    containers: mapItems(spec.containers, pinned),
    ...(spec.initContainers && { initContainers: mapItems(spec.initContainers, pinned) }),
    ...(spec.volumes && { volumes: mapItems(spec.volumes, pinnedVolume) }),
  }));
}

/** The pull plan with its images pinned to their digests. */
export function pinEntries(entries: PullPlanEntry[], pins: Pins): PullPlanEntry[] {
  return entries.map((entry) => ({ ...entry, image: pinnedImage(pins, entry.deployment, entry.image) }));
}

function pinnedImage(pins: Pins, deployment: string, image: string): string {
  return ownMember(ownMember(pins, deployment) ?? {}, image) ?? image;
}

/** Warns about each image without a fixed tag: what runs depends on when the node pulled it. */
export function warnOfMovingTags(resource: pulumi.Resource, plan: pulumi.Output<PullPlanEntry[]>): void {
  plan.apply((entries) => {
    for (const { deployment, container, image } of entries.filter(({ image }) => isMovingTag(image))) {
      void pulumi.log.warn(
        printableLine(
          `${deployment}: the image of ${container}, ${quote(image)}, has no fixed tag: give a version, or each node may run a different one.`,
        ),
        resource,
      );
    }
  });
}
