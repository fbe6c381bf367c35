import assert from "node:assert/strict";
import { type Logins, namespaceKey, type PlacedWorkload, planWorkloads } from "../../components/lib/pullPlan";
import { checkLogins } from "../../components/lib/secretContents";
import { planEntry } from "../../components/lib/workload";

const login = { server: "registry.example.com", username: "janedoe", password: "hunter2-canary" };
const image = "registry.example.com/app:v1";

describe("planWorkloads", () => {
  it("tries the current login, then the outgoing one, then those of others", () => {
    const logins = {
      registries: [login],
      previousRegistries: [{ ...login, password: "hunter1" }],
      extraPullSecrets: [{ secretNames: ["theirs", "theirs-too"], servers: ["registry.example.com"] }],
    };
    const { result, problems } = planOf(logins, [workload("app", image)], ["default"]);
    assert.deepEqual(problems, []);
    const { server } = login;
    assert.deepEqual(result.pulls, [
      {
        path: "deployments.app.image",
        deployment: "app",
        container: "app",
        image,
        logins: [
          { server, pullSecret: "current", path: "registries[0]", credential: login },
          {
            server,
            pullSecret: "previous",
            path: "previousRegistries[0]",
            credential: { ...login, password: "hunter1" },
          },
          { server, pullSecret: "theirs" },
          { server, pullSecret: "theirs-too" },
        ],
      },
    ]);
  });

  it("plans each workload with the logins of its namespace", () => {
    const registries = [
      { ...login, namespaces: ["a"] },
      { ...login, server: "*.example.com", namespaces: ["b"] },
    ];
    const workloads = [workload("one", image, "a"), workload("two", image, "b")];
    const { result, problems } = planOf({ registries }, workloads, ["a", "b"]);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      result.pulls.map(({ logins }) => logins.map(({ server }) => server)),
      [["registry.example.com"], ["*.example.com"]],
    );
  });

  it("reports an image that is served in another namespace only", () => {
    const registries = [
      { ...login, namespaces: ["a"] },
      { ...login, server: "other.example.org", namespaces: ["b"] },
    ];
    assert.deepEqual(pathsOf({ registries }, [workload("app", image, "b")], ["a", "b"]), [
      "deployments.app.image",
    ]);
  });

  it("reports what is wrong with logins, namespaces and workloads at once", () => {
    const logins = {
      registries: [{ ...login, username: "" }],
      previousRegistries: [{ ...login, password: "" }],
    };
    const workloads = [workload("Bad", image, "c"), workload("app", "a b", "a")];
    assert.deepEqual(pathsOf(logins, workloads, ["a", "b"], "workloads"), [
      "registries[0].username",
      "previousRegistries[0].password",
      "workloads.Bad.namespace",
      "workloads.Bad",
      "workloads.app.image",
    ]);
  });

  const incomplete: [title: string, registries: unknown, previousRegistries: unknown][] = [
    ["a server", [{ ...login, server: "registry" }], undefined],
    ["the list", "text", undefined],
    ["an outgoing server", [{ ...login, server: "other.example.org" }], [{ ...login, server: "registry" }]],
  ];
  for (const [title, registries, previousRegistries] of incomplete) {
    it(`does not judge which images are served while ${title} is wrong`, () => {
      const workloads = [workload("app", "janedoe/app:v1"), workload("other", "a b")];
      const paths = pathsOf({ registries, previousRegistries }, workloads, ["default"]);
      assert.deepEqual(
        paths.filter((path) => path.startsWith("deployments")),
        ["deployments.other.image"],
      );
    });
  }

  it("judges which images are served by a login whose password is wrong", () => {
    const registries = [{ ...login, password: "" }];
    const workloads = [workload("app", image), workload("other", "nginx:1.27")];
    assert.deepEqual(pathsOf({ registries }, workloads, ["default"]), [
      "registries[0].password",
      "deployments.other.image",
    ]);
  });

  it("judges neither namespaces nor images while the namespaces' keys are unknown", () => {
    const registries = [{ ...login, namespaces: ["any"] }];
    const workloads = [workload("app", "nginx:1.27", "any"), workload("other", "a b")];
    assert.deepEqual(pathsOf({ registries }, workloads, undefined), ["deployments.other.image"]);
  });

  for (const key of ["__proto__", "constructor", "toString"]) {
    it(`plans for the namespace key ${key} as for any other`, () => {
      const { result, problems } = planOf({ registries: [login] }, [workload("app", image, key)], [key]);
      assert.deepEqual(problems, []);
      assert.deepEqual(result.pulls.map(planEntry)[0]?.attempts, [
        { server: "registry.example.com", pullSecret: "current" },
      ]);
    });
  }
});

describe("namespaceKey", () => {
  const keys: [
    wanted: string | undefined,
    keys: string[] | undefined,
    expected: { key: string; reason?: string },
  ][] = [
    [undefined, ["only"], { key: "only" }],
    ["a", ["a", "b"], { key: "a" }],
    ["a", undefined, { key: "a" }],
    [undefined, undefined, { key: "" }],
    [undefined, ["a", "b"], { key: "", reason: "is missing: give one of the keys of `namespaces`: a, b." }],
    [
      "shpo",
      ["shop", "billing"],
      {
        key: "shpo",
        reason: '"shpo" is not a key of `namespaces` (did you mean "shop"?). Expected one of: shop, billing.',
      },
    ],
    [
      "else",
      ["only-one"],
      { key: "else", reason: '"else" is not a key of `namespaces`. Expected one of: only-one.' },
    ],
  ];
  for (const [wanted, known, expected] of keys) {
    it(`of ${JSON.stringify(wanted)} among ${JSON.stringify(known)} is ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(namespaceKey(wanted, known), expected);
    });
  }
});

function workload(name: string, reference: string, namespace?: string): PlacedWorkload {
  return {
    name,
    namespace,
    given: ["image"],
    images: [{ list: "containers", index: 0, name, image: reference }],
    allowAnonymous: false,
  };
}

function planOf(
  logins: Logins,
  workloads: PlacedWorkload[],
  namespaceKeys: string[] | undefined,
  path?: string,
): ReturnType<typeof planWorkloads> {
  const { result: generations, problems } = checkLogins(logins, namespaceKeys);
  const { extraPullSecrets } = logins;
  const plan = planWorkloads({ generations, extraPullSecrets, workloads, namespaceKeys, path });
  return { result: plan.result, problems: [...problems, ...plan.problems] };
}

function pathsOf(...args: Parameters<typeof planOf>): string[] {
  return planOf(...args).problems.map(({ path }) => path);
}
