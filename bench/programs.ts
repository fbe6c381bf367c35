import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { encodeDockerConfigJson, PrivateWorkloads } from "../components";

/** The arguments of a program: how many Deployments to create, in 50 namespaces, and the password to pull with. */
export interface BenchArgs {
  deployments: number;
  password: pulumi.Input<string>;
  provider?: pulumi.ProviderResource;
}

/** What both programs export. */
export interface BenchOutputs {
  secretName: pulumi.Output<string>;
  deployments: pulumi.Output<Record<string, string>>;
}

const server = "registry.example.com";
const username = "puller";
const namespaces = Array.from({ length: 50 }, (_, index) => `team-${index}`);
const ports = [{ containerPort: 8080 }];
const env = { LOG_LEVEL: "info", REGION: "eu-west-1" };

function workloads(count: number): { name: string; namespace: string; image: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `app-${index}`,
    namespace: `team-${index % namespaces.length}`,
    image: `${server}/shop/app-${index}:v1`,
  }));
}

function withPackage({ deployments, password, provider }: BenchArgs): BenchOutputs {
  const apps = new PrivateWorkloads(
    "apps",
    {
      registries: [{ server, username, password }],
      namespaces: Object.fromEntries(namespaces.map((namespace) => [namespace, namespace])),
      createNamespace: true,
      deployments: Object.fromEntries(
        workloads(deployments).map(({ name, namespace, image }) => [name, { namespace, image, env, ports }]),
      ),
    },
    { provider },
  );
  return { secretName: apps.secretName, deployments: apps.deployments };
}

function byHand({ deployments, password, provider }: BenchArgs): BenchOutputs {
  const json = pulumi
    .secret(password)
    .apply((known) => encodeDockerConfigJson([{ server, username, password: known }]));
  const data = { ".dockerconfigjson": json.apply((text) => Buffer.from(text).toString("base64")) };
  const version = new random.RandomId("apps", { byteLength: 4, keepers: { json } });
  const secretName = pulumi.interpolate`apps-${version.hex}`;
  const places = new Map(
    namespaces.map((name) => {
      const { metadata } = new k8s.core.v1.Namespace(name, { metadata: { name } }, { provider });
      const secret = new k8s.core.v1.Secret(
        name,
        {
          metadata: { name: secretName, namespace: metadata.name },
          type: "kubernetes.io/dockerconfigjson",
          data,
          immutable: true,
        },
        { provider },
      );
      return [name, { namespace: metadata.name, imagePullSecrets: [{ name: secret.metadata.name }] }];
    }),
  );
  const ids = workloads(deployments).map(({ name, namespace: key, image }) => {
    const { namespace, imagePullSecrets } = places.get(key) ?? {};
    const labels = { "app.kubernetes.io/name": name };
    const deployment = new k8s.apps.v1.Deployment(
      name,
      {
        metadata: { name, namespace, labels },
        spec: {
          selector: { matchLabels: labels },
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
          template: {
            metadata: { labels },
            spec: {
              automountServiceAccountToken: false,
              securityContext: { seccompProfile: { type: "RuntimeDefault" } },
              imagePullSecrets,
              containers: [
                {
                  name,
                  image,
                  env: Object.entries(env).map(([name, value]) => ({ name, value })),
                  ports,
                  securityContext: { allowPrivilegeEscalation: false },
                },
              ],
            },
          },
        },
      },
      { provider, customTimeouts: { create: "5m", update: "5m" } },
    );
    return [name, deployment.id] as const;
  });
  return { secretName, deployments: pulumi.output(Object.fromEntries(ids)) };
}

/** Two programs that produce the same manifests: with this package, and by hand with the Kubernetes package's resources. */
export const programs = { package: withPackage, byHand };

/** The name of one of the two programs. */
export type Side = keyof typeof programs;
