import assert from "node:assert/strict";
import { namespaceKey, type PlacedWorkload, planWorkloads } from "../../components/lib/pullPlan";

const login = { server: "registry.example.com", username: "janedoe", password: "hunter2-canary" };
const image = "registry.example.com/app:v1";

describe("planWorkloads", () => {
  it("tries the current login, then the outgoing one, then those of others", () => {
    const logins = {
      registries: [login],
      previousRegistries: [{ ...login, password: "hunter1" }],
      extraPullSecrets: [{ secretNames: ["theirs", "theirs-too"], servers: ["registry.example.com"] }],
    };
    assert.deepEqual(planWorkloads(logins, [workload("app", image)], ["default"]), {
      result: [
        {
          deployment: "app",
          container: "app",
          image,
          attempts: ["current", "previous", "theirs", "theirs-too"].map((pullSecret) => ({
            server: "registry.example.com",
            pullSecret,
          })),
        },
      ],
      problems: [],
    });
  });

  it("plans each workload with the logins of its namespace", () => {
    const registries = [
      { ...login, namespaces: ["a"] },
      { ...login, server: "*.example.com", namespaces: ["b"] },
    ];
    const workloads = [workload("one", image, "a"), workload("two", image, "b")];
    const { result, problems } = planWorkloads({ registries }, workloads, ["a", "b"]);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      result.map(({ attempts }) => attempts.map(({ server }) => server)),
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

  it("does not show a password that was pasted into an image", () => {
    const workloads = [workload("app", "registry.example.org/hunter2-canary:v1")];
    assert.deepEqual(planWorkloads({ registries: [login] }, workloads, ["default"]).problems, [
      { path: "deployments.app.image", reason: "holds a password of the registries: take it out." },
    ]);
  });

  it("does not show an outgoing password that was pasted into a name", () => {
    const logins = { registries: [login], previousRegistries: [{ ...login, password: "Hunter1-Canary" }] };
    assert.deepEqual(planWorkloads(logins, [workload("Hunter1-Canary", image)], ["default"]).problems, [
      { path: "deployments", reason: "holds a password of the registries: take it out." },
    ]);
  });

  for (const key of ["__proto__", "constructor", "toString"]) {
    it(`plans for the namespace key ${key} as for any other`, () => {
      const { result, problems } = planWorkloads(
        { registries: [login] },
        [workload("app", image, key)],
        [key],
      );
      assert.deepEqual(problems, []);
      assert.deepEqual(result[0]?.attempts, [{ server: "registry.example.com", pullSecret: "current" }]);
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
        reason: '"shpo" is not a key of `namespaces` (did you mean "shop"?). Known are: shop, billing.',
      },
    ],
    [
      "else",
      ["only-one"],
      { key: "else", reason: '"else" is not a key of `namespaces`. Known are: only-one.' },
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

function pathsOf(...args: Parameters<typeof planWorkloads>): string[] {
  return planWorkloads(...args).problems.map(({ path }) => path);
}
