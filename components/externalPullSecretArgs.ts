import type * as pulumi from "@pulumi/pulumi";

/** The kinds of secret store. */
export const SecretStoreKind = {
  /** A store of the Secret's own namespace. */
  SecretStore: "SecretStore",
  /** A store for all namespaces. */
  ClusterSecretStore: "ClusterSecretStore",
} as const;
export type SecretStoreKind = (typeof SecretStoreKind)[keyof typeof SecretStoreKind];

/** The kinds of generator that make a registry's login. */
export const GeneratorKind = {
  /** Amazon ECR. A token lasts 12 hours. */
  ECRAuthorizationToken: "ECRAuthorizationToken",
  /** Google Artifact Registry. A token lasts an hour. */
  GCRAccessToken: "GCRAccessToken",
  /** Azure Container Registry. A token lasts 3 hours. */
  ACRAccessToken: "ACRAccessToken",
  /** One of these for all namespaces. The others are looked up in each Secret's own namespace. */
  ClusterGenerator: "ClusterGenerator",
} as const;
export type GeneratorKind = (typeof GeneratorKind)[keyof typeof GeneratorKind];

/** A secret store that the operator reads. */
export interface SecretStoreRefArgs {
  /** Name of the store. */
  name: pulumi.Input<string>;
  /** Default SecretStore, which is looked up in each Secret's own namespace. */
  kind?: pulumi.Input<SecretStoreKind>;
}

/** A generator that the operator asks for a token. */
export interface GeneratorRefArgs {
  /** Which generator. */
  kind: pulumi.Input<GeneratorKind>;
  /** Name of the generator. */
  name: pulumi.Input<string>;
}

/** Where the operator finds a value in the store. */
export interface RemoteRefArgs {
  /** Key of the value, such as a path in Vault or a name in AWS Secrets Manager. */
  key: pulumi.Input<string>;
  /** Which member, if the value is a JSON object. Default the whole value. */
  property?: pulumi.Input<string>;
  /** Which version of the value. Default the newest. */
  version?: pulumi.Input<string>;
}

/** A login whose password is in a secret store. Its user name is written here, or is in the store too. */
export interface ExternalLoginArgs {
  /** The registry as its images name it, `host[:port][/path]`; `*` matches any part of a host label. */
  server: pulumi.Input<string>;
  /** The account's user name, if it is not in the store. Not secret. */
  username?: pulumi.Input<string>;
  /** Where the account's user name is. */
  usernameFrom?: pulumi.Input<RemoteRefArgs>;
  /** Where the account's password or access token is. */
  passwordFrom: pulumi.Input<RemoteRefArgs>;
}
