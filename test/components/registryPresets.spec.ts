import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { encodeDockerConfigJson, ImagePullSecret, registryPresets } from "../../components";
import { inputsOf, runWithMocks, secretOf } from "../support/mocks";

const keys = { region: "cn-north-4", accessKey: "AKEXAMPLE0123456789" };
const secretKey = "c4n4ry";
const login = registryPresets.huaweiSwr({ ...keys, secretKey });

describe("registryPresets in a component", () => {
  it("make an entry of registries in `apply` of a secret, and it stays secret", async () => {
    const made = await runWithMocks(
      () =>
        new ImagePullSecret("regcred", {
          registries: [
            pulumi.secret(secretKey).apply((key) => registryPresets.huaweiSwr({ ...keys, secretKey: key })),
          ],
        }),
    );
    assert.deepEqual(made.errors, []);
    const { data } = inputsOf(made, "kubernetes:core/v1:Secret")["regcred"] ?? {};
    const content = Buffer.from(encodeDockerConfigJson([login])).toString("base64");
    assert.deepEqual(data, secretOf({ ".dockerconfigjson": content }));
    const inputs = inputsOf(made, "kubernetes-private-registry:index:ImagePullSecret")["regcred"];
    assert.deepEqual(inputs, { registries: secretOf([login]) });
  });
});
