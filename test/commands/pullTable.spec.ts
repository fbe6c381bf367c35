import assert from "node:assert/strict";
import { plannedPulls, pullTable } from "../../commands/pullTable";

const server = "registry.example.com";
const registries = [
  { server, username: "janedoe", password: { secure: "v1:abc" }, expiresAt: "2020-01-01T00:00:00Z" },
  { server: `${server}/shop`, username: "not set yet" },
];

function settings(changes: object): Record<string, unknown> {
  return { registries, namespace: "shop", verify: "enforce", ...changes };
}

describe("the table of make plan", () => {
  it("has a line for each login that kubelet tries, whatever has expired or is not set yet", () => {
    const entries = plannedPulls(
      settings({
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
    assert.deepEqual(plannedPulls({ registries: registries.slice(0, 1), namespaces, workloads }), [
      { deployment: "constructor", container: "constructor", image: `${server}/app:1`, attempts },
    ]);
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

  it("leaves no image out where logins are elsewhere, and says that the list may lack its login", () => {
    const workloads = {
      web: { image: `${server}/shop/web:v1` },
      other: { image: "quay.io/open/app:1" },
      public: { image: "public.ecr.aws/nginx:1.27" },
    };
    const others = { serversWithoutSecret: ["public.ecr.aws"], workloads };
    assert.deepEqual(pullTable(plannedPulls(settings(others), true), true).split("\n"), [
      "DEPLOYMENT  CONTAINER  IMAGE                             SERVERS IN KUBELET'S ORDER  PULL SECRET",
      "web         web        registry.example.com/shop/web:v1  registry.example.com/shop   current",
      "                                                         registry.example.com        current",
      "other       other      quay.io/open/app:1                none in this list",
      "public      public     public.ecr.aws/nginx:1.27         public.ecr.aws              none needed",
    ]);
    assert.deepEqual(pullTable(plannedPulls(others, true), true).split("\n").slice(1), [
      "web         web        registry.example.com/shop/web:v1  none in this list",
      "other       other      quay.io/open/app:1                none in this list",
      "public      public     public.ecr.aws/nginx:1.27         public.ecr.aws              none needed",
    ]);
  });

  it("reports everything else that is wrong with the config", () => {
    assert.throws(
      () => plannedPulls(settings({ workloads: { web: { image: "quay.io/a/b:1" } } })),
      /The stack's config: 1 problem\n {2}workloads\.web\.image: no server matches "quay\.io\/a\/b:1"/,
    );
  });
});
