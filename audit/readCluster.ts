import { isObject } from "../components/lib/records";
import { pullSecretKeys } from "../components/lib/served/pullSecretContent";
import { createLimit } from "../components/registry/concurrency";
import type { Ask } from "./api";
import { AuditError } from "./auditError";
import type { Cluster, ClusterSecret, Unread } from "./cluster";
import { groupPods, ownWorkloads } from "./groupPods";
import {
  accountKind,
  groupPath,
  type ListedKind,
  listPath,
  listRule,
  podKind,
  podSpecPath,
  secretKind,
  workloadKinds,
} from "./kinds";
import { type ListRequest, readList } from "./list";
import { readAccount, readPod, readWorkload } from "./readObjects";
import { readSecret } from "./readSecret";

/** Lists that are read at a time: each has a page in memory. */
const listsAtOnce = 2;

/** The format in which the API server sends names and types of Secrets without their content. */
const asTable = "application/json;as=Table;g=meta.k8s.io;v=v1";

/** What to read. */
export interface ReadOptions {
  /** All if not given. */
  namespace?: string;
  secrets: boolean;
  /** Told of each page, with the plural of its kind. */
  onPage?: (resource: string, items: number) => void;
  /** Waits a number of seconds; of tests. */
  pause?: (seconds: number) => Promise<unknown>;
}

/** Reads what decides the pulls of a cluster. What can't be read is in `unread`, and the rest is still read. */
export async function readCluster(ask: Ask, options: ReadOptions): Promise<Cluster> {
  const limit = createLimit(listsAtOnce);
  const unread: Unread[] = [];

  /** Undefined if the kind can't be read, empty if the cluster does not know it. */
  async function list<T>(
    kind: ListedKind,
    request: Omit<ListRequest<T>, "path" | "pause" | "onPage">,
  ): Promise<T[] | undefined> {
    try {
      if (kind.isOptional && (await ask(groupPath(kind))).status === 404) {
        return [];
      }
      return await readList(ask, {
        path: listPath(kind, options.namespace),
        onPage: (items) => options.onPage?.(kind.resource, items),
        ...(options.pause && { pause: options.pause }),
        ...request,
      });
    } catch (error) {
      if (!(error instanceof AuditError)) {
        throw error;
      }
      const fix = error.status === 403 ? `Give your Role the rule ${listRule(kind)}.` : "";
      unread.push({ resource: kind.resource, what: error.message, fix });
      return undefined;
    }
  }

  const [pods, accounts, secrets, ...workloads] = await Promise.all([
    limit(() => list(podKind, { read: (page) => itemsOf(page).map(readPod) })),
    limit(() => list(accountKind, { read: (page) => itemsOf(page).map(readAccount) })),
    options.secrets ? readSecrets() : undefined,
    ...workloadKinds.map((kind) =>
      limit(() =>
        list(kind, {
          read: (page) => itemsOf(page).map((item) => readWorkload(item, kind.kind, podSpecPath(kind))),
        }),
      ),
    ),
  ]);

  /** Names and types of all, and the content of those that kubelet reads. */
  async function readSecrets(): Promise<ClusterSecret[] | undefined> {
    const all = await limit(() => list(secretKind, { accept: asTable, read: secretsInTable }));
    if (all === undefined) {
      return undefined;
    }
    const read = await Promise.all(
      [...pullSecretKeys.keys()]
        .filter((type) => all.some((secret) => secret.type === type))
        .map((type) =>
          limit(() =>
            list(secretKind, {
              query: { fieldSelector: `type=${type}` },
              read: (page) => itemsOf(page).map(readSecret),
            }),
          ),
        ),
    );
    return read.includes(undefined)
      ? undefined
      : [...all.filter(({ type }) => !pullSecretKeys.has(type)), ...read.flatMap((some) => some ?? [])];
  }

  const listed = workloads.flatMap((some) => some ?? []);
  return {
    workloads: ownWorkloads(listed),
    pods: groupPods(pods ?? [], listed),
    podCount: (pods ?? []).filter(({ isOver }) => !isOver).length,
    secrets,
    accounts,
    unread,
  };
}

function itemsOf(page: Record<string, unknown>): unknown[] {
  return Array.isArray(page["items"]) ? (page["items"] as unknown[]) : [];
}

function secretsInTable(page: Record<string, unknown>): ClusterSecret[] {
  const columns = Array.isArray(page["columnDefinitions"]) ? (page["columnDefinitions"] as unknown[]) : [];
  const typeColumn = columns.findIndex((column) => isObject(column) && column["name"] === "Type");
  const rows = Array.isArray(page["rows"]) ? (page["rows"] as unknown[]) : [];
  return rows.flatMap((row) => {
    const cells: unknown = isObject(row) ? row["cells"] : undefined;
    const metadata = isObject(row) && isObject(row["object"]) ? row["object"]["metadata"] : undefined;
    const type: unknown = Array.isArray(cells) ? cells[typeColumn] : undefined;
    const { name, namespace } = isObject(metadata) ? metadata : {};
    return typeof type === "string" && typeof name === "string" && typeof namespace === "string"
      ? [{ kind: "Secret", namespace, name, type }]
      : [];
  });
}
