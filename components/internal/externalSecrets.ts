import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  externalSecretSpec,
  externalServers,
  type ExternalSource,
  externalSourceProblems,
} from "../lib/externalSecret";
import { checkPlacement, namespacesByKey, onlyNamespace } from "../lib/namespaces";
import type { Problem } from "../lib/problems";
import { withFailureHooks } from "./externalSecretHooks";
import { after, applyCheck } from "./inputs";
import { childName } from "./namespaces";
import { ownerHooks } from "./objectOwners";

type Inputs = Record<string, pulumi.Input<string>>;

interface PlacedArgs {
  namespace?: pulumi.Input<string>;
  namespaces?: Inputs;
  namespaceSelector?: Inputs;
}

/** The component's arguments: where Secrets go, and what the operator makes them from. */
type ExternalSecretArgs = PlacedArgs & {
  secretName: string;
} & { [Member in keyof ExternalSource]: pulumi.Input<unknown> };

/** What is known once all arguments are checked. */
export interface CheckedExternalSecret {
  servers: string[];
  /** The names of the namespaces, by key; undefined for the provider's. */
  namespaces: Record<string, string | undefined>;
}

/** Checks all arguments, the names of the namespaces included. */
export function checkExternalSecret(
  component: pulumi.Resource,
  subject: string,
  args: ExternalSecretArgs,
): pulumi.Output<CheckedExternalSecret> {
  const { namespace, namespaces, secretName } = args;
  // A list, because the SDK would lose the key `__proto__` of a map.
  const names = pulumi.all(Object.values(namespaces ?? {}));
  const checked = applyCheck(
    component,
    subject,
    pulumi.all([sourceOf(args), namespace, names]),
    ([source, one, known]) => {
      const byKey = Object.fromEntries(
        Object.keys(namespaces ?? {}).map((key, index) => [key, known[index]]),
      );
      const placement = { namespace: one, namespaces: namespaces && byKey, secretName };
      return {
        result: { servers: externalServers(source), namespaces: namespacesByKey(placement) },
        problems: [
          ...checkPlacement(placement),
          ...selectorProblems(args),
          ...externalSourceProblems(source),
        ],
      };
    },
  );
  return pulumi.unsecret(checked);
}

function sourceOf(args: ExternalSecretArgs): pulumi.Output<ExternalSource> {
  const { secretStoreRef, logins, dockerConfigJsonFrom, generator, servers, refreshInterval } = args;
  const source: pulumi.Output<unknown> = pulumi.output({
    secretStoreRef,
    logins,
    dockerConfigJsonFrom,
    generator,
    servers,
    refreshInterval,
  });
  return source as pulumi.Output<ExternalSource>;
}

function selectorProblems({ namespace, namespaces, namespaceSelector }: PlacedArgs): Problem[] {
  const path = "namespaceSelector";
  if (namespaceSelector === undefined) {
    return [];
  }
  return [
    ...(namespace !== undefined || namespaces !== undefined
      ? [{ path, reason: "is given along with names of namespaces: keep one of the two." }]
      : []),
    ...(Object.keys(namespaceSelector).length === 0
      ? [{ path, reason: "is empty: give at least one label, or every namespace would get the login." }]
      : []),
  ];
}

/**
 * Creates what the operator makes the Secrets from, once `checks` have passed. Returns the names by namespace key, each an
 * Output of its resource.
 */
export function createExternalSecrets(
  parent: pulumi.Resource,
  component: string,
  args: ExternalSecretArgs,
  checks: Promise<unknown>,
  customTimeouts: pulumi.CustomTimeouts = { create: "2m", update: "2m" },
): Record<string, pulumi.Output<string>> {
  const { namespace, namespaces, namespaceSelector } = args;
  const create = (resourceName: string, kind: string, metadata: object, spec: pulumi.Input<object>) => {
    const owner = ownerHooks(`kubernetes:${apiVersion}:${kind}`, resourceName, component);
    const resource = new k8s.apiextensions.CustomResource(
      resourceName,
      {
        apiVersion,
        kind,
        metadata: {
          ...metadata,
          name: args.secretName,
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec,
      },
      { parent, customTimeouts, hooks: withFailureHooks(owner) },
    );
    return resource.metadata.name;
  };
  const spec = after(checks, sourceOf(args).apply(externalSecretSpec));
  if (namespaceSelector !== undefined) {
    const selected = { namespaceSelectors: [{ matchLabels: namespaceSelector }], externalSecretSpec: spec };
    return { [onlyNamespace]: create(component, "ClusterExternalSecret", {}, selected) };
  }
  return Object.fromEntries(
    Object.entries(namespacesByKey({ namespace, namespaces })).map(([key, name]) => [
      key,
      create(childName(component, key, namespaces), "ExternalSecret", { namespace: name }, spec),
    ]),
  );
}

const apiVersion = "external-secrets.io/v1";
