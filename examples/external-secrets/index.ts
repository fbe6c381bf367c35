import { ExternalPullSecret, PrivateDeployment, SecretStoreKind } from "kubernetes-private-registry";

const pullSecret = new ExternalPullSecret("registry-login", {
  namespace: "shop",
  secretStoreRef: { name: "vault", kind: SecretStoreKind.ClusterSecretStore },
  logins: [
    {
      server: "www.3rdregistry.com",
      username: "janedoe",
      passwordFrom: { key: "registries/3rdregistry", property: "password" },
    },
  ],
  refreshInterval: "15m",
});

const app = new PrivateDeployment("awesomeapp", {
  namespace: "shop",
  pullSecrets: [pullSecret.reference],
  image: "www.3rdregistry.com/janedoe/awesomeapp:v1",
});

export const secretName = pullSecret.secretName;
export const image = app.image;
