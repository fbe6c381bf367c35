import { printableLine } from "../components/lib/problems";
import { askVariable } from "../components/lib/preflight/askPermission";
import type { Ask } from "./api";
import { AuditError } from "./auditError";
import type { Cluster, Unread } from "./cluster";
import { countsOf, type Counts } from "./counts";
import { accountFindings, type Finding, imageFindings, inOrder } from "./findings";
import { judgePulls, type JudgeOptions } from "./judge";
import { lookupIn } from "./lookup";
import { readCluster, type ReadOptions } from "./readCluster";
import { secretFindings } from "./secretFindings";
import { secretUsers } from "./secretUsers";
import { ask as askRegistries, notAskedNote, questions } from "./verify";
import { verifiedPulls } from "./verifyFindings";

/** What to look at, and how closely. */
export interface AuditOptions extends ReadOptions, JudgeOptions {
  /** Whether to ask the registries. */
  verify: boolean;
  /** Told what is done now, for people who wait. */
  onStep?: (step: string) => void;
}

/** What an audit has found. Contains no secret. */
export interface AuditReport {
  findings: Finding[];
  /** What is worth knowing and nothing to repair at once: it does not make the audit fail. */
  notes: Finding[];
  /** What could not be read, and is therefore missing in all the rest. */
  unread: Unread[];
  counts: Counts;
}

/**
 * Audits the pulls of a cluster.
 *
 * @throws AuditError if nothing could be read
 */
export async function auditCluster(ask: Ask, options: AuditOptions): Promise<AuditReport> {
  const cluster = await readCluster(ask, options);
  requireContent(cluster, options);
  const lookup = lookupIn(cluster);
  const users = secretUsers(cluster, lookup);
  const ofSecrets = secretFindings(cluster, users);
  const judged = judgePulls(cluster, lookup, options);
  const verified = options.verify
    ? await verify(cluster, users, judged, options)
    : { pulls: judged, findings: [], notes: [] };
  return {
    findings: inOrder([
      ...imageFindings(verified.pulls),
      ...accountFindings(cluster, lookup),
      ...ofSecrets.findings,
      ...verified.findings,
    ]),
    notes: inOrder([...ofSecrets.notes, ...verified.notes]),
    unread: cluster.unread,
    counts: countsOf(cluster, verified.pulls),
  };
}

async function verify(
  cluster: Cluster,
  users: ReturnType<typeof secretUsers>,
  judged: ReturnType<typeof judgePulls>,
  { onStep }: AuditOptions,
): Promise<ReturnType<typeof verifiedPulls>> {
  const asked = questions(cluster, users, judged, process.env[askVariable]);
  onStep?.(`asking the registries about ${asked.logins.length} logins and ${asked.images.length} images`);
  const found = verifiedPulls(judged, asked, await askRegistries(asked), users);
  const note = notAskedNote(asked);
  return note === undefined
    ? found
    : {
        ...found,
        notes: [
          ...found.notes,
          {
            problem: "notAsked",
            kind: "Registry",
            namespace: "",
            name: "",
            what: note,
            fix: "Name them in the variable if they may be asked.",
          },
        ],
      };
}

/** A cluster without a ServiceAccount has no namespace, and a namespace without one is not there. */
function requireContent(
  { accounts, unread, workloads, podCount }: Cluster,
  { namespace }: AuditOptions,
): void {
  const [first] = unread;
  const isAllUnread = accounts === undefined && workloads.length === 0 && podCount === 0;
  if (first !== undefined && isAllUnread) {
    const lines = unread.map(({ resource, what, fix }) => `  ${resource}: ${what} ${fix}`.trimEnd());
    throw new AuditError(["nothing could be read:", ...lines.map(printableLine)].join("\n"));
  }
  if (namespace !== undefined && unread.length === 0 && accounts?.length === 0) {
    throw new AuditError(
      `the namespace "${namespace}" does not exist: correct --namespace, or name the cluster with --context.`,
    );
  }
}
