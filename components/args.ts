import type * as pulumi from "@pulumi/pulumi";

/** Access keys of a Huawei Cloud user, from which the long-term login of SWR is derived. */
export interface HuaweiSwrArgs {
  /** Region of the registry, such as `cn-north-4`. */
  region: pulumi.Input<string>;
  /** Access key ID (AK): letters and digits. */
  accessKey: pulumi.Input<string>;
  /** Secret access key (SK). */
  secretKey: pulumi.Input<string>;
}

/**
 * A login at one registry, with exactly one secret: a password with its user name; or one that has a user name of its own,
 * the access keys of Huawei Cloud, an authorization token of Amazon ECR, or a key of Google Cloud.
 */
export interface RegistryCredentialArgs {
  /**
   * The registry as its images name it, `host[:port][/path]`; `*` matches any part of a host label. Default Docker
   * Hub, `docker.io`; with access keys of Huawei Cloud, `swr.<region>.myhuaweicloud.com`. A token of Amazon ECR and a key of
   * Google Cloud need it, because they don't name it.
   */
  server?: pulumi.Input<string>;
  /** The account's user name, without a colon. Needed with a password; the other secrets have one of their own. */
  username?: pulumi.Input<string>;
  /** The account's password or access token. */
  password?: pulumi.Input<string>;
  /** Access keys for the long-term login of Huawei Cloud SWR, instead of a password. */
  huaweiSwr?: pulumi.Input<HuaweiSwrArgs>;
  /** The authorization token of Amazon ECR as GetAuthorizationToken returns it, base64 of `AWS:<password>`, instead of a password. */
  ecrToken?: pulumi.Input<string>;
  /** The JSON key of a Google Cloud service account, in several lines, in one, or in base64, instead of a password. */
  googleKey?: pulumi.Input<string>;
  /** The account's email; registries ignore it. */
  email?: pulumi.Input<string>;
  /** When the registry stops accepting the login (RFC 3339). Default what a token of Amazon ECR says of itself. */
  expiresAt?: pulumi.Input<string>;
  /** Keys of the namespaces whose Secret contains the login. Default all. */
  namespaces?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Whether verification and digest pinning may use plain http, which exposes the password to the network. Default
   * false.
   */
  insecure?: pulumi.Input<boolean>;
  /**
   * The CA, in PEM, that verification and digest pinning trust for this registry in addition to the public ones. The nodes
   * need it too.
   */
  caBundle?: pulumi.Input<string>;
}

/** Whether to ask the registries, at preview and up, if they accept the logins and have the images. */
export const Verification = {
  /** Asks no registry. */
  Off: "off",
  /** Failures are warnings. */
  Warn: "warn",
  /** Failures are errors, and nothing is created. */
  Enforce: "enforce",
} as const;
export type Verification = (typeof Verification)[keyof typeof Verification];

/** How a changed credential reaches the cluster. */
export const Rotation = {
  /** A new immutable Secret with a new name; workloads roll to it; the old Secret is deleted last. */
  Versioned: "versioned",
  /** One Secret with a fixed name, updated in place; nothing restarts. Needs a provider that updates Secrets (`kubernetes:enableSecretMutable`). */
  InPlace: "inPlace",
} as const;
export type Rotation = (typeof Rotation)[keyof typeof Rotation];

/**
 * The pull Secrets that a workload must list, and the servers that they serve. Contains no secrets, so it can pass between
 * components, languages and stacks. Write it by hand for a Secret created elsewhere.
 */
export interface PullSecretReference {
  /** Names of the Secrets, in the order in which a pod lists them: the current one first. */
  secretNames: string[];
  /** The servers that they hold a login for, spelled as in `RegistryCredentialArgs`. */
  servers: string[];
  /** Whether the Secrets keep their names in a rotation: false with rotation versioned. Default true. */
  stableNames?: boolean;
}

/** The arguments that ImagePullSecret and PrivateWorkloads share. */
export interface PullSecretArgs {
  /** The logins. Always secret as a whole. */
  registries?: pulumi.Input<pulumi.Input<RegistryCredentialArgs>[]>;
  /**
   * More logins, or all: the text of a Docker config.json, as `docker login` writes it and clouds and secret stores hand it
   * over. They go to all namespaces. Always secret, user names included.
   */
  dockerConfigJson?: pulumi.Input<string>;
  /**
   * The outgoing logins while a rotation overlaps. They go into a second Secret, which pods list after the current one, so
   * that pulls succeed whether the registry or the cluster changes first. Default none, no second Secret.
   */
  previousRegistries?: pulumi.Input<pulumi.Input<RegistryCredentialArgs>[]>;
  /** The outgoing logins in the other form, in addition or instead. */
  previousDockerConfigJson?: pulumi.Input<string>;
  /** Several namespaces instead of a single one, by a key of your choice that names the Secret in Pulumi and must not change. */
  namespaces?: Record<string, pulumi.Input<string>>;
  /** Base name of the Secrets. Default the component's name. */
  secretName?: string;
  /** How a changed credential reaches the cluster. Default versioned. */
  rotation?: Rotation;
  /**
   * Whether to create the Secrets. If not, the logins are for checks only, and the Secrets, whose names are then fixed, are
   * created elsewhere, such as by another stack or by External Secrets. That needs rotation in place. Default true.
   */
  createSecrets?: boolean;
  /** How many days before a login expires the warnings start; they end a day before. Default 14. */
  expiryWarningDays?: number;
  /**
   * Whether to take over the existing Secret with the base name, such as one from `kubectl create secret docker-registry`.
   * If its content differs, the preview shows an update with the import. Needs rotation in place and plain namespace names.
   * Default false.
   */
  adopt?: boolean;
  /**
   * ServiceAccounts to create, by namespace key (`default` for a single namespace). Pods that run as one of them and list no
   * pull Secrets themselves get these. Needs rotation in place. Default none.
   */
  serviceAccounts?: Record<string, string[]>;
  /**
   * Existing ServiceAccounts, such as `default`, to attach the Secrets to in the same way; removing an entry detaches them.
   * Fails if someone else has set the account's list of pull Secrets, because that list can only be owned as a whole. Needs
   * rotation in place. Default none.
   */
  patchServiceAccounts?: Record<string, string[]>;
}
