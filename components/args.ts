import type * as pulumi from "@pulumi/pulumi";

/** A login at one registry. */
export interface RegistryCredentialArgs {
  /**
   * The registry as its images name it, `host[:port][/path]`, with `*` for a part of a host label. Default Docker
   * Hub, `docker.io`.
   */
  server?: pulumi.Input<string>;
  /** The account's user name; can't hold a colon. */
  username: pulumi.Input<string>;
  /** The account's password or access token. */
  password: pulumi.Input<string>;
  /** The account's email; registries ignore it. */
  email?: pulumi.Input<string>;
  /** When the registry stops to accept the login (RFC 3339). */
  expiresAt?: pulumi.Input<string>;
  /** Keys of the namespaces whose Secret holds the login. Default all. */
  namespaces?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Whether verification and the pinning of digests may reach the registry by plain http, which shows the password to the
   * network. Default false.
   */
  insecure?: pulumi.Input<boolean>;
  /**
   * The CA in PEM that verification and the pinning of digests trust for this registry, beside the public ones. The nodes
   * need it too.
   */
  caBundle?: pulumi.Input<string>;
}

/** Whether the registries are asked, at preview and up, if they take the logins and have the images. */
export const Verification = {
  /** Nobody is asked. */
  Off: "off",
  /** What fails is a warning. */
  Warn: "warn",
  /** What fails is an error, and nothing is made. */
  Enforce: "enforce",
} as const;
export type Verification = (typeof Verification)[keyof typeof Verification];

/** How a changed credential reaches the cluster. */
export const Rotation = {
  /** A new immutable Secret under a new name; workloads roll to it; the old Secret goes last. */
  Versioned: "versioned",
  /** One Secret under a fixed name whose data is updated; nothing restarts. Needs a provider that updates Secrets (`kubernetes:enableSecretMutable`). */
  InPlace: "inPlace",
} as const;
export type Rotation = (typeof Rotation)[keyof typeof Rotation];

/**
 * Which pull Secrets a workload has to list and which servers they serve: an interface without secrets that passes
 * between components, languages and stacks. For a Secret that somebody else makes it is written by hand.
 */
export interface PullSecretReference {
  /** Names of the Secrets, in the order in which a pod lists them: the current one first. */
  secretNames: string[];
  /** The servers that they hold a credential for, as in `RegistryCredentialArgs`. */
  servers: string[];
  /** Whether the names of the Secrets stay, whatever is rotated: false for those of rotation versioned. Default true. */
  stableNames?: boolean;
}

/** What ImagePullSecret and PrivateWorkloads take alike. */
export interface PullSecretArgs {
  /** The logins, at least one; secret as a whole, however they are given. */
  registries: pulumi.Input<pulumi.Input<RegistryCredentialArgs>[]>;
  /**
   * The outgoing logins while a rotation overlaps: they make a second Secret, which pods list after the current one, so
   * that pulls succeed whichever side changes first, the registry or the cluster. Default none, no second Secret.
   */
  previousRegistries?: pulumi.Input<pulumi.Input<RegistryCredentialArgs>[]>;
  /** Several namespaces by a key of your own, which names the Secret in Pulumi and never changes; instead of a single one. */
  namespaces?: Record<string, pulumi.Input<string>>;
  /** Base of the Secrets' names. Default the component's name. */
  secretName?: string;
  /** How a changed credential reaches the cluster. Default versioned. */
  rotation?: Rotation;
  /** How many days before a login expires the warnings begin. Default 14. */
  expiryWarningDays?: number;
  /**
   * Takes over the Secret that exists under the base name, such as one of `kubectl create secret docker-registry`. Where
   * its content differs, the preview shows an update beside the import. Needs the rotation in place, and namespaces that are
   * plain. Default false.
   */
  adopt?: boolean;
  /**
   * ServiceAccounts to make, by namespace key (`default` for a single namespace): pods that run as one of them and list no
   * pull Secret of their own get these. Needs a rotation in place. Default none.
   */
  serviceAccounts?: Record<string, string[]>;
  /**
   * ServiceAccounts that exist, such as `default`, to attach to in the same way; detached when the entry goes. It fails
   * where somebody else has set their list of pull Secrets, since the list can only be taken whole. Needs a rotation in place.
   * Default none.
   */
  patchServiceAccounts?: Record<string, string[]>;
}
