import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { kustomizationOf, type RenderedObject } from "../lib/kustomization";
import type { AccountNames } from "../lib/serviceAccounts";
import type { PrivateWorkloads } from "../privateWorkloads";

/** What of the settings decides which objects are rendered. */
interface RenderSettings {
  createNamespace?: boolean;
  serviceAccounts?: AccountNames;
}

/** Writes kustomization.yaml into the folder that PrivateWorkloads renders to, when all is rendered; a preview writes nothing. */
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
      ...Object.entries(byKey).flatMap(([key, { secretNames }]) =>
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
