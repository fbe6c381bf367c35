import { quote } from "../problems";
import { type Known, notKnown, textAt } from "./known";
import { listedSecretNames, type PullingAccount, type PullingWorkload, type PullSecret } from "./pullObjects";

/** Something that decides about pulls and is not there to look at. */
export interface Gap {
  kind: "elsewhere" | "notKnown";
  text: string;
}

/** A pull Secret whose name is known. */
export type ListedSecret = PullSecret & { name: string };

/** The pull Secrets with which kubelet pulls for a workload. */
export interface ListedSecrets {
  /** The names that are known. */
  names: string[];
  /** Those of the names that are found. */
  secrets: ListedSecret[];
  /** The name of the ServiceAccount that its pods run as; empty if not known. */
  account: string;
  /** Why the pods may use other Secrets or servers too; empty if they can't. */
  gaps: Gap[];
}

/** The objects among which Secrets and ServiceAccounts are found. */
export interface ListingObjects {
  secrets: readonly PullSecret[];
  serviceAccounts: readonly PullingAccount[];
  scope: string;
}

/**
 * The pull Secrets that a workload's pods list, or their ServiceAccount if they list none.
 *
 * @see kubernetes plugin/pkg/admission/serviceaccount
 */
export function listedSecrets(workload: PullingWorkload, objects: ListingObjects): ListedSecrets {
  const account = accountOf(workload.podSpec);
  const own = listedSecretNames(workload.podSpec);
  const { names, gaps } =
    own !== notKnown && own.length === 0
      ? namesOfAccount(account, workload, objects)
      : namesIn(own, "its pull Secrets");
  const found = names.map((name) => secretsNamed(name, workload, objects));
  return {
    names,
    secrets: found.flatMap(({ secrets }) => secrets),
    account: account === notKnown ? "" : account,
    gaps: [...gaps, ...found.flatMap((secret) => secret.gaps)],
  };
}

/** The ServiceAccount that the pods of a pod spec of any shape run as. */
export function accountOf(podSpec: unknown): Known<string> {
  return textAt(podSpec, ["serviceAccountName"]) || textAt(podSpec, ["serviceAccount"]) || "default";
}

type Names = Pick<ListedSecrets, "names" | "gaps">;

function namesIn(list: Known<readonly Known<string>[]>, what: string): Names {
  if (list === notKnown) {
    return { names: [], gaps: [unknown(`${what} are not known yet`)] };
  }
  const names = list.filter((name) => name !== notKnown);
  return {
    names,
    gaps: names.length < list.length ? [unknown(`not all names of ${what} are known yet`)] : [],
  };
}

function namesOfAccount(
  account: Known<string>,
  workload: PullingWorkload,
  { serviceAccounts, scope }: ListingObjects,
): Names {
  if (account === notKnown) {
    return { names: [], gaps: [unknown("its ServiceAccount is not known yet")] };
  }
  const { sure, possible } = named(account, workload, serviceAccounts);
  const title = `its ServiceAccount ${quote(account)}`;
  const lists = sure.map(({ secretNames }) => namesIn(secretNames, `the pull Secrets of ${title}`));
  const isElsewhere = sure.length + possible.length === 0 && account !== "default";
  return {
    names: lists.flatMap(({ names }) => names),
    gaps: [
      ...lists.flatMap(({ gaps }) => gaps),
      ...(possible.length > 0 ? [unknown(`not all pull Secrets of ${title} are known yet`)] : []),
      ...(isElsewhere ? [elsewhere(`${title} is not in ${scope}`)] : []),
    ],
  };
}

function secretsNamed(
  name: string,
  workload: PullingWorkload,
  { secrets, scope }: ListingObjects,
): Pick<ListedSecrets, "secrets" | "gaps"> {
  const { sure, possible } = named(name, workload, secrets);
  const title = `the pull Secret ${quote(name)}`;
  const isUnknown =
    sure.length === 0 ? possible.length > 0 : sure.some(({ servers }) => servers === notKnown);
  return {
    secrets: sure.map((secret) => ({ ...secret, name })),
    gaps: [
      ...(isUnknown ? [unknown(`the logins of ${title} are not known yet`)] : []),
      ...(sure.length + possible.length === 0 ? [elsewhere(`${title} is not in ${scope}`)] : []),
    ],
  };
}

/** The objects of a name in a workload's namespace, and those that may be, once all names are known. */
function named<Found extends { namespace: Known<string>; name: Known<string> }>(
  name: string,
  { namespace }: PullingWorkload,
  objects: readonly Found[],
): { sure: Found[]; possible: Found[] } {
  const may = (known: Known<string>, wanted: Known<string>): boolean =>
    known === notKnown || wanted === notKnown || known === wanted;
  const matching = objects.filter((found) => may(found.name, name) && may(found.namespace, namespace));
  const isSure = (found: Found): boolean =>
    found.name === name && found.namespace === namespace && namespace !== notKnown;
  return { sure: matching.filter(isSure), possible: matching.filter((found) => !isSure(found)) };
}

function unknown(text: string): Gap {
  return { kind: "notKnown", text };
}

function elsewhere(text: string): Gap {
  return { kind: "elsewhere", text };
}
