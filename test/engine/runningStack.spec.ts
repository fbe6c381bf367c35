import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes";
import { Config, interpolate, runtime } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { RandomId } from "@pulumi/random";
import {
  ImagePullSecret,
  PrivateWorkloads,
  type PrivateWorkloadsArgs,
  type RegistryCredentialArgs,
  Rotation,
} from "../../components";
import {
  createEngineStack,
  type EngineRun,
  type EngineStack,
  failureOf,
  messages,
  stateResources,
  stateText,
  steps,
} from "../support/engine/engine";

const image = "registry.example.com/team/app:1";
const secretType = "kubernetes:core/v1:Secret";
const namespaceType = "kubernetes:core/v1:Namespace";

interface Options {
  readonly args: Partial<PrivateWorkloadsArgs>;
  readonly enableSecretMutable?: boolean;
}

describe("a change of a running stack", () => {
  let stack: EngineStack;

  beforeEach(async () => {
    stack = await createEngineStack();
    await stack.setConfig({
      "registries[0].server": "registry.example.com",
      "registries[0].username": "puller",
      "registries[0].password": { secret: "the first password" },
    });
  });

  afterEach(() => {
    stack.remove();
  });

  function workloads({ args, enableSecretMutable = true }: Options): PulumiFn {
    return () => {
      new PrivateWorkloads(
        "shop",
        {
          registries: new Config().requireSecretObject<RegistryCredentialArgs[]>("registries"),
          deployments: { app: { image, namespace: args.namespaces && Object.keys(args.namespaces)[0] } },
          ...args,
        },
        { provider: renderer(enableSecretMutable) },
      );
      return Promise.resolve();
    };
  }

  function renderer(enableSecretMutable: boolean, name = "render"): Provider {
    const renderYamlToDirectory = join(stack.directory, name);
    return new Provider(name, { renderYamlToDirectory, enableSecretMutable });
  }

  /** What happened to the objects of the cluster. */
  function objectSteps(run: EngineRun): string[] {
    return steps(run)
      .filter((step) => / kubernetes:/.test(step))
      .toSorted();
  }

  /** The steps that take away what is there. */
  function endings(run: EngineRun): string[] {
    return objectSteps(run).filter((step) => /^(delete|replace|create-replacement)/.test(step));
  }

  function urnOf(type: string, name: string): string {
    const urns = stateResources(stack).map(({ urn }) => urn);
    return urns.find((urn) => urn.endsWith(`${type}::${name}`)) ?? "";
  }

  function editState(edit: (text: string) => string): void {
    writeFileSync(stack.stateFile, edit(stateText(stack)));
  }

  for (const createNamespace of [true, false]) {
    const made = createNamespace ? "made" : "given";
    it(`from one namespace to several makes nothing but what is new, with the namespaces ${made}`, async () => {
      await stack.up(workloads({ args: { namespace: "shop", createNamespace } }));
      const grown = workloads({ args: { namespaces: { default: "shop", eu: "shop-eu" }, createNamespace } });
      const run = await stack.up(grown);
      assert.deepEqual(objectSteps(run), [
        ...(createNamespace ? [`create ${namespaceType} shop-eu`] : []),
        `create ${secretType} shop-eu`,
      ]);
      const back = workloads({
        args: { namespace: "shop", createNamespace, protectNamespaces: false },
      });
      await stack.up(
        workloads({
          args: { namespaces: { default: "shop", eu: "shop-eu" }, createNamespace, protectNamespaces: false },
        }),
      );
      assert.deepEqual(objectSteps(await stack.up(back)), [
        ...(createNamespace ? [`delete ${namespaceType} shop-eu`] : []),
        `delete ${secretType} shop-eu`,
      ]);
    });
  }

  it("takes over what earlier versions called <name>-default", async () => {
    const program = workloads({ args: { namespaces: { default: "shop" }, createNamespace: true } });
    await stack.up(program);
    editState((text) =>
      text
        .replaceAll(`${secretType}::shop"`, `${secretType}::shop-default"`)
        .replaceAll(`${namespaceType}::shop"`, `${namespaceType}::shop-default"`),
    );
    assert.notEqual(urnOf(secretType, "shop-default"), "");
    assert.deepEqual(objectSteps(await stack.up(program)), []);
    assert.notEqual(urnOf(secretType, "shop"), "");
    assert.equal(urnOf(secretType, "shop-default"), "");
  });

  describe("that gives a namespace another key", () => {
    const before: Partial<PrivateWorkloadsArgs> = {
      namespaces: { web: "shop", eu: "shop-eu" },
      createNamespace: true,
    };
    const after = { ...before, namespaces: { front: "shop", eu: "shop-eu" } };

    for (const rotation of [Rotation.Versioned, Rotation.InPlace]) {
      it(`is refused at preview with the command for it, rotation ${rotation}`, async () => {
        await stack.up(workloads({ args: { ...before, rotation } }));
        const files = readFileSync(stack.stateFile, "utf8");
        const program = workloads({ args: { ...after, rotation } });
        const refused = await failureOf(stack.preview(program));
        assert.deepEqual(endings(refused), []);
        const urn = urnOf(namespaceType, "shop-web");
        assert.match(
          messages(refused, "error").join("\n"),
          new RegExp(
            `Namespace "shop" is already in this stack, as "shop-web", and removing that resource would delete it\\..*\`pulumi state rename '${urn.replaceAll("$", "\\$")}' shop-front\``,
          ),
        );
        assert.equal(readFileSync(stack.stateFile, "utf8"), files);
        assert.deepEqual(endings(await failureOf(stack.up(program))), []);
      });
    }

    it("changes nothing once the resources are renamed", async () => {
      await stack.up(workloads({ args: before }));
      editState((text) => text.replaceAll('::shop-web"', '::shop-front"'));
      assert.deepEqual(objectSteps(await stack.up(workloads({ args: after }))), []);
    });

    it("is refused where `namespace` becomes a key other than default", async () => {
      await stack.up(workloads({ args: { namespace: "shop" } }));
      const refused = await failureOf(stack.preview(workloads({ args: { namespaces: { web: "shop" } } })));
      assert.match(
        messages(refused, "error").join("\n"),
        /Secret "shop\/shop-[0-9a-f]{8}" is already in this stack, as "shop", .* give the first namespace the key "default"\./,
      );
      assert.deepEqual(endings(refused), []);
    });

    it("is refused where two namespaces change their keys", async () => {
      await stack.up(workloads({ args: { namespaces: { a: "shop", b: "shop-eu" } } }));
      const program = workloads({ args: { namespaces: { b: "shop", a: "shop-eu" } } });
      const refused = await failureOf(stack.up(program));
      assert.match(
        messages(refused, "error").join("\n"),
        /as "shop-[ab]", .* give this namespace a new key\./,
      );
      assert.deepEqual(
        steps(refused).filter((step) => step.startsWith("delete")),
        [],
      );
    });
  });

  it("never deletes a namespace that is protected, and says what lifts it", async () => {
    const args = { namespaces: { default: "shop", eu: "shop-eu" }, createNamespace: true };
    await stack.up(workloads({ args }));
    for (const changed of [
      { ...args, namespaces: { default: "shop" } },
      { ...args, createNamespace: false },
    ]) {
      const refused = await failureOf(stack.preview(workloads({ args: changed })));
      assert.match(messages(refused, "error").join("\n"), /protected[^]*pulumi state unprotect/);
      await failureOf(stack.up(workloads({ args: changed })));
      assert.notEqual(urnOf(namespaceType, "shop"), "");
      assert.notEqual(urnOf(namespaceType, "shop-eu"), "");
    }
    const healed = await stack.up(workloads({ args }));
    assert.deepEqual(endings(healed), []);
    const unprotected = { ...args, protectNamespaces: false };
    await stack.up(workloads({ args: unprotected }));
    const run = await stack.up(workloads({ args: { ...unprotected, namespaces: { default: "shop" } } }));
    assert.deepEqual(endings(run), [`delete ${namespaceType} shop-eu`, `delete ${secretType} shop-eu`]);
  });

  describe("of a Secret that can only be replaced under its own name", () => {
    /** What a refresh does to the state after somebody has changed the Secret by hand. */
    function changeByHand(): void {
      editState((text) => {
        const state = JSON.parse(text) as {
          checkpoint: {
            latest: { resources: { type: string; inputs?: object; outputs?: Record<string, object> }[] };
          };
        };
        for (const resource of state.checkpoint.latest.resources.filter(({ type }) => type === secretType)) {
          const data = { ".dockerconfigjson": "e30=" };
          resource.inputs = { ...resource.inputs, data };
          resource.outputs = {
            ...resource.outputs,
            data,
            __inputs: { ...resource.outputs?.["__inputs"], data },
          };
        }
        return JSON.stringify(state);
      });
    }

    it("is refused where an immutable one was changed by hand, until the config has another password", async () => {
      const program = workloads({ args: { namespace: "shop" } });
      await stack.up(program);
      changeByHand();
      for (const run of [await failureOf(stack.preview(program)), await failureOf(stack.up(program))]) {
        assert.match(
          messages(run, "error").join("\n"),
          /Secret "shop\/shop-[0-9a-f]{8}" differs from what the program has, .*set the password that works now/,
        );
        assert.deepEqual(
          steps(run).filter((step) => step.startsWith("delete")),
          [],
        );
      }
      await stack.setConfig({ "registries[0].password": { secret: "the password that works now" } });
      const healed = await stack.up(program);
      assert.deepEqual(objectSteps(healed), [
        `create-replacement ${secretType} shop`,
        `delete-replaced ${secretType} shop`,
        `replace ${secretType} shop`,
        "update kubernetes:apps/v1:Deployment shop-app",
      ]);
    });

    it("is refused where the provider of an inPlace one does not update Secrets", async () => {
      const args = { namespace: "shop", rotation: Rotation.InPlace };
      await stack.up(workloads({ args, enableSecretMutable: false }));
      await stack.setConfig({ "registries[0].password": { secret: "the second password" } });
      const refused = await failureOf(stack.up(workloads({ args, enableSecretMutable: false })));
      assert.match(
        messages(refused, "error").join("\n"),
        /Secret "shop\/shop" would be deleted before it is re-created, .*enableSecretMutable: true/,
      );
      assert.deepEqual(
        steps(refused).filter((step) => step.startsWith("delete")),
        [],
      );
      assert.deepEqual(objectSteps(await stack.up(workloads({ args }))), [`update ${secretType} shop`]);
    });

    it("passes where the object is another one, of the same name in another cluster", async () => {
      const inClusters =
        (...clusters: string[]): PulumiFn =>
        () => {
          const registries = new Config().requireSecretObject<RegistryCredentialArgs[]>("registries");
          for (const cluster of clusters) {
            const args = { registries, namespace: "shop", secretName: "login", rotation: Rotation.InPlace };
            new ImagePullSecret(`login-${cluster}`, args, { provider: renderer(true, cluster) });
          }
          return Promise.resolve();
        };
      await stack.up(inClusters("eu"));
      assert.deepEqual(objectSteps(await stack.up(inClusters("eu", "us"))), [
        `create ${secretType} login-us`,
      ]);
    });
  });

  for (const rotates of [false, true]) {
    const also = rotates ? ", together with another password" : "";
    it(`says at preview which Deployments are deleted${also}`, async () => {
      const deployments = { app: { image }, cart: { image }, "cart-eu": { image } };
      await stack.up(workloads({ args: { namespace: "shop", deployments } }));
      if (rotates) {
        await stack.setConfig({ "registries[0].password": { secret: "the second password" } });
      }
      const run = await stack.preview(workloads({ args: { namespace: "shop" } }));
      assert.deepEqual(
        endings(run).filter((step) => step.startsWith("delete kubernetes:apps")),
        [
          "delete kubernetes:apps/v1:Deployment shop-cart",
          "delete kubernetes:apps/v1:Deployment shop-cart-eu",
        ],
      );
      assert.deepEqual(
        messages(run, "info").filter((message) => message.startsWith("deployments")),
        [
          "deployments.cart was removed: its Deployment is deleted.",
          "deployments.cart-eu was removed: its Deployment is deleted.",
        ],
      );
    });
  }

  it("goes through where the engine runs one step at a time", async () => {
    const args = { namespaces: { eu: "shop-eu", us: "shop-us" }, createNamespace: true };
    assert.deepEqual(objectSteps(await stack.up(workloads({ args }), { parallel: 1 })), [
      "create kubernetes:apps/v1:Deployment shop-app",
      `create ${namespaceType} shop-eu`,
      `create ${namespaceType} shop-us`,
      `create ${secretType} shop-eu`,
      `create ${secretType} shop-us`,
    ]);
  });

  it("reads the whole state only where what it creates may have another owner", async () => {
    const { invoke } = runtime;
    let reads = 0;
    const readsOf = async (run: () => Promise<EngineRun>): Promise<number> => {
      reads = 0;
      await run();
      return reads;
    };
    runtime.invoke = (token, ...others) => {
      reads += token === "pulumi:pulumi:readStackResourceOutputs" ? 1 : 0;
      return invoke(token, ...others);
    };
    try {
      const one = workloads({ args: { namespaces: { default: "shop" } } });
      const two = workloads({ args: { namespaces: { default: "shop", eu: "shop-eu" } } });
      assert.equal(await readsOf(() => stack.up(one)), 0);
      assert.equal(await readsOf(() => stack.preview(one)), 0);
      await stack.setConfig({ "registries[0].password": { secret: "the second password" } });
      assert.equal(await readsOf(() => stack.preview(one)), 0);
      assert.equal(await readsOf(() => stack.up(one)), 0);
      assert.equal(await readsOf(() => stack.preview(two)), 1);
    } finally {
      runtime.invoke = invoke;
    }
  });

  it("says at preview why it replaces or deletes", async () => {
    const args = {
      namespaces: { default: "shop", eu: "shop-eu", us: "shop-us" },
      createNamespace: true,
      protectNamespaces: false,
      deployments: { app: { image, namespace: "default" } },
    };
    await stack.up(workloads({ args }));
    await stack.setConfig({ "registries[0].password": { secret: "the second password" } });
    const run = await stack.preview(
      workloads({
        args: {
          ...args,
          namespaces: { default: "shop", us: "shop-america" },
        },
      }),
    );
    assert.deepEqual(
      messages(run, "info")
        .filter((message) => !message.includes("rendered"))
        .toSorted(),
      [
        'The key "eu" of the namespaces was removed: its Secret is deleted.',
        "The logins have changed: a new Secret is created, the Deployments roll to it, and the old Secret is deleted last.",
        'The namespace of the key "us" is "shop-america" instead of "shop-us": the Secret is created there, and deleted in the old one last.',
        "namespaces.eu was removed: its namespace is deleted, with everything in it.",
      ],
    );
    assert.deepEqual(
      messages(
        await stack.preview(
          workloads({ args: { ...args, namespaces: { ...args.namespaces, ap: "shop-ap" } } }),
        ),
        "info",
      ).filter((message) => !/logins have changed/.test(message)),
      [],
    );
  });

  it("does not call a namespace removed whose name is not known yet", async () => {
    const namespaces = { default: "shop", eu: "shop-eu" };
    await stack.up(workloads({ args: { namespaces } }));
    const run = await stack.preview(() => {
      const eu = interpolate`shop-${new RandomId("eu", { byteLength: 2 }).hex}`;
      return workloads({ args: { namespaces: { ...namespaces, eu } } })();
    });
    assert.deepEqual(
      messages(run, "info").filter((message) => !message.includes("rendered")),
      [],
    );
  });

  it("does not call a namespace removed whose name is not known yet, without keys", async () => {
    await stack.up(workloads({ args: { namespace: "shop" } }));
    const run = await stack.preview(() => {
      const namespace = interpolate`shop-${new RandomId("one", { byteLength: 2 }).hex}`;
      return workloads({ args: { namespace } })();
    });
    assert.deepEqual(
      messages(run, "info").filter((message) => !message.includes("rendered")),
      [],
    );
  });
});
