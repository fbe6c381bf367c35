import { refreshIntervalProblem } from "./externalSecret";
import { serverProblem } from "./kubelet/server";
import { dnsSubdomainProblem, labelValueProblem, qualifiedNameProblem } from "./kubernetesNames";
import type { Shape } from "./shape";
import { accountNameProblem, kindNameProblem, pathProblem } from "./workloadKinds";
import { annotations, labels, workloadMembers } from "./workloadShape";

/** What servers may be, where they are named without a login. */
export const servers: Shape = { listOf: { text: serverProblem } };

const referenceMembers = {
  members: {
    secretNames: {
      listOf: { text: dnsSubdomainProblem },
      ifEmpty:
        "names no Secret: write the names of the Secrets that hold the logins. If the images need none, leave this reference out and name its servers in `serversWithoutSecret`.",
    },
    servers,
    stableNames: "boolean",
  },
  required: ["secretNames", "servers"],
} satisfies Shape;

/** References of pull Secrets in the config, which is written by hand. */
export const pullSecretReferences: Shape = { listOf: referenceMembers };

/** In arguments they may come from a later version in another stack, with members unknown here. */
const pullSecretReference: Shape = { ...referenceMembers, mayHaveOthers: true };
const referenceArguments: Shape = { listOf: pullSecretReference };

export const rotation: Shape = { oneOf: ["versioned", "inPlace"] };
export const verify: Shape = { oneOf: ["off", "warn", "enforce"] };
export const expiryWarningDays: Shape = { integer: [0, 3650] };

const accountNames: Shape = { plain: { mapOf: { plain: { listOf: { plain: "string" } } } } };

/** The arguments that ImagePullSecret and PrivateWorkloads share. */
const loginMembers = {
  registries: "anything", // checkLogins checks them
  dockerConfigJson: "anything",
  previousRegistries: "anything",
  previousDockerConfigJson: "anything",
  namespace: "string",
  namespaces: { plain: { mapOf: "string" } },
  secretName: { plain: "string" },
  rotation: { plain: rotation },
  createSecrets: { plain: "boolean" },
  expiryWarningDays: { plain: expiryWarningDays },
  verify: { plain: verify },
  adopt: { plain: "boolean" },
  serviceAccounts: accountNames,
  patchServiceAccounts: accountNames,
  labels,
  annotations,
} satisfies Record<string, Shape>;

/** The arguments of an ImagePullSecret. */
export const imagePullSecretShape = {
  members: loginMembers,
  atLeastOne: ["registries", "dockerConfigJson"],
} satisfies Shape;

const remoteRef = {
  members: { key: "string", property: "string", version: "string" },
  required: ["key"],
} satisfies Shape;

/** The arguments of an ExternalPullSecret. */
export const externalPullSecretShape = {
  members: {
    namespace: "string",
    namespaces: { plain: { mapOf: "string" } },
    namespaceSelector: { plain: { mapOf: { text: labelValueProblem }, keys: qualifiedNameProblem } },
    secretName: { plain: "string" },
    secretStoreRef: {
      members: {
        name: { text: dnsSubdomainProblem },
        kind: { oneOf: ["SecretStore", "ClusterSecretStore"] },
      },
      required: ["name"],
    },
    logins: {
      listOf: {
        members: {
          server: { text: serverProblem },
          username: "string",
          usernameFrom: remoteRef,
          passwordFrom: remoteRef,
        },
        required: ["server", "passwordFrom"],
        exactlyOne: ["username", "usernameFrom"],
      },
      ifEmpty: "is empty: give at least one login.",
    },
    dockerConfigJsonFrom: remoteRef,
    generator: {
      members: {
        kind: {
          oneOf: ["ECRAuthorizationToken", "GCRAccessToken", "ACRAccessToken", "ClusterGenerator"],
        },
        name: { text: dnsSubdomainProblem },
      },
      required: ["kind", "name"],
    },
    servers: { ...servers, ifEmpty: "is empty: name the servers that the login is for." },
    refreshInterval: { text: refreshIntervalProblem },
  },
} satisfies Shape;

/** The arguments of a PrivateDeployment. */
export const privateDeploymentShape = {
  members: {
    ...workloadMembers,
    pullSecrets: referenceArguments,
    servers,
    serversWithoutSecret: servers,
    namespace: "string",
  },
  required: ["pullSecrets"],
} satisfies Shape;

/** Where the logins of workloads may be. */
export const loginPlaces = ["registries", "dockerConfigJson", "extraPullSecrets"] as const;

/** The arguments of PrivateWorkloads. */
export const privateWorkloadsShape = {
  members: {
    ...loginMembers,
    createNamespace: { plain: "boolean" },
    protectNamespaces: { plain: "boolean" },
    extraPullSecrets: referenceArguments,
    serversWithoutSecret: servers,
    deployments: {
      plain: {
        mapOf: {
          plain: {
            members: {
              ...workloadMembers,
              namespace: { plain: "string" },
              pinDigest: { plain: "boolean" },
            },
          },
        },
      },
    },
  },
  required: ["deployments"],
  atLeastOne: loginPlaces,
} satisfies Shape;

/** The arguments of withPullSecrets. */
export const withPullSecretsShape = {
  members: { podSpec: "anyObject", pullSecret: pullSecretReference },
  required: ["podSpec", "pullSecret"],
} satisfies Shape;

/** The arguments and options of pullSecretTransform. */
export const pullSecretTransformShape = {
  members: {
    references: { mapOf: pullSecretReference },
    namespaces: { mapOf: "string" },
    podTemplates: {
      plain: {
        mapOf: { plain: { listOf: { plain: { text: pathProblem } } } },
        keys: kindNameProblem,
      },
    },
    serviceAccountSecrets: {
      plain: { mapOf: { listOf: { text: dnsSubdomainProblem } }, keys: accountNameProblem },
    },
  },
  required: ["references", "namespaces"],
} satisfies Shape;
