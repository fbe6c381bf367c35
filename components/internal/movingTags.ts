import * as pulumi from "@pulumi/pulumi";
import { isMovingTag } from "../lib/coverage";
import { printableLine, quote } from "../lib/problems";
import type { PullPlanEntry } from "../lib/workload";

/** Warns of each image whose tag is missing or `latest`: what runs then depends on when a node pulled it. */
export function warnOfMovingTags(resource: pulumi.Resource, plan: pulumi.Output<PullPlanEntry[]>): void {
  plan.apply((entries) => {
    for (const { deployment, container, image } of entries.filter(({ image }) => isMovingTag(image))) {
      void pulumi.log.warn(
        printableLine(
          `${deployment}: the image of container ${container}, ${quote(image)}, has no fixed tag: name a version, or each node may run another one.`,
        ),
        resource,
      );
    }
  });
}
