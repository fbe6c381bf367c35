import { Config } from "@pulumi/pulumi";
import { ExternalPullSecret, ImagePullSecret, Rotation, SecretStoreKind } from "kubernetes-private-registry";

// Reflector copies this Secret into each namespace whose name matches, also those that are created later.
const reflector = "reflector.v1.k8s.emberstack.com";
const reflected = new ImagePullSecret("registry-login", {
  namespace: "platform",
  registries: [
    {
      server: "www.3rdregistry.com",
      username: "janedoe",
      password: new Config().requireSecret("registryPassword"),
    },
  ],
  rotation: Rotation.InPlace, // a versioned rotation would take the name away that the teams' pods have
  annotations: {
    [`${reflector}/reflection-allowed`]: "true",
    [`${reflector}/reflection-allowed-namespaces`]: "team-.*",
    [`${reflector}/reflection-auto-enabled`]: "true",
    [`${reflector}/reflection-auto-namespaces`]: "team-.*",
  },
});

// External Secrets Operator makes this one in each namespace with the label, without the password in any state.
const selected = new ExternalPullSecret("partner-login", {
  namespaceSelector: { "example.com/partner-images": "true" },
  secretStoreRef: { name: "vault", kind: SecretStoreKind.ClusterSecretStore },
  logins: [
    { server: "registry.partner.example", username: "janedoe", passwordFrom: { key: "registries/partner" } },
  ],
});

// What the teams' own programs pass to their workloads.
export const pullSecrets = [reflected.reference, selected.reference];
