import * as pulumi from "@pulumi/pulumi";
import { ImagePullPolicy, ImagePullSecret, PrivateDeployment, Rotation } from "kubernetes-private-registry";

const config = new pulumi.Config();

const pullSecret = new ImagePullSecret("registry-login", {
  namespace: "shop",
  registries: [
    {
      server: "www.3rdregistry.com",
      username: "janedoe",
      password: config.requireSecret("registryPassword"),
    },
    { server: "europe-west1-docker.pkg.dev", googleKey: config.requireSecret("googleKey") },
  ],
  rotation: Rotation.Versioned,
});

const app = new PrivateDeployment("awesomeapp", {
  namespace: "shop",
  pullSecrets: [pullSecret.reference],
  image: "www.3rdregistry.com/janedoe/awesomeapp:v1",
  imagePullPolicy: ImagePullPolicy.IfNotPresent,
  replicas: 2,
  ports: [{ containerPort: 8080 }],
  readinessProbe: { httpGet: { port: 8080, path: "/ready" } },
  resources: { requests: { cpu: "100m", memory: "128Mi" } },
});

export const secretName = pullSecret.secretName;
export const image = app.image;
