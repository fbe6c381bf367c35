import { type Cluster, nameOf } from "./cluster";
import type { Lookup } from "./lookup";

/** Who lists a Secret. */
export interface SecretUsers {
  namespace: string;
  name: string;
  /** Such as `Deployment/web` and `ServiceAccount/default`. */
  users: Set<string>;
  /** Pods that list it and have run. */
  runningPods: number;
}

/** All Secrets that a workload, a pod or a ServiceAccount lists, whether they are there or not, by namespace and name. */
export function secretUsers(
  { workloads, pods, accounts }: Cluster,
  lookup: Lookup,
): Map<string, SecretUsers> {
  const found = new Map<string, SecretUsers>();
  const use = (namespace: string, names: readonly string[], user: string, runningPods: number): void => {
    for (const name of names) {
      const key = `${namespace}/${name}`;
      const users = found.get(key) ?? { namespace, name, users: new Set(), runningPods: 0 };
      users.users.add(user);
      users.runningPods += runningPods;
      found.set(key, users);
    }
  };
  for (const workload of workloads) {
    const names = lookup.listedNames(workload.namespace, workload, false) ?? [];
    use(workload.namespace, names, nameOf(workload), 0);
  }
  for (const { owner, count, listed, images } of pods) {
    use(owner.namespace, listed, nameOf(owner), images.some(({ isOnNode }) => isOnNode) ? count : 0);
  }
  for (const account of accounts ?? []) {
    use(account.namespace, account.listed, nameOf(account), 0);
  }
  return found;
}

/** The first users, as a message shows them. */
export function namesOf({ users }: SecretUsers): string {
  const names = [...users].toSorted();
  const more = names.length - 3;
  return more > 0 ? `${names.slice(0, 3).join(", ")} and ${more} more` : names.join(", ");
}
