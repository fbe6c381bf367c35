import { rootCertificates } from "node:tls";

/** The values of a stack's config by key, before the engine writes each of them as a text. */
export type ConfigValues = Record<string, unknown>;

/** The passwords of the sound config. */
export const passwords = {
  current: 'Hunter2 canary/%7"ßx',
  other: "another-Canary-\\2",
  outgoing: "outgoing-Canary-3é",
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
  ],
  previousRegistries: [{ server: "quay.io", username: "puller", password: passwords.outgoing }],
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
