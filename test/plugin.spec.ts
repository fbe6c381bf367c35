import assert from "node:assert/strict";
import type { ConstructResult } from "@pulumi/pulumi/provider";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import serve from "../plugin/main";
import { provider } from "../plugin/provider";
import schema from "../plugin/schema.json";
import { inputsOf, runWithMocks, valueOf } from "./support/mocks";

const reference = { secretNames: ["regcred"], servers: ["registry.example.com"] };
const login = { server: "registry.example.com", username: "janedoe", password: "c4n4ry" };
const image = "registry.example.com/team/web:v1";

/** Sound arguments by the token of the component. */
const sound: Record<string, Record<string, unknown>> = {
  "kubernetes-private-registry:index:ExternalPullSecret": {
    secretStoreRef: { name: "vault" },
    logins: [{ server: login.server, username: login.username, passwordFrom: { key: "password" } }],
  },
  "kubernetes-private-registry:index:ImagePullSecret": { registries: [login] },
  "kubernetes-private-registry:index:PrivateDeployment": { pullSecrets: [reference], image },
  "kubernetes-private-registry:index:PrivateWorkloads": {
    registries: [login],
    deployments: { web: { image } },
  },
};

async function construct(token: string): Promise<ConstructResult | undefined> {
  return provider.construct?.("made", token, sound[token] ?? {}, {});
}

describe("the plugin", () => {
  it("is a function for the SDK's runner to call, which would infer the schema from components", () => {
    assert.equal(typeof serve, "function");
    assert.deepEqual(getPulumiComponents(serve), []);
  });

  it("has the committed schema and its version", () => {
    assert.deepEqual(JSON.parse(provider.schema ?? ""), schema);
    assert.equal(provider.version, schema.version);
  });

  for (const [token, { properties }] of Object.entries(schema.resources)) {
    it(`makes ${token}, and gives all outputs of the schema`, async () => {
      const outcome = await runWithMocks(() => construct(token));
      assert.deepEqual(outcome.errors, []);
      assert.deepEqual(Object.keys(inputsOf(outcome, token)), ["made"]);
      const { urn, state } = (await outcome.value) as { urn: never; state: Record<string, never> };
      assert.equal(await valueOf(urn), `urn:pulumi:test::unit::${token}::made`);
      assert.deepEqual(Object.keys(state), Object.keys(properties));
      for (const [output, value] of Object.entries(state)) {
        assert.notEqual(await valueOf(value), undefined, output);
      }
    });
  }

  it("refuses the token of another version's component, and says what to do", async () => {
    await assert.rejects(construct("kubernetes-private-registry:index:Later"), {
      message: `kubernetes-private-registry:index:Later is not a component of kubernetes-private-registry ${schema.version}. Expected one of: ${Object.keys(schema.resources).join(", ")}. Run \`pulumi package add\` with this version.`,
    });
  });
});
