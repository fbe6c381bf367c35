import { type ImageReference, repositoryName } from "../components/lib/kubelet/imageReference";
import { loginsInKubeletOrder } from "../components/lib/kubelet/keyring";
import type { Cluster, ClusterAccount, ClusterSecret, PodFacts } from "./cluster";

/** What a pod finds in its namespace. */
export interface Lookup {
  /** `unread` if Secrets could not be read; undefined if there is none of this name. */
  secret(namespace: string, name: string): ClusterSecret | "unread" | undefined;
  account(namespace: string, name: string): ClusterAccount | undefined;
  /**
   * The Secrets with which kubelet pulls for a pod: its own, or those of its ServiceAccount if it lists none. A pod that is
   * there has had them in its own list since it was made. Undefined if accounts could not be read.
   *
   * @see kubernetes plugin/pkg/admission/serviceaccount/admission.go
   */
  listedNames(namespace: string, pod: PodFacts, isPod: boolean): string[] | undefined;
  /** All Secrets of the cluster with a login for an image, and the server of it. */
  serving(image: ImageReference): readonly ServingSecret[];
}

/** A Secret with a login for an image. */
export interface ServingSecret {
  server: string;
  secret: ClusterSecret;
}

/** Finds objects by namespace and name. */
export function lookupIn({ secrets, accounts }: Cluster): Lookup {
  const secretsByName = new Map(secrets?.map((secret) => [key(secret.namespace, secret.name), secret]));
  const accountsByName = new Map(accounts?.map((account) => [key(account.namespace, account.name), account]));
  const secretsByServer = new Map<string, ServingSecret[]>();
  const serving = new Map<string, ServingSecret[]>();
  for (const secret of secrets ?? []) {
    for (const server of new Set((secret.entries ?? []).map((entry) => entry.server))) {
      const holders = secretsByServer.get(server);
      if (holders === undefined) {
        secretsByServer.set(server, [{ server, secret }]);
      } else {
        holders.push({ server, secret });
      }
    }
  }
  const servers = [...secretsByServer.keys()].map((server) => ({ server }));
  return {
    secret: (namespace, name) => (secrets === undefined ? "unread" : secretsByName.get(key(namespace, name))),
    account: (namespace, name) => accountsByName.get(key(namespace, name)),
    listedNames: (namespace, { listed, serviceAccount }, isPod) => {
      if (isPod || listed.length > 0) {
        return listed;
      }
      return accounts === undefined
        ? undefined
        : (accountsByName.get(key(namespace, serviceAccount))?.listed ?? []);
    },
    serving: (image) => {
      const name = repositoryName(image);
      const found =
        serving.get(name) ??
        loginsInKubeletOrder(image, servers).flatMap(({ server }) => secretsByServer.get(server) ?? []);
      serving.set(name, found);
      return found;
    },
  };
}

/** Neither a namespace nor a name has a slash. */
function key(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
