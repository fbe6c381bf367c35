import * as pulumi from "@pulumi/pulumi";
import { argumentsError } from "./argumentsError";

/**
 * Refuses a fixed Secret name unless `enableSecretMutable` is set: without it, the Kubernetes provider would delete the Secret,
 * and with it the Deployments, at every change of its data. An explicit provider's setting is not visible here; there, the
 * Secret's hook refuses the replacement.
 *
 * @throws ResourceError against `component`
 * @see pulumi-kubernetes provider/pkg/provider/diff.go forceNewProperties
 */
export function requireMutableSecrets(component: pulumi.ComponentResource, subject: string): void {
  if (component.getProvider("kubernetes:core/v1:Secret") !== undefined) {
    return;
  }
  const setting =
    new pulumi.Config("kubernetes").get("enableSecretMutable") ??
    process.env["PULUMI_K8S_ENABLE_SECRET_MUTABLE"];
  if (setting !== "true") {
    const reason =
      "inPlace needs a Kubernetes provider that updates Secrets, or each change of a password would take the Secret and its Deployments down: run `pulumi config set kubernetes:enableSecretMutable true`, or use rotation: versioned.";
    throw argumentsError(subject, [{ path: "rotation", reason }], component);
  }
}
