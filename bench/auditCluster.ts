import { startApiServer } from "../test/support/cluster/apiServer";
import type { ApiObject, ApiObjects } from "../test/support/cluster/apiServer";
import { account, login, pod, podSpec, pullSecret, workload } from "../test/support/cluster/objects";

export const auditedPods = 5000;
export const auditedSecrets = 500;

const namespaces = 100;
const podsOfDeployment = 5;

/** What an API server sends of a pod beside what the audit reads, in bytes of JSON. */
const bytesBeside = 8000;

/** Runs `work` with an API server of a cluster in which one image of each Deployment has a login, and one has none. */
export async function withCluster<T>(work: (socketPath: string) => Promise<T>): Promise<T> {
  const server = await startApiServer(cluster());
  try {
    return await work(server.socketPath);
  } finally {
    await server.stop();
  }
}

function cluster(): ApiObjects {
  const deployments: ApiObject[] = [];
  const replicasets: ApiObject[] = [];
  const pods: ApiObject[] = [];
  for (let index = 0; index < auditedPods / podsOfDeployment; index++) {
    const place = `n${index % namespaces}/app-${index}`;
    const server = serverOf(index % auditedSecrets);
    const spec = podSpec(
      [`${server}/team/app-${index}:1`, `quay.io/team/sidecar-${index}:1`],
      [`regcred-${index % auditedSecrets}`],
    );
    deployments.push(workload(place, spec));
    const owner = { kind: "Deployment", name: `app-${index}`, uid: `uid-${place}` };
    replicasets.push(workload(`${place}-rs`, spec, { ownerReferences: [{ controller: true, ...owner }] }));
    for (let replica = 0; replica < podsOfDeployment; replica++) {
      const made = pod(`${place}-rs-${replica}`, spec, {
        kind: "ReplicaSet",
        name: "rs",
        uid: `uid-${place}-rs`,
      });
      pods.push({ ...made, managedFields: "f".repeat(bytesBeside) });
    }
  }
  const secrets = Array.from({ length: auditedSecrets }, (_, index) =>
    pullSecret(`n${index % namespaces}/regcred-${index}`, [
      login(serverOf(index)),
      login(`*.r${index}.example.com`),
    ]),
  );
  const accounts = Array.from({ length: namespaces }, (_, index) => account(`n${index}/default`));
  return { deployments, replicasets, pods, secrets, serviceaccounts: accounts };
}

function serverOf(index: number): string {
  return `registry-${index}.example.com`;
}
