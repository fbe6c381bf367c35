import { dnsSubdomainProblem } from "./kubernetesNames";
import { joinPath, type Problem, quote } from "./problems";
import { ownMember } from "./records";
import { joinWords, suggestion } from "./suggestions";

/** Names of ServiceAccounts by namespace key. */
export type AccountNames = Record<string, readonly string[]>;

/** ServiceAccounts that list the pull Secrets: those to create, and existing ones to attach to. */
export interface ServiceAccounts {
  serviceAccounts?: AccountNames;
  patchServiceAccounts?: AccountNames;
}

/**
 * All problems of the ServiceAccounts in the namespaces with these keys.
 *
 * Kubernetes copies an account's list into each pod at creation, so a pod would keep the name of a versioned Secret after the
 * next rotation deletes it (kubernetes plugin/pkg/admission/serviceaccount).
 */
export function checkServiceAccounts(
  { serviceAccounts = {}, patchServiceAccounts = {} }: ServiceAccounts,
  namespaceKeys: readonly string[],
  versioned: boolean,
): Problem[] {
  const needsInPlace = Object.entries({ serviceAccounts, patchServiceAccounts })
    .filter(([, accounts]) => versioned && Object.keys(accounts).length > 0)
    .map(([path]) => ({
      path,
      reason:
        "needs rotation: inPlace: a pod keeps the Secret's name that its ServiceAccount had when it was created, and a versioned rotation deletes that Secret. To keep Deployments versioned, give the accounts an ImagePullSecret of their own with rotation: inPlace.",
    }));
  return [
    ...needsInPlace,
    ...listProblems("serviceAccounts", serviceAccounts, namespaceKeys, (key, account) =>
      account === "default"
        ? "every namespace already has it: attach to it with `patchServiceAccounts`."
        : isIn(patchServiceAccounts, key, account)
          ? "is in `patchServiceAccounts` too: keep one of the two."
          : undefined,
    ),
    ...listProblems("patchServiceAccounts", patchServiceAccounts, namespaceKeys, () => undefined),
  ];
}

function listProblems(
  path: string,
  accounts: AccountNames,
  namespaceKeys: readonly string[],
  clash: (key: string, account: string) => string | undefined,
): Problem[] {
  return Object.entries(accounts).flatMap(([key, names]) => {
    const place = joinPath(path, key);
    if (!namespaceKeys.includes(key)) {
      const reason = `${quote(key)} is not a key of \`namespaces\`${suggestion(key, namespaceKeys)}. Expected one of: ${joinWords(namespaceKeys)}.`;
      return [{ path: place, reason }];
    }
    return names.flatMap((name, index) => {
      const isTwice = names.indexOf(name) !== index;
      const reason = isTwice
        ? `${quote(name)} is listed twice.`
        : (dnsSubdomainProblem(name) ?? clash(key, name));
      return reason === undefined ? [] : [{ path: `${place}[${index}]`, reason }];
    });
  });
}

function isIn(accounts: AccountNames, key: string, account: string): boolean {
  return ownMember(accounts, key)?.includes(account) ?? false;
}
