import { type Problem, quote } from "../components/lib/problems";
import { isObject } from "../components/lib/records";
import type { RecordedResource } from "./recordedResource";

const ofPackage = "kubernetes-private-registry:index:";

/** The components of this package whose first child is not among the resources, since the component has failed. */
export function failedComponents(resources: readonly RecordedResource[]): Problem[] {
  const made = new Set(resources.map(({ type, name }) => `${type} ${name}`));
  return resources
    .filter((resource) => {
      const children = firstChildren(resource);
      return children.length > 0 && !children.some((child) => made.has(child));
    })
    .map(({ type, name }) => ({
      path: `${type.slice(ofPackage.length)} ${quote(name)}`,
      reason:
        "made nothing, since its arguments are wrong. Its error is an unhandled rejection, which mocha does not show: run the program and expectPullable in one test to see it.",
    }));
}

/** The types and names of what a component may make first. */
function firstChildren({ type, name, inputs }: RecordedResource): string[] {
  switch (type) {
    case `${ofPackage}ImagePullSecret`: {
      const namespaces = isObject(inputs) && isObject(inputs["namespaces"]) ? inputs["namespaces"] : {};
      return [name, ...Object.keys(namespaces).map((key) => `${name}-${key}`)].map(
        (child) => `kubernetes:core/v1:Secret ${child}`,
      );
    }
    case `${ofPackage}PrivateDeployment`:
      return [`kubernetes:apps/v1:Deployment ${name}`];
    case `${ofPackage}PrivateWorkloads`:
      return [`${ofPackage}ImagePullSecret ${name}`];
    default:
      return [];
  }
}
