import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PrivateWorkloads } from "../../components";
import { ownerHooks, stateCanBeRead, versionHooks } from "../../components/internal/objectOwners";
import { answerRegistrations, type MockOptions, type Outcome, runWithMocks } from "../support/mocks";

const type = "kubernetes:core/v1:Secret";
const componentType = "kubernetes-private-registry:index:ImagePullSecret";

function urnOf(name: string): string {
  return `urn:pulumi:test::unit::${componentType}$${type}::${name}`;
}

function secret(content: string): Record<string, unknown> {
  return {
    metadata: { name: "login-0a1b2c3d", namespace: "shop" },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": content },
    immutable: true,
  };
}

/** What the hooks of the child `login` do when the engine calls them, once the state can be read. */
async function withHooks<T>(
  act: (hooks: {
    create: (inputs: object) => Promise<void>;
    fail: (error: string) => Promise<boolean>;
    noteVersion: (hex: string) => Promise<void>;
  }) => Promise<T>,
  options: MockOptions,
): Promise<Outcome<Promise<T>>> {
  const outcome = await runWithMocks(async () => {
    answerRegistrations(null);
    const { beforeCreate: [before] = [], onError: [onError] = [] } = ownerHooks(type, "login", "login");
    const { afterCreate: [after] = [] } = versionHooks();
    await stateCanBeRead();
    const args = { urn: urnOf("login"), id: "", name: "login", type };
    return act({
      create: async (newInputs) => (before as pulumi.ResourceHook).callback({ ...args, newInputs }),
      fail: async (error) =>
        (onError as pulumi.ErrorHook).callback({ ...args, failedOperation: "create", errors: [error] }),
      noteVersion: async (hex) => (after as pulumi.ResourceHook).callback({ ...args, newOutputs: { hex } }),
    });
  }, options);
  await outcome.value;
  return outcome;
}

describe("the hooks of what a component owns", () => {
  const state = { [urnOf("login-web")]: secret("b2xk") };

  for (const [what, options] of Object.entries({
    "": { preview: true, state },
    ", also while the engine writes the state": { preview: true, state, tornReads: 2 },
  })) {
    it(`refuse an object that another resource of the component has in the state${what}`, async () => {
      const { value } = await withHooks(
        ({ create }) => create(secret("b2xk")).catch((error: unknown) => (error as Error).message),
        options,
      );
      assert.match(
        (await value) ?? "",
        /^Secret "shop\/login-0a1b2c3d" is already in this stack, as "login-web", .*`pulumi state rename/,
      );
    });
  }

  it("refuse what can't be checked, as the state is cut off at each read", async () => {
    const { value } = await withHooks(
      ({ create }) => create(secret("b2xk")).catch((error: unknown) => (error as Error).message),
      { preview: true, state, tornReads: 1000 },
    );
    assert.equal(
      await value,
      "The stack's state could not be read while it was being written: run this again.",
    );
  });

  it("let pass a Secret whose name this run has made up", async () => {
    const state = { [urnOf("login-web")]: secret("b2xk") };
    await withHooks(
      async ({ create, noteVersion }) => {
        await noteVersion("0a1b2c3d");
        await create(secret("b2xk"));
      },
      { state },
    );
  });

  it("say at preview, and not at up, that an object is created again", async () => {
    const state = { [urnOf("login")]: secret("b2xk") };
    for (const preview of [true, false]) {
      const { infos } = await withHooks(({ create }) => create(secret("b2xk")), { preview, state });
      assert.equal(infos.length, preview ? 1 : 0);
      assert.ok(infos.every((info) => info.includes('"shop/login-0a1b2c3d" is created again: ')));
    }
  });

  it("let pass what is new, or not readable", async () => {
    for (const state of [{}, { [urnOf("other")]: {} }]) {
      const { infos, errors } = await withHooks(({ create }) => create(secret("b2xk")), {
        preview: true,
        state,
      });
      assert.deepEqual([infos, errors], [[], []]);
    }
  });

  it("explain a conflict with what someone has changed by hand, and never ask for another try", async () => {
    const shown: string[] = [];
    const { error } = pulumi.log;
    Object.assign(pulumi.log, {
      error: (message: string) => {
        shown.push(message);
        return Promise.resolve();
      },
    });
    try {
      const { value } = await withHooks(
        async ({ fail }) => [
          await fail('Apply failed with 1 conflict: conflict with "kubectl-replace" using v1: .data'),
          await fail("the server is not reachable"),
        ],
        {},
      );
      assert.deepEqual(await value, [false, false]);
    } finally {
      Object.assign(pulumi.log, { error });
    }
    assert.equal(shown.length, 1);
    assert.match(shown[0] ?? "", /^"login" has values in the cluster that someone has set by hand/);
  });

  it("are there with a preview that names the Deployments which are deleted", async () => {
    const urn = "urn:pulumi:test::unit::kubernetes-private-registry:index:PrivateWorkloads::apps";
    const deployments = { web: "shop/web", cart: "shop/cart" };
    const { infos, errors } = await runWithMocks(
      () => {
        answerRegistrations(null);
        new PrivateWorkloads("apps", {
          registries: [{ server: "registry.example.com", username: "janedoe", password: "hunter2" }],
          namespace: "shop",
          deployments: { web: { image: "registry.example.com/web:1" } },
        });
      },
      { preview: true, state: { [urn]: { deployments } } },
    );
    assert.deepEqual(errors, []);
    assert.deepEqual(infos, ["deployments.cart was removed: its Deployment is deleted."]);
  });
});
