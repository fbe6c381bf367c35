import assert from "node:assert/strict";
import { kustomizationOf } from "../../program/kustomization";

describe("kustomizationOf", () => {
  it("lists the files as the provider names them, in order", () => {
    assert.equal(
      kustomizationOf([
        { apiVersion: "v1", kind: "Secret", namespace: "shop", name: "login-0b1c2d3e" },
        { apiVersion: "v1", kind: "Namespace", name: "shop" },
        { apiVersion: "apps/v1", kind: "Deployment", namespace: "", name: "web" },
        { apiVersion: "v1", kind: "ServiceAccount", namespace: "shop", name: "puller" },
      ]),
      `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - 1-manifest/apps_v1-deployment-default-web.yaml
  - 1-manifest/v1-namespace-default-shop.yaml
  - 1-manifest/v1-secret-shop-login-0b1c2d3e.yaml
  - 1-manifest/v1-serviceaccount-shop-puller.yaml
`,
    );
  });
});
