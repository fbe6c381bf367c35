import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { apps, core, type types } from "@pulumi/kubernetes";
import { Config, type Output, StackReference } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
  encodeDockerConfigJson,
  ImagePullSecret,
  PrivateDeployment,
  PrivateWorkloads,
  pullFailureHooks,
  type PullSecretReference,
  type RegistryCredentialArgs,
  type RegistryLogin,
  type Rotation,
  Verification,
  withPullSecrets,
} from "../../components";
import {
  createEngineStack,
  EngineFailure,
  type EngineRun,
  failureOf,
  messages,
  stateResources,
  steps,
} from "../support/engine/engine";
import { note } from "../support/runner/notes";
import { create, get, kubectl, run, setting } from "./support/commands";
import { underLoad } from "./support/load";
import type { Pod } from "./support/pods";
import { loginConfig, newPassword } from "./support/registry";
import { followRecipe } from "./support/recipe";
import { useScene } from "./support/scene";
import { Web } from "./support/web";
import { helloSettings } from "./support/workload";

const pulled = { pulled: true };
const registries = () => new Config().requireSecretObject<RegistryCredentialArgs[]>("registries");

/** The steps of a run that took an object away, for good or for a new one. */
function endings(run: EngineRun): string[] {
  return steps(run).filter((step) => /^(delete|replace|create-replacement)\S* kubernetes:/.test(step));
}

