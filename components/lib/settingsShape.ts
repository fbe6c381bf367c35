import {
  dnsSubdomainProblem,
  environmentNameProblem,
  labelValueProblem,
  portNameProblem,
  quantityProblem,
  qualifiedNameProblem,
} from "./kubernetesNames";
import { quote } from "./problems";
import { serverProblem } from "./server";
import type { Shape } from "./shape";
import type { containerSettings } from "./workload";

const count: Shape = { integer: [0, 2 ** 31 - 1] };
const port: Shape = { integer: [1, 65535] };
const strings: Shape = { listOf: "string" };
const quantities: Shape = { mapOf: { text: quantityProblem }, keys: qualifiedNameProblem };

const probe: Shape = {
  members: {
    httpGet: { members: { port, path: "string", scheme: { oneOf: ["HTTP", "HTTPS"] } }, required: ["port"] },
    tcpSocket: { members: { port }, required: ["port"] },
    exec: { members: { command: strings }, required: ["command"] },
    initialDelaySeconds: count,
    periodSeconds: count,
    timeoutSeconds: count,
    failureThreshold: count,
  },
  exactlyOne: ["httpGet", "tcpSocket", "exec"],
};

const settingsOfContainer: Record<(typeof containerSettings)[number], Shape> = {
  command: strings,
  args: strings,
  env: { mapOf: "string", keys: environmentNameProblem },
  imagePullPolicy: { oneOf: ["Always", "IfNotPresent", "Never"] },
  ports: {
    listOf: {
      members: {
        containerPort: port,
        name: { text: portNameProblem },
        protocol: { oneOf: ["TCP", "UDP", "SCTP"] },
      },
      required: ["containerPort"],
    },
  },
  resources: { members: { requests: quantities, limits: quantities } },
  readinessProbe: probe,
  livenessProbe: probe,
  startupProbe: probe,
};

const containers: Shape = {
  listOf: {
    members: { name: "string", image: "string", ...settingsOfContainer },
    required: ["name", "image"],
  },
};

const workload: Shape = {
  members: {
    image: "string",
    replicas: count,
    port,
    namespace: "string",
    allowAnonymous: "boolean",
    pinDigest: "boolean",
    containers,
    initContainers: containers,
    labels: { mapOf: { text: labelValueProblem }, keys: qualifiedNameProblem },
    annotations: { mapOf: "string", keys: qualifiedNameProblem },
    podSpec: "anyObject",
    ...settingsOfContainer,
  },
};

/** What the config of a stack may be. */
export const settingsShape = {
  members: {
    registries: "anything", // checked with their meaning, by planWorkloads
    previousRegistries: "anything",
    extraPullSecrets: {
      listOf: {
        members: {
          secretNames: { listOf: { text: dnsSubdomainProblem } },
          servers: { listOf: { text: serverProblem } },
        },
        required: ["secretNames", "servers"],
      },
    },
    namespace: "string",
    namespaces: { mapOf: "string" },
    createNamespace: "boolean",
    secretName: "string",
    expiryWarningDays: { integer: [0, 3650] },
    rotation: { oneOf: ["versioned", "inPlace"] },
    verify: { oneOf: ["off", "warn", "enforce"] },
    rolloutTimeout: { text: durationProblem },
    renderTo: { text: folderProblem },
    workloads: { mapOf: workload },
  },
} satisfies Shape;

function durationProblem(text: string): string | undefined {
  return /^(\d{1,6}[hms]){1,3}$/.test(text)
    ? undefined
    : `${quote(text)} is no duration: write hours, minutes and seconds, such as "5m" or "90s".`;
}

/** A list or an object is a text by then, which begins with a bracket. */
function folderProblem(path: string): string | undefined {
  return /^[^[{\p{C}][^\p{C}]*$/u.test(path) && path.length <= 4096
    ? undefined
    : `${quote(path)} is no path of a folder: write one without control characters, such as "manifests".`;
}
