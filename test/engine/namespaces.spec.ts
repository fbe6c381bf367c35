import assert from "node:assert/strict";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { PrivateWorkloads } from "../../components";
import { createEngineStack, type EngineRun, type EngineStack, steps } from "../support/engine/engine";

describe("namespaces in the real engine", () => {
  let stack: EngineStack;

  beforeEach(async () => {
    stack = await createEngineStack();
    await stack.setConfig({ password: { secret: "c4n4ry" } });
  });

  afterEach(() => {
    stack.remove();
  });

  function shopIn(namespaces: Record<string, string>, rotate = false): PulumiFn {
    return () => {
      const password = new Config().requireSecret("password");
      const login = { server: "registry.example.com", username: "janedoe", password };
      new PrivateWorkloads(
        "shop",
        {
          registries: [login],
          previousRegistries: rotate ? [{ ...login, password: "the old one" }] : undefined,
          namespaces,
          createNamespace: true,
          protectNamespaces: false,
          deployments: Object.fromEntries(
            Object.keys(namespaces).map((key) => [
              `app-${key}`,
              { namespace: key, image: "registry.example.com/app:1" },
            ]),
          ),
        },
        { provider: new Provider("render", { renderYamlToDirectory: join(stack.directory, "manifests") }) },
      );
      return Promise.resolve();
    };
  }

  /** What happened to resources that are not components, whose own arguments have changed. */
  function resourceSteps(run: EngineRun): string[] {
    return steps(run)
      .filter((step) => !step.includes("kubernetes-private-registry:"))
      .toSorted();
  }

  /** All resources of one namespace and its Deployment. */
  function resourcesOf(op: "create" | "delete", key: string, generations = ["shop"]): string[] {
    return [
      `${op} kubernetes:apps/v1:Deployment shop-app-${key}`,
      `${op} kubernetes:core/v1:Namespace shop-${key}`,
      ...generations.map((name) => `${op} kubernetes:core/v1:Secret ${name}-${key}`),
    ].toSorted();
  }

  it("adds and removes one without touching another, wherever it stands in the map", async () => {
    await stack.up(shopIn({ a: "team-a", b: "team-b" }));
    const added = await stack.up(shopIn({ new: "team-new", b: "team-b", a: "team-a" }));
    assert.deepEqual(resourceSteps(added), resourcesOf("create", "new"));
    const removed = await stack.up(shopIn({ new: "team-new", b: "team-b" }));
    assert.deepEqual(resourceSteps(removed), resourcesOf("delete", "a"));
  });

  it("does so too while a rotation overlaps", async () => {
    await stack.up(shopIn({ a: "team-a" }, true));
    const added = await stack.up(shopIn({ a: "team-a", b: "team-b" }, true));
    assert.deepEqual(resourceSteps(added), resourcesOf("create", "b", ["shop", "shop-previous"]));
  });
});
