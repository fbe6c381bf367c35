import type * as pulumi from "@pulumi/pulumi";

/** A login at one registry. */
export interface RegistryCredentialArgs {
  /**
   * The registry as its images name it, `host[:port][/path]`; `*` matches any part of a host label. Default Docker
   * Hub, `docker.io`.
   */
  server?: pulumi.Input<string>;
  /** The account's user name, without a colon. */
  username: pulumi.Input<string>;
  /** The account's password or access token. */
  password: pulumi.Input<string>;
  /** The account's email; registries ignore it. */
  email?: pulumi.Input<string>;
  /** When the registry stops accepting the login (RFC 3339). */
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
  /** The logins, at least one. Always secret as a whole. */
  registries: pulumi.Input<pulumi.Input<RegistryCredentialArgs>[]>;
  /**
   * The outgoing logins while a rotation overlaps. They go into a second Secret, which pods list after the current one, so
   * that pulls succeed whether the registry or the cluster changes first. Default none, no second Secret.
   */
  previousRegistries?: pulumi.Input<pulumi.Input<RegistryCredentialArgs>[]>;
  /** Several namespaces instead of a single one, by a key of your choice that names the Secret in Pulumi and must not change. */
  namespaces?: Record<string, pulumi.Input<string>>;
  /** Base name of the Secrets. Default the component's name. */
  secretName?: string;
  /** How a changed credential reaches the cluster. Default versioned. */
  rotation?: Rotation;
  /** How many days before a login expires the warnings start. Default 14. */
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
