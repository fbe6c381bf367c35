import assert from "node:assert/strict";
import {
  goneDeploymentReasons,
  secretChangeReasons,
  workloadsChangeReasons,
} from "../../components/lib/changeReasons";
import { encodeDockerConfigJson } from "../../components/lib/kubelet/dockerConfigJson";
import * as registryPresets from "../../components/lib/logins/registryPresets";
import { notYetKnown } from "../../components/lib/shape";
import { huaweiKeys } from "../support/secrets/cloudSecrets";

const login = { server: "registry.example.com", username: "puller", password: "c4n4ry" };
const rolls = "a new Secret is created, the Deployments roll to it, and the old Secret is deleted last.";

describe("secretChangeReasons", () => {
  const cases: [name: string, before: object, after: object, reasons: string[]][] = [
    ["nothing", { registries: [login] }, { registries: [login] }, []],
    [
      "a password",
      { registries: [login] },
      { registries: [{ ...login, password: "b" }] },
      [`The logins have changed: ${rolls}`],
    ],
    [
      "a password in place",
      { rotation: "inPlace", registries: [login] },
      { rotation: "inPlace", registries: [] },
      [],
    ],
    [
      "what no Secret holds",
      { registries: [login] },
      { registries: [{ ...login, expiresAt: "2027-01-01T00:00:00Z" }] },
      [],
    ],
    [
      "a list to a config.json of the same logins",
      { registries: [login] },
      { dockerConfigJson: encodeDockerConfigJson([login]) },
      [],
    ],
    [
      "a config.json",
      { dockerConfigJson: encodeDockerConfigJson([login]) },
      { dockerConfigJson: encodeDockerConfigJson([{ ...login, password: "b" }]) },
      [`The logins have changed: ${rolls}`],
    ],
    [
      "a config.json that is not known",
      { dockerConfigJson: encodeDockerConfigJson([login]) },
      { dockerConfigJson: notYetKnown },
      [],
    ],
    [
      "a preset to what it derives from",
      { registries: [registryPresets.huaweiSwr(huaweiKeys)] },
      { registries: [{ huaweiSwr: huaweiKeys }] },
      [],
    ],
    [
      "a rotation of a config.json that ends",
      { registries: [login], previousDockerConfigJson: "{}" },
      { registries: [login] },
      [
        "previousDockerConfigJson was removed: the Secret with the outgoing logins is deleted after the Deployments have rolled.",
      ],
    ],
    [
      "outgoing logins in another form",
      { registries: [login], previousDockerConfigJson: "{}" },
      { registries: [login], previousRegistries: [login] },
      [],
    ],
    ["logins that are not known", { registries: [login] }, { registries: notYetKnown }, []],
    [
      "a password that is not known",
      { registries: [login] },
      { registries: [{ ...login, password: notYetKnown }] },
      [],
    ],
    ["a base of the names that is not known", { secretName: "a" }, { secretName: notYetKnown }, []],
    [
      "a rotation that begins",
      { registries: [login] },
      { registries: [login], previousRegistries: [login] },
      [],
    ],
    [
      "a rotation that ends",
      { registries: [login], previousRegistries: [login] },
      { registries: [login] },
      [
        "previousRegistries was removed: the Secret with the outgoing logins is deleted after the Deployments have rolled.",
      ],
    ],
    [
      "Secrets that are created elsewhere from now on",
      { registries: [login], rotation: "inPlace" },
      { registries: [{ ...login, password: "b" }], rotation: "inPlace", createSecrets: false },
      [
        "createSecrets is false: the Secret is deleted, while pods still list it. To keep it, take it out of the stack first (`pulumi state delete`).",
      ],
    ],
    [
      "Secrets that are created elsewhere",
      { registries: [login], rotation: "inPlace", createSecrets: false },
      { registries: [{ ...login, password: "b" }], rotation: "inPlace", createSecrets: false },
      [],
    ],
    [
      "the way of rotation",
      {},
      { rotation: "inPlace" },
      [`rotation has changed, and the Secret's name with it: ${rolls}`],
    ],
    [
      "the base of the names",
      { secretName: "a" },
      { secretName: "b" },
      [`secretName has changed, and the Secret's name with it: ${rolls}`],
    ],
    [
      "nothing beside the base of the names",
      { secretName: "a", registries: [login] },
      { secretName: "a", registries: [login] },
      [],
    ],
    [
      "the way of rotation under the same base",
      { secretName: "a" },
      { secretName: "a", rotation: "inPlace" },
      [`rotation has changed, and the Secret's name with it: ${rolls}`],
    ],
    ["the provider's namespace, whose name the program does not know", {}, { namespace: "shop" }, []],
    [
      "one namespace to several",
      { namespace: "shop" },
      { namespaces: { default: "shop", eu: "shop-eu" } },
      [],
    ],
    [
      "a namespace",
      { namespace: "shop" },
      { namespace: "shop-eu" },
      [
        'The namespace of the key "default" is "shop-eu" instead of "shop": the Secret is created there, and deleted in the old one last.',
      ],
    ],
    ["a namespace that is not known", { namespaces: { a: "shop" } }, { namespaces: { a: notYetKnown } }, []],
    ["the only namespace, not known", { namespace: "shop" }, { namespace: notYetKnown }, []],
    ["namespaces whose keys are not known", { namespaces: { a: "shop" } }, { namespaces: notYetKnown }, []],
    [
      "no namespace any more",
      { namespace: "shop" },
      {},
      ['The key "default" of the namespaces was removed: its Secret is deleted.'],
    ],
    [
      "a key",
      { namespaces: { a: "shop" } },
      { namespaces: { b: "shop" } },
      ['The key "a" of the namespaces was removed: its Secret is deleted.'],
    ],
    [
      "accounts",
      { serviceAccounts: { a: ["puller"] } },
      {},
      ["serviceAccounts.a was removed: its ServiceAccounts are deleted."],
    ],
    [
      "accounts that are not known",
      { serviceAccounts: { a: ["puller"] } },
      { serviceAccounts: notYetKnown },
      [],
    ],
  ];
  for (const [name, before, after, reasons] of cases) {
    it(name, () => {
      assert.deepEqual(
        secretChangeReasons(before as Record<string, unknown>, after as Record<string, unknown>),
        reasons,
      );
    });
  }
});

