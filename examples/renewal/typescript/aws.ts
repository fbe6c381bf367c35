import { getAuthorizationTokenOutput } from "@pulumi/aws/ecr";

const { authorizationToken: ecrToken, proxyEndpoint: server } = getAuthorizationTokenOutput();

/** For the account's registry in the provider's region; each `up` gets a token that is new, and valid for 12 hours. */
export const login = { server, ecrToken };
