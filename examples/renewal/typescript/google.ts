// Needs @pulumi/gcp in package.json.
import { getClientConfigOutput } from "@pulumi/gcp/organizations";
import { secret } from "@pulumi/pulumi";

/** The access token of the account that Pulumi runs as, valid for an hour; less where a metadata server hands it out. */
export const login = {
  server: "europe-west1-docker.pkg.dev",
  username: "oauth2accesstoken",
  password: secret(getClientConfigOutput().accessToken),
};