describe("workloadsChangeReasons", () => {
  const before = {
    createNamespace: true,
    namespaces: { a: "shop", b: "shop-eu" },
  };

  it("names namespaces that go", () => {
    assert.deepEqual(workloadsChangeReasons(before, before), []);
    assert.deepEqual(workloadsChangeReasons(before, { ...before, namespaces: { a: "shop" } }), [
      "namespaces.b was removed: its namespace is deleted, with everything in it.",
    ]);
  });

  it("names createNamespace where it goes, and no namespace that we do not make", () => {
    assert.deepEqual(workloadsChangeReasons(before, { ...before, createNamespace: false }), [
      "createNamespace was removed: the namespaces are deleted, with everything in them.",
    ]);
    assert.deepEqual(workloadsChangeReasons(before, {}), [
      "createNamespace was removed: the namespaces are deleted, with everything in them.",
    ]);
    const given = { ...before, createNamespace: undefined };
    for (const createNamespace of [undefined, true]) {
      assert.deepEqual(workloadsChangeReasons(given, { createNamespace, namespaces: {} }), []);
    }
  });
});

describe("goneDeploymentReasons", () => {
  it("names each Deployment of the state that the program no longer has", () => {
    const before = { deployments: { web: "shop/web", "web-eu": "shop/web-eu", cart: "shop/cart" } };
    assert.deepEqual(goneDeploymentReasons(before, ["cart", "new"]), [
      "deployments.web was removed: its Deployment is deleted.",
      "deployments.web-eu was removed: its Deployment is deleted.",
    ]);
  });

  it("names none where the state does not tell", () => {
    for (const before of [undefined, null, {}, { deployments: undefined }, { deployments: [] }]) {
      assert.deepEqual(goneDeploymentReasons(before, []), []);
    }
  });
});
