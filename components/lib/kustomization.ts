/** An object that is rendered to a file. */
export interface RenderedObject {
  readonly apiVersion: "v1" | "apps/v1";
  readonly kind: "Namespace" | "Secret" | "ServiceAccount" | "Deployment";
  /** Empty for the default namespace, and for a Namespace. */
  readonly namespace?: string;
  readonly name: string;
}

/**
 * The text of a kustomization.yaml that lists the files of rendered objects, in order of their paths.
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
