import assert from "node:assert/strict";
import { ImagePullSecret, type ImagePullSecretArgs, PrivateWorkloads, Rotation } from "../../components";
import { inputsOf, type Outcome, runWithMocks } from "../support/mocks";

const login = { server: "registry.example.com", username: "janedoe", password: "c4n4ry" };
const accountType = "kubernetes:core/v1:ServiceAccount";
const patchType = "kubernetes:core/v1:ServiceAccountPatch";

function make(args: Partial<ImagePullSecretArgs>): Promise<Outcome<ImagePullSecret>> {
  return runWithMocks(
    () => new ImagePullSecret("regcred", { registries: [login], rotation: Rotation.InPlace, ...args }),
    { config: { "kubernetes:enableSecretMutable": "true" } },
  );
}

describe("ServiceAccounts of an ImagePullSecret", () => {
  it("are made with the pull Secrets of their namespace, current first", async () => {
    const made = await make({
      previousRegistries: [login],
      namespaces: { a: "team-a", b: "team-b" },
      serviceAccounts: { a: ["puller"], b: ["puller", "ci"] },
    });
    assert.deepEqual(made.errors, []);
    const imagePullSecrets = [{ name: "regcred" }, { name: "regcred-previous" }];
    const account = (name: string, namespace: string) => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace },
      imagePullSecrets,
    });
    assert.deepEqual(inputsOf(made, accountType), {
      "regcred-a/puller": account("puller", "team-a"),
      "regcred-b/puller": account("puller", "team-b"),
      "regcred-b/ci": account("ci", "team-b"),
    });
    assert.deepEqual(inputsOf(made, patchType), {});
  });

  it("that exist are patched, only where that is asked for", async () => {
    const made = await make({ namespace: "shop", patchServiceAccounts: { default: ["default"] } });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(inputsOf(made, patchType), {
      "regcred/default": {
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "default", namespace: "shop" },
        imagePullSecrets: [{ name: "regcred" }],
      },
    });
    assert.deepEqual(inputsOf(made, accountType), {});
  });

  it("are checked with the other arguments, and nothing is made", async () => {
    const made = await make({
      namespace: "Shop",
      serviceAccounts: { web: ["puller"], default: ["default"] },
    });
    assert.deepEqual(made.errors, [
      [
        'ImagePullSecret "regcred": 3 problems',
        '  namespace: "Shop" is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.',
        '  serviceAccounts.web: "web" is not a key of `namespaces`. Expected one of: default.',
        "  serviceAccounts.default[0]: every namespace already has it: attach to it with `patchServiceAccounts`.",
      ].join("\n"),
    ]);
    assert.deepEqual(
      made.resources.map(({ type }) => type),
      ["kubernetes-private-registry:index:ImagePullSecret"],
    );
  });

  it("need rotation inPlace, since pods keep the name of a Secret that a versioned rotation deletes", async () => {
    const made = await make({
      rotation: Rotation.Versioned,
      serviceAccounts: { default: ["puller"] },
      patchServiceAccounts: { default: ["default"] },
    });
    const reason =
      "needs rotation: inPlace: a pod keeps the Secret's name that its ServiceAccount had when it was created, and a versioned rotation deletes that Secret. To keep Deployments versioned, give the accounts an ImagePullSecret of their own with rotation: inPlace.";
    assert.deepEqual(made.errors, [
      `ImagePullSecret "regcred": 2 problems\n  serviceAccounts: ${reason}\n  patchServiceAccounts: ${reason}`,
    ]);
  });

  it("are made by PrivateWorkloads too", async () => {
    const made = await runWithMocks(
      () =>
        new PrivateWorkloads("apps", {
          registries: [login],
          namespace: "shop",
          rotation: Rotation.InPlace,
          serviceAccounts: { default: ["puller"] },
          patchServiceAccounts: { default: ["default"] },
          deployments: {},
        }),
      { config: { "kubernetes:enableSecretMutable": "true" } },
    );
    assert.deepEqual(made.errors, []);
    assert.deepEqual(Object.keys(inputsOf(made, accountType)), ["apps/puller"]);
    assert.deepEqual(Object.keys(inputsOf(made, patchType)), ["apps/default"]);
  });
});
