import { Provider } from "@pulumi/kubernetes";
import { PrivateWorkloads } from "./components";
import { writeKustomization } from "./program/kustomization";
import { readStackSettings } from "./program/stackSettings";

const name = "private-registry";
const { renderTo, renderKustomization, renderSecrets, rolloutTimeout, ...others } = readStackSettings(name);
const settings = { ...others, createSecrets: renderSecrets };

const workloads = new PrivateWorkloads(name, settings, {
  provider: renderTo === undefined ? undefined : rendererTo(renderTo),
  customTimeouts:
    rolloutTimeout === undefined ? undefined : { create: rolloutTimeout, update: rolloutTimeout },
});

if (renderTo !== undefined && renderKustomization) {
  writeKustomization(renderTo, workloads, settings);
}

/** A provider that only writes manifests. It refuses KUBECONFIG, which the SDK would pass unless `kubeconfig` is set. */
function rendererTo(renderYamlToDirectory: string): Provider {
  return new Provider(
    "render",
    { renderYamlToDirectory, enableSecretMutable: true, kubeconfig: "" },
    { ignoreChanges: ["kubeconfig"] },
  );
}

export const { secretName, reference, references, namespaces, servers, deployments, pullPlan } = workloads;
