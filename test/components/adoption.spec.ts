import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ImagePullSecret, type ImagePullSecretArgs, PrivateWorkloads, Rotation } from "../../components";
import { runWithMocks } from "../support/mocks";

const login = { server: "registry.example.com", username: "janedoe", password: "c4n4ry" };
const config = { "kubernetes:enableSecretMutable": "true" };
const inPlace = { registries: [login], secretName: "myregistrykey", rotation: Rotation.InPlace, adopt: true };

/** The option `import` of each Secret by name; other options are not seen by mocks. */
async function importsOf(
  args: ImagePullSecretArgs,
  make = (opts: pulumi.ComponentResourceOptions): pulumi.Resource =>
    new ImagePullSecret("regcred", args, opts),
): Promise<Record<string, string | undefined>> {
  const imports: Record<string, string | undefined> = {};
  const { errors } = await runWithMocks(
    () =>
      make({
        transformations: [
          ({ type, name, opts }) => {
            if (type === "kubernetes:core/v1:Secret") {
              imports[name] = (opts as pulumi.CustomResourceOptions).import;
            }
            return undefined;
          },
        ],
      }),
    { config },
  );
  assert.deepEqual(errors, []);
  return imports;
}

describe("ImagePullSecret, adopt", () => {
  it("imports the Secret of that name and namespace", async () => {
    assert.deepEqual(await importsOf({ ...inPlace, namespace: "shop" }), { regcred: "shop/myregistrykey" });
  });

  it("imports one in each namespace, and never the outgoing one, which is new", async () => {
    const namespaces = { a: "team-a", b: "team-b" };
    assert.deepEqual(await importsOf({ ...inPlace, namespaces, previousRegistries: [login] }), {
      "regcred-a": "team-a/myregistrykey",
      "regcred-b": "team-b/myregistrykey",
      "regcred-previous-a": undefined,
      "regcred-previous-b": undefined,
    });
  });

  it("imports the Secrets of PrivateWorkloads too", async () => {
    const args = { ...inPlace, namespaces: { a: "team-a", b: "team-b" }, deployments: {} };
    assert.deepEqual(await importsOf(args, (opts) => new PrivateWorkloads("apps", args, opts)), {
      "apps-a": "team-a/myregistrykey",
      "apps-b": "team-b/myregistrykey",
    });
  });

  it("imports nothing unless it is asked to", async () => {
    assert.deepEqual(await importsOf({ ...inPlace, namespace: "shop", adopt: false }), {
      regcred: undefined,
    });
  });

  it("is refused with versioned names, which would be other ones", async () => {
    const args = { registries: [login], namespace: "shop", adopt: true };
    await assert.rejects(
      runWithMocks(() => new ImagePullSecret("regcred", args)),
      /^Error: ImagePullSecret ".*": 1 problem\n {2}adopt: adopts a Secret under its existing name, .*use rotation: inPlace/,
    );
  });

  for (const [what, namespace] of [
    ["is not given", undefined],
    ["is an Output", pulumi.output("shop")],
  ] as const) {
    it(`is refused where the namespace ${what}, since ids are plain`, async () => {
      await assert.rejects(
        runWithMocks(() => new ImagePullSecret("regcred", { ...inPlace, namespace }), { config }),
        /^Error: ImagePullSecret ".*": 1 problem\n {2}adopt: needs the name of the namespace "default" as a plain string/,
      );
    });
  }
});
