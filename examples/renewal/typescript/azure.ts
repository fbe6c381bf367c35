// Needs @pulumi/azure-native in package.json.
import { getClientConfigOutput, getClientTokenOutput } from "@pulumi/azure-native/authorization";
import { all, RunError, secret } from "@pulumi/pulumi";

const server = "myregistry.azurecr.io";
const { tenantId } = getClientConfigOutput();
const { token } = getClientTokenOutput({ endpoint: "https://containerregistry.azure.net" });

/** For the identity that Pulumi runs as: the registry exchanges its access token for one of its own, valid for 3 hours. */
export const login = {
  server,
  username: "00000000-0000-0000-0000-000000000000",
  password: all([tenantId, secret(token)]).apply(([tenant, accessToken]) => exchange(tenant, accessToken)),
};

// https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md
async function exchange(tenant: string, accessToken: string): Promise<string> {
  const url = `https://${server}/oauth2/exchange`;
  const body = new URLSearchParams({
    grant_type: "access_token",
    service: server,
    tenant,
    access_token: accessToken,
  });
  const response = await fetch(url, { method: "POST", body, redirect: "error" });
  if (!response.ok) {
    throw new RunError(`${url} answered ${response.status}: is the role AcrPull assigned to the identity?`);
  }
  const { refresh_token } = (await response.json()) as { refresh_token: string };
  return refresh_token;
}
