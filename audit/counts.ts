import { parseImageReference } from "../components/lib/kubelet/imageReference";
import { pullSecretKeys } from "../components/lib/served/pullSecretContent";
import type { Cluster } from "./cluster";
import type { JudgedPull, PullState } from "./judge";

/** How much an audit has looked at. */
export interface Counts {
  workloads: number;
  pods: number;
  /** Of the types that kubelet reads; undefined if Secrets were not read. */
  pullSecrets?: number;
  /** Distinct images, by how kubelet pulls them; one that is pulled in two ways counts in both. */
  images: Record<PullState, number>;
  /** Distinct images pulled without a login that are not findings, by registry. */
  anonymous: Record<string, number>;
}

export function countsOf({ workloads, podCount, secrets }: Cluster, pulls: readonly JudgedPull[]): Counts {
  const images = (state: PullState): number =>
    new Set(pulls.filter((pull) => pull.state === state).map(({ image }) => image.image)).size;
  const silent = pulls.filter(({ state, evidence }) => state === "anonymous" && evidence === undefined);
  const registries = [...new Set(silent.map(({ image }) => image.image))].map(
    (image) => parseImageReference(image).domain,
  );
  return {
    workloads: workloads.length,
    pods: podCount,
    ...(secrets && {
      pullSecrets: secrets.filter(({ type }) => pullSecretKeys.has(type)).length,
    }),
    images: {
      served: images("served"),
      byNode: images("byNode"),
      anonymous: images("anonymous"),
      broken: images("broken"),
      unknown: images("unknown"),
    },
    anonymous: Object.fromEntries(
      [...new Set(registries)]
        .toSorted()
        .map((registry) => [registry, registries.filter((other) => other === registry).length]),
    ),
  };
}
