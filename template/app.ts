import { Config, type Output } from "@pulumi/pulumi";
import { ImagePullSecret, PrivateDeployment } from "kubernetes-private-registry";

/** A Deployment of a private image, and the pull Secret that its pods list. */
export function deployApp(): { secretName: Output<string>; image: Output<string> } {
  const registry = new Config("registry");
  const app = new Config("app");
  const pullSecret = new ImagePullSecret("registry-login", {
    registries: [
      {
        server: registry.require("server"),
        username: registry.require("username"),
        password: registry.requireSecret("password"),
      },
    ],
  });
  const { image } = new PrivateDeployment("app", {
    pullSecrets: [pullSecret.reference],
    image: app.require("image"),
    replicas: app.getNumber("replicas"),
  });
  return { secretName: pullSecret.secretName, image };
}
