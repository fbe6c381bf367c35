import { batch } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  PrivateDeployment,
  type PullSecretReference,
  pullSecretTransform,
  withPullSecrets,
} from "kubernetes-private-registry";

// The outputs of the other stack hold no secrets: this stack needs neither its passphrase nor the passwords.
const registry = new pulumi.StackReference(new pulumi.Config().require("registryStack"));
const references = registry.requireOutput("references") as pulumi.Output<{ web: PullSecretReference }>;
const namespaces = registry.requireOutput("namespaces") as pulumi.Output<{ web: string }>;
const web = references.apply((byKey) => byKey.web);
const namespace = namespaces.apply((byKey) => byKey.web);

// A Deployment of this package: its image is checked against the servers of the other stack.
const checkout = new PrivateDeployment("checkout", {
  namespace,
  pullSecrets: [web],
  image: "www.3rdregistry.com/janedoe/checkout:v7",
});

// A workload of one's own; not a Job, which each rotation of the other stack would run again.
const spec = withPullSecrets(
  {
    restartPolicy: "Never",
    containers: [{ name: "report", image: "www.3rdregistry.com/janedoe/report:v2" }],
  },
  web,
);
new batch.v1.CronJob("report", {
  metadata: { namespace },
  spec: { schedule: "0 4 * * *", jobTemplate: { spec: { template: { spec } } } },
});

// Workloads that others write, such as a helm.v4.Chart, in any of the namespaces.
class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("platform:index:Monitoring", name, {}, opts);
    const containers = [{ name: "probe", image: "www.3rdregistry.com/janedoe/probe:v1" }];
    new batch.v1.CronJob(
      "probe",
      {
        metadata: { namespace },
        spec: {
          schedule: "*/5 * * * *",
          jobTemplate: { spec: { template: { spec: { restartPolicy: "Never", containers } } } },
        },
      },
      { parent: this },
    );
  }
}
new Monitoring("monitoring", { transforms: [pullSecretTransform({ references, namespaces })] });

export const deployment = checkout.name;