describe("what people do to a running stack", () => {
  const scene = useScene("running");

  for (const createNamespace of [true, false]) {
    const made = createNamespace ? "that it has made" : "that is given";
    it(`grows from one namespace ${made} to several, and back, without a touch to what runs`, async function () {
      const { registry, stack } = scene;
      const [login, image] = await Promise.all([scene.user(registry), registry.push("running/app")]);
      const newNamespace = () => (createNamespace ? scene.namespaceName() : scene.namespace());
      const [shop, eu] = [await newNamespace(), await newNamespace()];
      await stack.setConfig(loginConfig("registries", [login]));
      const program =
        (placement: { namespace: string } | { namespaces: Record<string, string> }): PulumiFn =>
        () => {
          const { namespaces } = new PrivateWorkloads("apps", {
            registries: registries(),
            ...placement,
            createNamespace,
            protectNamespaces: false,
            deployments: {
              web: {
                image,
                replicas: 2,
                ...helloSettings,
                ...("namespaces" in placement && { namespace: "default" }),
              },
            },
          });
          new core.v1.Service("web", {
            metadata: { name: "web", namespace: namespaces.apply((names) => names["default"] ?? "") },
            spec: { selector: { "app.kubernetes.io/name": "web" }, ports: [{ port: 80, targetPort: 8080 }] },
          });
          return Promise.resolve();
        };
      await stack.up(program({ namespace: shop }));
      const measured = await underLoad({ namespace: shop, name: "web", replicas: 2 }, async () => {
        const grown = await stack.up(program({ namespaces: { default: shop, eu } }));
        assert.deepEqual(
          steps(grown)
            .filter((step) => step.includes(" kubernetes:"))
            .toSorted(),
          [
            ...(createNamespace ? ["create kubernetes:core/v1:Namespace apps-eu"] : []),
            "create kubernetes:core/v1:Secret apps-eu",
          ],
        );
        const back = await stack.up(program({ namespace: shop }));
        assert.deepEqual(endings(back).toSorted(), [
          ...(createNamespace ? ["delete kubernetes:core/v1:Namespace apps-eu"] : []),
          "delete kubernetes:core/v1:Secret apps-eu",
        ]);
      });
      note(this, measured);
    });
  }

  it("protects a namespace that it has made, with all that is in it, and finds it after a destroy without it", async () => {
    const { registry, stack } = scene;
    const [login, image] = await Promise.all([scene.user(registry), registry.push("running/app")]);
    const [shop, eu] = [scene.namespaceName(), scene.namespaceName()];
    await stack.setConfig(loginConfig("registries", [login]));
    const program =
      (namespaces: Record<string, string>): PulumiFn =>
      () => {
        new PrivateWorkloads("apps", {
          registries: registries(),
          namespaces,
          createNamespace: true,
          deployments: { web: { image, namespace: "default", ...helloSettings } },
        });
        return Promise.resolve();
      };
    await stack.up(program({ default: shop, eu }));
    const { metadata } = await get<types.output.core.v1.Namespace>(eu, `namespace/${eu}`);
    const refused = await failureOf(stack.preview(program({ default: shop })));
    assert.match(messages(refused, "error").join("\n"), /protected[^]*pulumi state unprotect/);
    const renamed = await failureOf(stack.up(program({ default: shop, europe: eu })));
    assert.match(
      messages(renamed, "error").join("\n"),
      /is already in this stack, as "apps-eu", .*pulumi state rename/,
    );
    assert.deepEqual(endings(renamed), []);
    await stack.destroy({ excludeProtected: true });
    const { metadata: after, status } = await get<types.output.core.v1.Namespace>(eu, `namespace/${eu}`);
    assert.deepEqual([after.uid, status.phase], [metadata.uid, "Active"]);
    const found = await stack.up(program({ default: shop, eu }));
    assert.deepEqual(endings(found), []);
    assert.deepEqual(
      steps(found).filter((step) => step.includes("Namespace")),
      [],
    );
  });

  it("keeps all pods when a Secret was hot-fixed by hand, until the config has the password that works", async function () {
    const { registry, stack } = scene;
    const web = await Web.make(scene);
    await web.configure("versioned", web.login);
    await web.up();
    const name = await web.secretName();
    const login = web.newLogin();
    const measured = await underLoad(web, async () => {
      await registry.setPassword(login);
      const json = Buffer.from(encodeDockerConfigJson([login])).toString("base64");
      const object = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace: web.namespace },
        type: "kubernetes.io/dockerconfigjson",
        data: { ".dockerconfigjson": json },
      };
      await run("kubectl", ["replace", "--force", "--filename=-"], JSON.stringify(object));

      const previewed = await stack.preview(web.program(), { refresh: true });
      assert.match(messages(previewed, "info").join("\n"), /is created again: .* changed it by hand/);
      const refused = await failureOf(stack.up(web.program(), { refresh: true }));
      assert.match(
        messages(refused, "error").join("\n"),
        /someone has (?:changed it|set) by hand[^]* set the password that works now in the config/,
      );
      assert.deepEqual(
        steps(refused).filter((step) => step.startsWith("delete")),
        [],
      );
      assert.deepEqual(await web.secrets(), [name]);

      await web.configure("versioned", login);
      await stack.up(web.program(), { refresh: true });
    });
    assert.notEqual(await web.secretName(), name);
    assert.deepEqual(await web.secrets(), [await web.secretName()]);
    assert.deepEqual(await web.pullAnew(), pulled);
    note(this, measured);
  });

  for (const rotation of ["versioned", "inPlace"] as const) {
    it(`shows no drift where nobody changed anything, and heals an edited list by --refresh, ${rotation}`, async () => {
      const { stack } = scene;
      const web = await Web.make(scene);
      await web.configure(rotation, web.login);
      await web.up();
      assert.deepEqual(
        steps(await stack.preview(web.program(), { refresh: true })).filter(
          (step) => !step.startsWith("refresh"),
        ),
        [],
      );
      await stack.refresh();
      assert.deepEqual(steps(await stack.up(web.program())), []);

      const patch = [{ op: "replace", path: "/spec/template/spec/imagePullSecrets/0/name", value: "gone" }];
      await kubectl(
        "patch",
        `--namespace=${web.namespace}`,
        `deployment/${web.name}`,
        "--type=json",
        `--patch=${JSON.stringify(patch)}`,
      );
      assert.deepEqual(steps(await stack.up(web.program())), []);
      const healed = await stack.up(web.program(), { refresh: true });
      assert.deepEqual(endings(healed), []);
      const { spec } = await get<types.output.apps.v1.Deployment>(web.namespace, `deployment/${web.name}`);
      assert.deepEqual(spec.template.spec.imagePullSecrets, [{ name: await web.secretName() }]);
    });
  }

  it("explains why a StatefulSet's pod can't pull, and goes on when the pod is deleted, as the docs say", async () => {
    const { registry, stack } = scene;
    const parts = [scene.namespace(), scene.user(registry), registry.push("running/app")] as const;
    const [namespace, login, image] = await Promise.all(parts);
    await stack.setConfig(loginConfig("registries", [login]));
    const labels = { app: "database" };
    const program: PulumiFn = () => {
      const pullSecret = new ImagePullSecret("apps", { registries: registries(), namespace });
      const podSpec = { containers: [{ name: "database", image, imagePullPolicy: "Always" }] };
      new apps.v1.StatefulSet(
        "database",
        {
          metadata: { name: "database", namespace },
          spec: {
            serviceName: "database",
            replicas: 2,
            selector: { matchLabels: labels },
            template: { metadata: { labels }, spec: withPullSecrets(podSpec, pullSecret) },
          },
        },
        { hooks: pullFailureHooks(), customTimeouts: { create: "20s", update: "20s" } },
      );
      return Promise.resolve();
    };
    await stack.setConfig(loginConfig("registries", [{ ...login, password: newPassword() }]));
    const failed = await failureOf(stack.up(program));
    assert.match(
      messages(failed, "error").join("\n"),
      /The registry did not accept a login for the image .* \(401\)/,
    );
    const { metadata: stuck } = await get<Pod>(namespace, "pod/database-0");

    await stack.setConfig(loginConfig("registries", [login]));
    // The provider waits for a rollout, or takes the state before it for its end.
    await stack.up(program).catch((error: unknown) => {
      assert.ok(error instanceof EngineFailure);
    });
    assert.equal((await get<Pod>(namespace, "pod/database-0")).metadata.uid, stuck.uid);
    await kubectl("delete", "pod", `--namespace=${namespace}`, "database-0");
    await kubectl("rollout", "status", `--namespace=${namespace}`, "statefulset/database", "--timeout=60s");
  });

  it("is read by another stack, whose pods lose nothing in an inPlace rotation, and which is told of versioned names", async function () {
    const { registry, stack } = scene;
    const web = await Web.make(scene);
    const platform = (): PulumiFn => () => {
      const { reference } = new ImagePullSecret("login", {
        registries: registries(),
        namespace: web.namespace,
        rotation: new Config().require<Rotation>("rotation"),
      });
      return Promise.resolve({ reference });
    };
    const shop: PulumiFn = () => {
      const outputs = new StackReference("organization/engine-test/test");
      const reference = outputs.requireOutput("reference") as Output<PullSecretReference>;
      const { namespace, name, image, replicas } = web;
      new PrivateDeployment(name, { namespace, image, replicas, ...helloSettings, pullSecrets: [reference] });
      new core.v1.Service(name, {
        metadata: { name, namespace },
        spec: { selector: { "app.kubernetes.io/name": name }, ports: [{ port: 80, targetPort: 8080 }] },
      });
      return Promise.resolve();
    };
    await web.configure("inPlace", web.login);
    await stack.up(platform());
    const reader = await createEngineStack({
      kubernetes: "cluster",
      directory: stack.directory,
      name: "shop",
    });
    const told = (run: EngineRun) =>
      messages(run, "warning").filter((message) => message.includes("another stack"));
    assert.deepEqual(told(await reader.up(shop)), []);
    const login = web.newLogin();
    const measured = await underLoad(web, async () => {
      await registry.setPassword(login);
      await web.configure("inPlace", login);
      await stack.up(platform());
      assert.deepEqual(await web.pullAnew(), pulled);
      assert.deepEqual(steps(await reader.up(shop)), []);
    });
    note(this, measured);

    await web.configure("versioned", login);
    await stack.up(platform());
    assert.deepEqual(told(await reader.preview(shop)), [
      'PrivateDeployment "web": its pull Secrets come from another stack, which gives them new names when it rotates. Bring this stack up right after that one, or give that one rotation: inPlace.',
    ]);
    await reader.up(shop);
    assert.deepEqual(await web.pullAnew(), pulled);
  });

  it("never has a wrong password in the cluster with rotation inPlace and verify: enforce", async () => {
    const { stack } = scene;
    const web = await Web.make(scene);
    const program = web.program(undefined, { verify: Verification.Enforce });
    const configure = async (login: RegistryLogin): Promise<void> => {
      await web.configure("inPlace", login);
      await stack.setConfig({ "registries[0].caBundle": readFileSync(setting("REGISTRY_CA"), "utf8") });
    };
    await configure(web.login);
    await stack.up(program);
    const before = await get<types.output.core.v1.Secret>(web.namespace, "secret/apps");
    await configure(web.newLogin());
    for (const refused of [await failureOf(stack.preview(program)), await failureOf(stack.up(program))]) {
      assert.match(messages(refused, "error").join("\n"), /refused the username and password \(401\)/);
      assert.deepEqual(
        steps(refused).filter((step) => step.includes("core/v1:Secret")),
        [],
      );
    }
    const after = await get<types.output.core.v1.Secret>(web.namespace, "secret/apps");
    assert.deepEqual(after.metadata.resourceVersion, before.metadata.resourceVersion);
    assert.deepEqual(await web.pullAnew(), pulled);
  });

  for (const replicas of [2, undefined]) {
    const whose = replicas === undefined ? "is handed over before" : "the program gives";
    it(`takes over a Deployment that runs by pulumi import, the same one and without a lost request, whose size ${whose}`, async function () {
      const { registry, stack } = scene;
      const parts = [scene.namespace(), scene.user(registry), registry.push("running/app")] as const;
      const [namespace, login, image] = await Promise.all(parts);
      await stack.setConfig(loginConfig("registries", [login]));
      const served = { namespace, name: "web", replicas: 2 };
      const labels = { "app.kubernetes.io/name": "web" };
      const metadata = { name: "web", namespace };
      await create(namespace, {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
      });
      await stack.up(() => {
        new ImagePullSecret("login", { registries: registries(), namespace });
        return Promise.resolve();
      });
      const secretName = (
        await kubectl(
          "get",
          "secrets",
          `--namespace=${namespace}`,
          "--output=jsonpath={.items[0].metadata.name}",
        )
      ).trim();
      const podSpec = {
        containers: [{ name: "web", image, ...helloSettings }],
        imagePullSecrets: [{ name: secretName }],
      };
      await create(namespace, {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata,
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          strategy: { rollingUpdate: { maxUnavailable: 0 } },
          template: { metadata: { labels }, spec: podSpec },
        },
      });
      await kubectl("rollout", "status", `--namespace=${namespace}`, "deployment/web", "--timeout=60s");
      const before = await get<types.output.apps.v1.Deployment>(namespace, "deployment/web");
      const program: PulumiFn = () => {
        const { reference } = new ImagePullSecret("login", { registries: registries(), namespace });
        new PrivateDeployment("web", {
          namespace,
          image,
          ...(replicas !== undefined && { replicas }),
          ...helloSettings,
          pullSecrets: [reference],
        });
        return Promise.resolve();
      };
      const measured = await underLoad(served, async () => {
        if (replicas === undefined) {
          await followRecipe("docs/operations.md", "--field-manager handover", served);
        }
        await stack.up(program, { target: ["**PrivateDeployment::web"] });
        const parent =
          stateResources(stack).find(({ type }) => type.endsWith(":PrivateDeployment"))?.urn ?? "";
        await stack.importObject("kubernetes:apps/v1:Deployment", "web", `${namespace}/web`, parent);
        const taken = await stack.up(program);
        assert.deepEqual(endings(taken), []);
      });
      const after = await get<types.output.apps.v1.Deployment>(namespace, "deployment/web");
      assert.equal(after.metadata.uid, before.metadata.uid);
      note(this, measured);
    });
  }
});
