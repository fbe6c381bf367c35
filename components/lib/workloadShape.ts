import {
  environmentNameProblem,
  labelValueProblem,
  portNameProblem,
  qualifiedNameProblem,
  quantityProblem,
} from "./kubernetesNames";
import type { Shape } from "./shape";
import type { containerSettings } from "./workload";

const count: Shape = { integer: [0, 2 ** 31 - 1] };
export const port: Shape = { integer: [1, 65535] };
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

export const labels: Shape = { mapOf: { text: labelValueProblem }, keys: qualifiedNameProblem };

export const annotations: Shape = { mapOf: "string", keys: qualifiedNameProblem };

/** The members of a workload that the config and the arguments share. */
export const workloadMembers = {
  image: "string",
  containers,
  initContainers: containers,
  replicas: count,
  allowAnonymous: "boolean",
  labels,
  annotations,
  podSpec: "anyObject",
  ...settingsOfContainer,
} satisfies Record<string, Shape>;
