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
    provider:
      renderTo === undefined ? undefined : new Provider("render", { renderYamlToDirectory: renderTo }),
    customTimeouts:
      rolloutTimeout === undefined ? undefined : { create: rolloutTimeout, update: rolloutTimeout },
  },
);

export const { secretName, reference, references, servers, deployments, pullPlan } = workloads;
