import { setTimeout } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { printableLine, quote } from "../lib/problems";
import { inRun } from "./hooksOfRun";
import { valueIfKnown } from "./inputs";
import { knownPart, mapAt, readAt } from "./transformedProps";

/** A ServiceAccount that a transform has seen. */
interface SeenAccount {
  /** Its namespace and name; undefined where they are not known. */
  place: Promise<string | undefined>;
  secretNames: pulumi.Output<string[]>;
}

/** A pod that listed no pull Secrets, and does now. */
export interface ListedPod {
  subject: string;
  /** The {@link accountPlace} of its ServiceAccount. */
  place: string;
  /** The Secrets that it lists now. */
  secretNames: readonly string[];
}

/** What all transforms of one run of a program know, and what they have said. */
export interface TransformRun {
  accounts: SeenAccount[];
  pods: ListedPod[];
  told: Set<string>;
  /** When a transform last saw a resource, by `Date.now()`. */
  lastSeen: number;
}

const runs = new WeakMap<object, TransformRun>();

/** What the transforms of the running program share. */
export function transformRun(): TransformRun {
  const run: TransformRun = { accounts: [], pods: [], told: new Set(), lastSeen: 0 };
  const monitor: object = pulumi.runtime.getMonitor() ?? run;
  const known = runs.get(monitor) ?? run;
  runs.set(monitor, known);
  return known;
}

/** Says each thing once in a run, also where the engine calls. */
export interface Teller {
  warn: (message: string) => void;
  /** @param topic what it is about, of which no more is said */
  inform: (topic: string, message: string, resource: pulumi.Resource | undefined) => void;
}

export function tellerOf({ told }: TransformRun): Teller {
  const isNew = (topic: string): boolean => !told.has(topic) && told.add(topic).has(topic);
  const log = inRun(({ message, resource }: { message: string; resource?: pulumi.Resource }) => {
    void pulumi.log.info(printableLine(message), resource);
  });
  return {
    warn: inRun((message) => {
      if (isNew(message)) {
        void pulumi.log.warn(printableLine(message));
      }
    }),
    inform: (topic, message, resource) => {
      if (isNew(topic)) {
        log({ message, resource });
      }
    },
  };
}

/** A ServiceAccount by namespace (empty for the provider's) and name. */
export function accountPlace(namespace: string | undefined, account: string): string {
  return `${namespace ?? ""}/${account}`;
}

/**
 * Takes note of a ServiceAccount, and warns of pods that have lost its Secrets, since they were registered before.
 *
 * @param props its properties, or those of a list or a patch
 */
export async function seeAccounts(props: unknown, run: TransformRun, teller: Teller): Promise<void> {
  const checks: Promise<void>[] = [];
  const see = (found: object): object => {
    const account = seenAccount(found);
    run.accounts.push(account);
    checks.push(warnOfEarlierPods(account, run, teller));
    return found;
  };
  const { items } = props as { items?: unknown };
  await knownPart(mapAt(props, items === undefined ? [] : ["items", "[]"], see));
  await Promise.all(checks);
}

function seenAccount(account: object): SeenAccount {
  const { imagePullSecrets } = account as { imagePullSecrets?: unknown };
  const text = (...path: string[]) => valueIfKnown(readAt(account, path));
  const place = async (): Promise<string | undefined> => {
    const [namespace, name] = await Promise.all([text("metadata", "namespace"), text("metadata", "name")]);
    return name === undefined ? undefined : accountPlace(namespace, name);
  };
  return { place: place(), secretNames: namesIn(imagePullSecrets) };
}

/** The names in a list of pull Secrets of any shape; not known if one of them is not. */
function namesIn(list: unknown): pulumi.Output<string[]> {
  const items: pulumi.Output<unknown> = pulumi.output(list as object | undefined);
  return items.apply(async (known) => {
    const plain = await knownPart(known);
    return (Array.isArray(plain) ? plain : []).flatMap((item: { name?: unknown } | null) =>
      typeof item?.name === "string" ? [item.name] : [],
    );
  });
}

async function warnOfEarlierPods(
  { place, secretNames }: SeenAccount,
  { pods }: TransformRun,
  teller: Teller,
): Promise<void> {
  const [at, names = []] = await Promise.all([place, valueIfKnown(secretNames)]);
  for (const pod of pods.filter((pod) => pod.place === at)) {
    const lost = names.filter((name) => !pod.secretNames.includes(name));
    if (lost.length > 0) {
      teller.warn(
        `${pod.subject}: lists pull Secrets now, and not those of its ServiceAccount (${lost.map(quote).join(", ")}), which was registered later: Kubernetes adds them only to a pod that lists none. Register the ServiceAccount first (dependsOn), or name these Secrets in \`serviceAccountSecrets\`.`,
      );
    }
  }
}

/** Milliseconds without another resource after which a ServiceAccount is taken for one that the program does not have. */
const quiet = 500;
/** The same, however many resources there are. */
const longest = 3000;

/**
 * The Secrets that a ServiceAccount lists, if a transform sees it. It waits a little for one: programs, and charts even more,
 * register their resources at once and in any order, and what a pod lists must not depend on it.
 */
export async function secretsOfAccount(
  place: string,
  run: TransformRun,
): Promise<pulumi.Output<string[]> | undefined> {
  const begin = Date.now();
  for (;;) {
    const known = [...run.accounts];
    const places = await Promise.all(known.map((account) => account.place));
    const found = known.filter((_, index) => places[index] === place);
    if (found.length > 0) {
      return pulumi.all(found.map(({ secretNames }) => secretNames)).apply((lists) => lists.flat());
    }
    const now = Date.now();
    if (now >= Math.min(run.lastSeen + quiet, begin + longest)) {
      return undefined;
    }
    await setTimeout(25);
  }
}
