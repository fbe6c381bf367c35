/**
 * The components, and functions that work without Pulumi.
 *
 * @module kubernetes-private-registry
 */
import "./internal/requireNode";
export { ImagePullSecret, type ImagePullSecretArgs } from "./imagePullSecret";
export { ExternalPullSecret, type ExternalPullSecretArgs } from "./externalPullSecret";
export {
  type ExternalLoginArgs,
  GeneratorKind,
  type GeneratorRefArgs,
  type RemoteRefArgs,
  SecretStoreKind,
  type SecretStoreRefArgs,
} from "./externalPullSecretArgs";
export {
  type HuaweiSwrArgs,
  type PullSecretReference,
  type RegistryCredentialArgs,
  Rotation,
  Verification,
} from "./args";
export type { ProbeResult, ResolvedDigest } from "./registry/checks";
export {
  probeRegistry,
  type ProbeRegistryArgs,
  resolveDigest,
  type ResolveDigestArgs,
} from "./registry/client";
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
} from "./workloadArgs";
export type { PullAttempt } from "./lib/kubelet/pullAttempts";
export {
  decodeDockerConfigJson,
  DockerConfigError,
  encodeDockerConfigJson,
  type RegistryLogin,
} from "./lib/kubelet/dockerConfigJson";
export { type ImageReference, ImageReferenceError, parseImageReference } from "./lib/kubelet/imageReference";
export { type ImageCredential, KeyringError, lookupCredentials } from "./lib/kubelet/keyring";
export {
  type EcrAuthorization,
  type HostedLogin,
  PresetError,
  type PresetLogin,
  type TokenLogin,
} from "./lib/logins/presetLogin";
export type { HuaweiAccessKeys } from "./lib/logins/huaweiSwr";
export { PreflightError, PreflightReason } from "./registry/preflightError";
export * as registryPresets from "./lib/logins/registryPresets";
export { canonicalServer, ServerError } from "./lib/kubelet/server";
export type { PullPlanEntry } from "./lib/workload";
export { PrivateDeployment, type PrivateDeploymentArgs } from "./privateDeployment";
export { PrivateWorkloads, type PrivateWorkloadsArgs } from "./privateWorkloads";
export type { DeploymentArgs } from "./workloadArgs";
export { pullFailureHooks } from "./pullFailureHooks";
export {
  type PullSecretsByNamespace,
  pullSecretTransform,
  type PullSecretTransformOptions,
} from "./pullSecretTransform";
export { withPullSecrets } from "./withPullSecrets";
