import { Provider } from "@pulumi/kubernetes";
import { secret } from "@pulumi/pulumi";
import { PrivateWorkloads } from "./components";
import { readStackSettings } from "./components/internal/stackSettings";

const name = "private-registry";
const { registries, previousRegistries, renderTo, rolloutTimeout, ...settings } = readStackSettings(name);

const workloads = new PrivateWorkloads(
  name,
  {
    ...settings,
    registries: secret(registries),
    previousRegistries: previousRegistries && secret(previousRegistries),
  },
  {
    provider: renderTo === undefined ? undefined : rendererTo(renderTo),
    customTimeouts:
      rolloutTimeout === undefined ? undefined : { create: rolloutTimeout, update: rolloutTimeout },
  },
);

/**
 * Writes manifests; which cluster kubectl points at makes no difference to them. Without `kubeconfig` the SDK gives what
 * the environment variable KUBECONFIG has, and the provider refuses that beside a folder.
 */
function rendererTo(renderYamlToDirectory: string): Provider {
  return new Provider(
    "render",
    { renderYamlToDirectory, enableSecretMutable: true, kubeconfig: "" },
    { ignoreChanges: ["kubeconfig"] },
  );
}

export const { secretName, reference, references, namespaces, servers, deployments, pullPlan } = workloads;
