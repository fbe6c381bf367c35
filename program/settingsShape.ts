import type { Unwrap } from "@pulumi/pulumi";
import type { RegistryCredentialArgs } from "../components/args";
import {
  expiryWarningDays,
  loginPlaces,
  pullSecretReferences,
  rotation,
  servers,
  verify,
} from "../components/lib/argumentShapes";
import { quote } from "../components/lib/problems";
import type { Shape } from "../components/lib/shape";
import { annotations, labels, port, workloadMembers } from "../components/lib/workloadShape";

/** A Deployment in the config. Its other members are already checked, and not needed here. */
export interface DeploymentSettings {
  namespace?: string;
  image?: string;
  containers?: { name: string; image: string }[];
  initContainers?: { name: string; image: string }[];
  allowAnonymous?: boolean;
  pinDigest?: boolean;
  ports?: { containerPort: number }[];
}

/** A login, known. */
export type RegistryCredential = Unwrap<RegistryCredentialArgs>;

/** The checked config of a stack. */
export interface Settings {
  registries?: RegistryCredential[];
  dockerConfigJson?: string;
  previousRegistries?: RegistryCredential[];
  previousDockerConfigJson?: string;
  extraPullSecrets?: { secretNames: string[]; servers: string[] }[];
  serversWithoutSecret?: string[];
  namespace?: string;
  namespaces?: Record<string, string>;
  createNamespace?: boolean;
  protectNamespaces?: boolean;
  secretName?: string;
  expiryWarningDays?: number;
  rotation?: "versioned" | "inPlace";
  verify?: "off" | "warn" | "enforce";
  adopt?: boolean;
  serviceAccounts?: Record<string, string[]>;
  patchServiceAccounts?: Record<string, string[]>;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  rolloutTimeout?: string;
  renderTo?: string;
  renderKustomization?: boolean;
  renderSecrets?: boolean;
  deployments: Record<string, DeploymentSettings>;
}

const accountNames: Shape = { mapOf: { listOf: "string" } };

/** The config of a stack. */
export const settingsShape = {
  members: {
    registries: "anything", // checkLogins checks them
    dockerConfigJson: "anything",
    previousRegistries: "anything",
    previousDockerConfigJson: "anything",
    extraPullSecrets: pullSecretReferences,
    serversWithoutSecret: servers,
    namespace: "string",
    namespaces: { mapOf: "string" },
    createNamespace: "boolean",
    protectNamespaces: "boolean",
    secretName: "string",
    expiryWarningDays,
    rotation,
    verify,
    adopt: "boolean",
    serviceAccounts: accountNames,
    patchServiceAccounts: accountNames,
    labels,
    annotations,
    rolloutTimeout: { text: durationProblem },
    renderTo: { text: folderProblem },
    renderKustomization: "boolean",
    renderSecrets: "boolean",
    workloads: {
      mapOf: { members: { ...workloadMembers, port, namespace: "string", pinDigest: "boolean" } },
    },
  },
  atLeastOne: loginPlaces,
} satisfies Shape;

function durationProblem(text: string): string | undefined {
  return /^(\d{1,6}[hms]){1,3}$/.test(text)
    ? undefined
    : `${quote(text)} is not a duration: write hours, minutes and seconds, such as "5m" or "90s".`;
}

/** A list or an object arrives here as text, starting with a bracket. */
function folderProblem(path: string): string | undefined {
  return /^[^[{\p{C}][^\p{C}]*$/u.test(path) && path.length <= 4096
    ? undefined
    : `${quote(path)} is not a folder path: write at most 4,096 characters, none of them a control character, such as "manifests".`;
}
