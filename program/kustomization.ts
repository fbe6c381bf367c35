import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { AccountNames } from "../components/lib/serviceAccounts";
import type { PrivateWorkloads } from "../components/privateWorkloads";

/** The settings that decide which objects are rendered. */
interface RenderSettings {
  createNamespace?: boolean;
  createSecrets?: boolean;
  serviceAccounts?: AccountNames;
}

/** Writes kustomization.yaml next to the manifests of PrivateWorkloads, after everything else. A preview writes nothing. */
export function writeKustomization(
  folder: string,
  { references, namespaces, deployments }: PrivateWorkloads,
  settings: RenderSettings,
): void {
  pulumi.all([references, namespaces, deployments]).apply(([byKey, names, ids]) => {
    if (pulumi.runtime.isDryRun()) {
      return;
    }
    const objects: RenderedObject[] = [
      ...(settings.createNamespace
        ? Object.values(names).map((name) => ({ apiVersion: "v1", kind: "Namespace", name }) as const)
        : []),
      ...Object.entries(settings.createSecrets === false ? {} : byKey).flatMap(([key, { secretNames }]) =>
        secretNames.map(
          (name) => ({ apiVersion: "v1", kind: "Secret", namespace: names[key], name }) as const,
        ),
      ),
      ...Object.entries(settings.serviceAccounts ?? {}).flatMap(([key, accounts]) =>
        accounts.map(
          (name) => ({ apiVersion: "v1", kind: "ServiceAccount", namespace: names[key], name }) as const,
        ),
      ),
      ...Object.values(ids).map((id) => {
        const [name = "", namespace] = id.split("/").toReversed();
        return { apiVersion: "apps/v1", kind: "Deployment", namespace, name } as const;
      }),
    ];
    const root = join(pulumi.getRootDirectory(), folder);
    mkdirSync(root, { recursive: true, mode: 0o700 });
    writeFileSync(join(root, "kustomization.yaml"), kustomizationOf(objects));
  });
}

/** An object rendered to a file. */
export interface RenderedObject {
  readonly apiVersion: "v1" | "apps/v1";
  readonly kind: "Namespace" | "Secret" | "ServiceAccount" | "Deployment";
  /** Empty for the default namespace, and for a Namespace. */
  readonly namespace?: string;
  readonly name: string;
}

/**
 * The text of a kustomization.yaml that lists the files of the rendered objects, sorted by path.
 *
 * @see pulumi-kubernetes provider/pkg/provider/provider.go renderPathForResource
 */
export function kustomizationOf(objects: readonly RenderedObject[]): string {
  return [
    "apiVersion: kustomize.config.k8s.io/v1beta1",
    "kind: Kustomization",
    "resources:",
    ...objects
      .map(pathOf)
      .toSorted()
      .map((path) => `  - ${path}`),
    "",
  ].join("\n");
}

function pathOf({ apiVersion, kind, namespace = "", name }: RenderedObject): string {
  return `1-manifest/${apiVersion.replace("/", "_")}-${kind.toLowerCase()}-${namespace || "default"}-${name}.yaml`;
}
