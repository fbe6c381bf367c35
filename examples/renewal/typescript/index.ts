import { ImagePullSecret, Rotation } from "kubernetes-private-registry";
// For Google and Azure: "./google" and "./azure".
import { login } from "./aws";

// A fixed name: whatever lists the Secret pulls with the login of the last `up`, and nothing restarts.
export const { secretName, references } = new ImagePullSecret("registry-login", {
  registries: [login],
  namespaces: { web: "shop-web", jobs: "shop-jobs" },
  rotation: Rotation.InPlace,
});
