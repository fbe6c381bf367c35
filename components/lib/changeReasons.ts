import { givesLogins, givesOutgoingLogins, sourcesOf } from "./logins/loginSources";
import { joinPath, quote } from "./problems";
import { isRecord } from "./records";
import { checkLogins } from "./secretContents";
import { notYetKnown } from "./shape";

/** A component's arguments as the engine passes them, with {@link notYetKnown} for what a preview does not know. */
type Arguments = Record<string, unknown>;

/** Why changed arguments of an ImagePullSecret replace or delete something, one line each; empty if they do neither. */
export function secretChangeReasons(before: Arguments, after: Arguments): string[] {
  return [
    ...rotationReasons(before, after),
    ...namespaceReasons(before, after),
    ...goneKeys(before, after, "serviceAccounts").map(
      (key) => `${joinPath("serviceAccounts", key)} was removed: its ServiceAccounts are deleted.`,
    ),
  ];
}

/** The same for the namespaces that PrivateWorkloads creates. */
export function workloadsChangeReasons(before: Arguments, after: Arguments): string[] {
  const creates = (args: Arguments): boolean => args["createNamespace"] === true;
  return [
    ...(creates(before) && !creates(after)
      ? ["createNamespace was removed: the namespaces are deleted, with everything in them."]
      : []),
    ...(creates(before) && creates(after)
      ? goneKeys(before, after, "namespaces").map(
          (key) =>
            `${joinPath("namespaces", key)} was removed: its namespace is deleted, with everything in it.`,
        )
      : []),
  ];
}

/** The same for its Deployments. @param before the component's outputs in the stack's state */
export function goneDeploymentReasons(before: unknown, names: readonly string[]): string[] {
  const then = isRecord(before) && isRecord(before["deployments"]) ? Object.keys(before["deployments"]) : [];
  return then
    .filter((name) => !names.includes(name))
    .map((name) => `${joinPath("deployments", name)} was removed: its Deployment is deleted.`);
}

function rotationReasons(before: Arguments, after: Arguments): string[] {
  if (after["createSecrets"] === false) {
    return before["createSecrets"] === false ? [] : [noLongerCreated];
  }
  const isVersioned = (args: Arguments): boolean => (args["rotation"] ?? "versioned") === "versioned";
  const isRenamed = after["secretName"] !== notYetKnown && before["secretName"] !== after["secretName"];
  if (isRenamed || isVersioned(before) !== isVersioned(after)) {
    const argument = isRenamed ? "secretName" : "rotation";
    return [`${argument} has changed, and the Secret's name with it: ${rolled}`];
  }
  const reasons: string[] = [];
  if (isVersioned(after) && hasChanged(before, after)) {
    reasons.push(`The logins have changed: ${rolled}`);
  }
  if (givesOutgoingLogins(before) && !givesOutgoingLogins(after)) {
    const removed =
      before["previousRegistries"] === undefined ? "previousDockerConfigJson" : "previousRegistries";
    reasons.push(
      `${removed} was removed: the Secret with the outgoing logins is deleted after the Deployments have rolled.`,
    );
  }
  return reasons;
}

const rolled = "a new Secret is created, the Deployments roll to it, and the old Secret is deleted last.";

const noLongerCreated =
  "createSecrets is false: the Secret is deleted, while pods still list it. To keep it, take it out of the stack first (`pulumi state delete`).";

function namespaceReasons(before: Arguments, after: Arguments): string[] {
  if (after["namespaces"] === notYetKnown) {
    return [];
  }
  const then = namespacesOf(before);
  const now = namespacesOf(after);
  const moved = Object.keys(then).filter(
    (key) => Object.hasOwn(now, key) && typeof now[key] === "string" && then[key] !== now[key],
  );
  const gone = Object.keys(then).filter((key) => !Object.hasOwn(now, key));
  return [
    ...moved.map(
      (key) =>
        `The namespace of the key ${quote(key)} is ${quote(String(now[key]))} instead of ${quote(String(then[key]))}: the Secret is created there, and deleted in the old one last.`,
    ),
    ...gone.map((key) => `The key ${quote(key)} of the namespaces was removed: its Secret is deleted.`),
  ];
}

function namespacesOf({ namespace, namespaces }: Arguments): Record<string, unknown> {
  const isGiven = typeof namespace === "string" || namespace === notYetKnown;
  return isRecord(namespaces) ? namespaces : isGiven ? { default: namespace } : {};
}

function goneKeys(before: Arguments, after: Arguments, argument: string): string[] {
  const now = after[argument];
  return isRecord(before[argument]) && now !== notYetKnown
    ? Object.keys(before[argument]).filter((key) => !(isRecord(now) && Object.hasOwn(now, key)))
    : [];
}

/** Whether the logins make a different Secret, as far as they are known. Only compares them, never shows them. */
function hasChanged(before: Arguments, after: Arguments): boolean {
  const digestOf = (args: Arguments): string => checkLogins(args, undefined).result.current.digest;
  return (
    givesLogins(before) &&
    givesLogins(after) &&
    sourcesOf(after).every(isKnown) &&
    digestOf(before) !== digestOf(after)
  );
}

function isKnown(value: unknown): boolean {
  return typeof value === "object" && value !== null
    ? Object.values(value).every(isKnown)
    : value !== notYetKnown;
}
