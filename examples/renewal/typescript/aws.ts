import { getAuthorizationTokenOutput } from "@pulumi/aws/ecr";
import { secret } from "@pulumi/pulumi";
import { registryPresets } from "kubernetes-private-registry";

/** For the account's registry in the provider's region; each `up` gets a token that is new, and valid for 12 hours. */
export const login = secret(getAuthorizationTokenOutput()).apply(({ authorizationToken, proxyEndpoint }) =>
  registryPresets.amazonEcr({ authorizationToken, proxyEndpoint }),
);
