import * as pulumi from "@pulumi/pulumi";
import { checkPlacement, namespacesByKey } from "../lib/placement";
import { checkServiceAccounts, type ServiceAccounts } from "../lib/serviceAccounts";
import { checked } from "./inputs";

/** Where Secrets go, as the arguments of a component say it. */
export interface PlacementArgs extends ServiceAccounts {
  namespace?: pulumi.Input<string>;
  namespaces?: Record<string, pulumi.Input<string>>;
  createNamespace?: boolean;
  secretName: string;
  versioned: boolean;
}

/** The names of the namespaces by key, once they are known and checked. */
export function placementOf(
  component: pulumi.Resource,
  subject: string,
  { namespace, namespaces, createNamespace, secretName, versioned, ...accounts }: PlacementArgs,
): pulumi.Output<Record<string, string | undefined>> {
  // A list rather than the map itself, of which the SDK would lose the key `__proto__`.
  const names = pulumi.all(Object.values(namespaces ?? {}));
  return checked(component, subject, pulumi.all([namespace, names]), ([one, known]) => {
    const byKey = Object.fromEntries(Object.keys(namespaces ?? {}).map((key, index) => [key, known[index]]));
    const placement = { namespace: one, namespaces: namespaces && byKey, secretName };
    const result = namespacesByKey(placement);
    const problems = [
      ...checkPlacement(placement, createNamespace),
      ...checkServiceAccounts(accounts, Object.keys(result), versioned),
    ];
    return { result, problems };
  });
}
