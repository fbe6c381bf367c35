export { ImagePullSecret, type ImagePullSecretArgs } from "./imagePullSecret";
export { type PullSecretReference, type RegistryCredentialArgs, Rotation } from "./internal/args";
export {
  type ContainerArgs,
  type ContainerPortArgs,
  type ContainerSettingsArgs,
  type ExecArgs,
  type HttpGetArgs,
  ImagePullPolicy,
  type ProbeArgs,
  type ResourcesArgs,
  type TcpSocketArgs,
  type WorkloadArgs,
} from "./internal/workloadArgs";
export type { PullAttempt } from "./lib/coverage";
export {
  decodeDockerConfigJson,
  DockerConfigError,
  encodeDockerConfigJson,
  type RegistryLogin,
} from "./lib/dockerConfigJson";
export { type ImageReference, ImageReferenceError, parseImageReference } from "./lib/imageReference";
export { type ImageCredential, KeyringError, lookupCredentials } from "./lib/keyring";
export { canonicalServer, ServerError } from "./lib/server";
export type { PullPlanEntry } from "./lib/workload";
export { PrivateDeployment, type PrivateDeploymentArgs } from "./privateDeployment";
export { type DeploymentArgs, PrivateWorkloads, type PrivateWorkloadsArgs } from "./privateWorkloads";
export { withPullSecrets } from "./withPullSecrets";
