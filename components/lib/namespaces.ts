import { dnsLabelProblem, dnsSubdomainProblem } from "./kubernetesNames";
import { joinPath, type Problem, quote } from "./problems";

/** The key of the only namespace if `namespaces` is not given. */
export const onlyNamespace = "default";

/** Where pull Secrets go: one namespace, by default the provider's, or several by key. */
export interface Placement {
  namespace?: string;
  namespaces?: Record<string, string | undefined>;
  /** Base name of the Secrets. */
  secretName: string;
}

/** The longest suffix of a Secret's name: `-previous` and `-` with 8 hex digits. */
const longestSuffix = "-previous-00000000".length;

/** Secrets that Huawei CCE creates and refreshes in every namespace. */
const madeByTheCluster = ["default-secret", "paas.elb"];

/** The namespaces by key; undefined is the provider's default namespace. */
export function namespacesByKey<Name>(args: {
  namespace?: Name;
  namespaces?: Record<string, Name>;
}): Record<string, Name | undefined> {
  return args.namespaces ?? { [onlyNamespace]: args.namespace };
}

/** All problems of a placement; `createNamespace` requires the namespaces' names. */
export function checkPlacement(placement: Placement, createNamespace = false): Problem[] {
  const { namespace, namespaces, secretName } = placement;
  const problems = secretNameProblems(secretName);
  if (namespace !== undefined && namespaces !== undefined) {
    problems.push({ path: "namespaces", reason: "is given along with `namespace`: keep one of the two." });
  }
  if (namespaces !== undefined && Object.keys(namespaces).length === 0) {
    problems.push({ path: "namespaces", reason: "is empty: give at least one namespace." });
  }
  const pathsByName = new Map<string | undefined, string>();
  for (const [key, name] of Object.entries(namespacesByKey(placement))) {
    const path = namespaces === undefined ? "namespace" : joinPath("namespaces", key);
    const reason = keyProblem(key) ?? namespaceProblem(name, createNamespace, pathsByName.get(name));
    if (reason !== undefined) {
      problems.push({ path, reason });
    }
    pathsByName.set(name, path);
  }
  return problems;
}

function secretNameProblems(secretName: string): Problem[] {
  const reason = madeByTheCluster.includes(secretName)
    ? `"${secretName}" is created and refreshed by the cluster itself (Huawei CCE): choose another name, and list that Secret by a reference.`
    : dnsSubdomainProblem(secretName, 253 - longestSuffix);
  return reason === undefined ? [] : [{ path: "secretName", reason }];
}

function keyProblem(key: string): string | undefined {
  if (key === "previous" || key.startsWith("previous-")) {
    return 'the key begins with "previous", which is reserved for rotation: choose another.';
  }
  const problem = dnsLabelProblem(key);
  return problem && `the key ${problem}`;
}

function namespaceProblem(
  namespace: string | undefined,
  createNamespace: boolean,
  sameAs: string | undefined,
): string | undefined {
  if (namespace === undefined) {
    return createNamespace ? "is missing: createNamespace needs its name." : undefined;
  }
  return sameAs === undefined
    ? dnsLabelProblem(namespace)
    : `is ${quote(namespace)}, as ${sameAs} is: keep one of them.`;
}
