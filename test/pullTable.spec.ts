import assert from "node:assert/strict";
import { SettingsError } from "../program/settings";
import { plannedPulls, pullTable } from "../scripts/pullTable";

const server = "registry.example.com";
const registries = [
  { server, username: "janedoe", password: { secure: "v1:abc" }, expiresAt: "2020-01-01T00:00:00Z" },
  { server: `${server}/shop`, username: "not set yet" },
];

function stackFile(changes: object): unknown {
  const config = { registries, namespace: "shop", verify: "enforce", ...changes };
  const keys = Object.entries(config).map(([key, value]) => [`kubernetes-private-registry:${key}`, value]);
  return { config: { "kubernetes:context": "other", ...(Object.fromEntries(keys) as object) } };
}

describe("the table of make plan", () => {
  it("has a line for each login that kubelet tries, whatever has expired or is not set yet", () => {
    const entries = plannedPulls(
      stackFile({
        previousRegistries: [registries[0]],
        extraPullSecrets: [{ secretNames: ["default-secret"], servers: ["*.example.com"] }],
        serversWithoutSecret: ["public.ecr.aws", server],
        workloads: {
          web: {
            image: `${server}/shop/web:v1`,
            port: 8080,
            podSpec: { initContainers: [{ name: "migrate", image: `${server}/tools/migrate:v1` }] },
          },
          open: { image: "quay.io/open/app:1", allowAnonymous: true },
          public: { image: "public.ecr.aws/nginx:1.27" },
        },
      }),
    );
    assert.deepEqual(pullTable(entries).split("\n"), [
      "DEPLOYMENT  CONTAINER  IMAGE                                  SERVERS IN KUBELET'S ORDER  PULL SECRET",
      "web         migrate    registry.example.com/tools/migrate:v1  registry.example.com        current",
      "                                                              registry.example.com        previous",
      "                                                              *.example.com               default-secret",
      "            web        registry.example.com/shop/web:v1       registry.example.com/shop   current",
      "                                                              registry.example.com        current",
      "                                                              registry.example.com        previous",
      "                                                              *.example.com               default-secret",
      "open        open       quay.io/open/app:1                     none: anonymous",
      "public      public     public.ecr.aws/nginx:1.27              public.ecr.aws              none needed",
    ]);
  });

  it("takes every DNS label as a key, whatever objects have already", () => {
    const namespaces = { constructor: "shop", then: "tools" };
    const workloads = {
      constructor: { image: `${server}/app:1`, namespace: "constructor", env: { toString: "t" } },
    };
    const attempts = [{ server, pullSecret: "current" }];
    assert.deepEqual(
      plannedPulls({ config: { registries: registries.slice(0, 1), namespaces, workloads } }),
      [{ deployment: "constructor", container: "constructor", image: `${server}/app:1`, attempts }],
    );
  });

  it("shows nothing that a terminal obeys", () => {
    const table = pullTable([
      {
        deployment: "a\u001b[2J",
        container: "b\nc",
        image: "<{%x%}>",
        attempts: [{ server: "\u202ed", pullSecret: "\u009b2J" }],
      },
    ]);
    assert.equal(
      table.split("\n")[1],
      String.raw`a\u001b[2J  b\nc       <{\u0025x\u0025}>  \u202ed                     \u009b2J`,
    );
  });

  it("takes the keys of a stack file without the project's name, and none at all", () => {
    assert.deepEqual(plannedPulls({ config: { registries } }), []);
    assert.throws(() => plannedPulls(undefined), SettingsError);
  });

  it("reports everything else that is wrong with the config", () => {
    assert.throws(
      () => plannedPulls(stackFile({ workloads: { web: { image: "quay.io/a/b:1" } } })),
      /The stack's config: 1 problem\n {2}workloads\.web\.image: no server matches "quay\.io\/a\/b:1"/,
    );
  });
});
