import type { Place, PodGroup, Workload } from "./cluster";
import type { Controller, ListedPod, ListedWorkload } from "./readObjects";

/** The workloads at the top: not a ReplicaSet of a Deployment, nor a Job of a CronJob. */
export function ownWorkloads(listed: readonly ListedWorkload[]): Workload[] {
  const known = new Set(listed.map(({ uid }) => uid));
  return listed
    .filter(({ controller, isOver }) => !isOver && !(controller && known.has(controller.uid)))
    .map(({ kind, namespace, name, listed: names, serviceAccount, images }) => ({
      kind,
      namespace,
      name,
      listed: names,
      serviceAccount,
      images,
    }));
}

/** The pods that are not over, by their topmost owner, and as far as their pulls are the same. */
export function groupPods(pods: readonly ListedPod[], workloads: readonly ListedWorkload[]): PodGroup[] {
  const byUid = new Map(workloads.map((workload) => [workload.uid, workload]));
  const groups = new Map<string, PodGroup>();
  for (const { isOver, controller, listed, serviceAccount, images, ...place } of pods) {
    if (isOver) {
      continue;
    }
    const owner = controller === undefined ? place : ownerOf(controller, place.namespace, byUid);
    const key = JSON.stringify([owner, listed, serviceAccount, images]);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { owner, listed, serviceAccount, images, count: 1 });
    } else {
      group.count++;
    }
  }
  return [...groups.values()];
}

function ownerOf(
  controller: Controller,
  namespace: string,
  byUid: ReadonlyMap<string, ListedWorkload>,
): Place {
  const seen = new Set<string>();
  let { kind, name, uid } = controller;
  while (!seen.has(uid)) {
    seen.add(uid);
    const above = byUid.get(uid)?.controller;
    if (above === undefined) {
      break;
    }
    ({ kind, name, uid } = above);
  }
  return { kind, namespace, name };
}
