import { rootCertificates } from "node:tls";
import { base64, ecrTokenUntil, googleKeyOf, huaweiKeys } from "../secrets/cloudSecrets";

/** The values of a stack's config by key, before the engine writes each of them as a text. */
export type ConfigValues = Record<string, unknown>;

/** The text of a config.json with one login, whose password ends with a space. */
function configJson(server: string, password: string): string {
  const auth = base64(`canary-user-of-${server}:${password} `);
  return JSON.stringify({ auths: { [server]: { auth } } });
}

/** The passwords of the sound config, and what holds or derives others. */
export const passwords = {
  current: 'Hunter2 canary/%7"ßx',
  other: "another-Canary-\\2",
  outgoing: "outgoing-Canary-3é",
  secretKey: huaweiKeys.secretKey,
  ecrToken: ecrTokenUntil("2999-01-31T00:00:00Z", "Canary-payload"),
  googleKey: googleKeyOf("Canary-private-key-in-one-line-5"),
  config: configJson("ghcr.io", "config-Canary-6"),
  outgoingConfig: configJson("ghcr.io", "outgoing-config-Canary-7"),
};

/** A config that has every member, and that the program accepts. */
export const soundConfig: ConfigValues = {
  registries: [
    {
      server: "registry.example.com",
      username: "janedoe",
      password: passwords.current,
      email: "janedoe@example.com",
      expiresAt: "2999-01-31T00:00:00Z",
      namespaces: ["shop"],
      insecure: true,
      caBundle: rootCertificates[0],
    },
    { server: "quay.io", username: "puller", password: passwords.other },
    { huaweiSwr: { region: "cn-north-4", accessKey: huaweiKeys.accessKey, secretKey: passwords.secretKey } },
    { server: "123456789012.dkr.ecr.eu-central-1.amazonaws.com", ecrToken: passwords.ecrToken },
    { server: "eu.gcr.io", googleKey: passwords.googleKey },
  ],
  dockerConfigJson: passwords.config,
  previousRegistries: [{ server: "quay.io", username: "puller", password: passwords.outgoing }],
  previousDockerConfigJson: passwords.outgoingConfig,
  extraPullSecrets: [{ secretNames: ["default-secret"], servers: ["swr.*.myhuaweicloud.com"] }],
  serversWithoutSecret: ["public.ecr.aws"],
  namespaces: { shop: "shop-prod", tools: "tools-prod" },
  createNamespace: true,
  secretName: "pull",
  expiryWarningDays: 14,
  rotation: "versioned",
  verify: "off",
  rolloutTimeout: "5m",
  renderTo: "manifests/broken",
  workloads: {
    web: {
      image: "registry.example.com/shop/web:v1",
      namespace: "shop",
      replicas: 2,
      port: 8080,
      allowAnonymous: false,
      pinDigest: false,
      labels: { team: "a" },
      annotations: { note: "b" },
      podSpec: { hostNetwork: false },
      command: ["serve"],
      args: ["--all"],
      env: { LEVEL: "info" },
      imagePullPolicy: "Always",
      resources: { requests: { cpu: "100m" }, limits: { memory: "1Gi" } },
      readinessProbe: {
        httpGet: { port: 8080, path: "/", scheme: "HTTPS" },
        initialDelaySeconds: 0,
        periodSeconds: 5,
        timeoutSeconds: 1,
        failureThreshold: 3,
      },
      livenessProbe: { tcpSocket: { port: 8080 } },
      startupProbe: { exec: { command: ["true"] } },
    },
    job: {
      namespace: "tools",
      initContainers: [{ name: "migrate", image: "quay.io/tools/migrate:v1" }],
      containers: [
        {
          name: "job",
          image: "quay.io/tools/job:v1",
          ports: [{ containerPort: 8080, name: "http", protocol: "TCP" }],
        },
      ],
    },
  },
};

/** A config as the engine hands it over: texts as they are, others as JSON. */
export function engineTexts(values: ConfigValues): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
