import assert from "node:assert/strict";
import { apps, type types } from "@pulumi/kubernetes";
import { type ComponentResourceOptions, Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
  encodeDockerConfigJson,
  ImagePullSecret,
  type RegistryCredentialArgs,
  type RegistryLogin,
  Rotation,
  withPullSecrets,
} from "../../components";
import { type EngineRun, failureOf, messages, steps } from "../support/engine/engine";
import { leaksInRun } from "../support/secrets/leaks";
import { note } from "../support/runner/notes";
import { create, get, kubectl, namesOf } from "./support/commands";
import { underLoad } from "./support/load";
import type { Pod } from "./support/pods";
import { loginConfig, newPassword } from "./support/registry";
import { useScene } from "./support/scene";
import { helloSettings, pull, pullAnew } from "./support/workload";

const secretName = "myregistrykey";
const email = "janedoe@example.com";
const [name, replicas] = ["web", 2];
const labels = { "app.kubernetes.io/name": name };
const pulled = { pulled: true };

describe("a Secret of kubectl create secret docker-registry, and the Deployment of kubectl that names it", () => {
  const scene = useScene("adoption");
  let namespace: string;
  let login: RegistryLogin;
  let podSpec: types.input.core.v1.PodSpec;

  const deploymentSpec = <Spec>(spec: Spec) => ({
    replicas,
    selector: { matchLabels: labels },
    strategy: { rollingUpdate: { maxUnavailable: 0 } },
    template: { metadata: { labels }, spec },
  });

  beforeEach(async () => {
    const { registry, stack } = scene;
    const parts = [scene.namespace(), scene.user(registry), registry.push("adoption/app")] as const;
    let image: string;
    [namespace, login, image] = await Promise.all(parts);
    podSpec = { containers: [{ name, image, ...helloSettings }] } as typeof podSpec;
    await kubectl(
      "create",
      "secret",
      "docker-registry",
      secretName,
      `--namespace=${namespace}`,
      `--docker-server=${login.server}`,
      `--docker-username=${login.username}`,
      `--docker-password=${login.password}`,
      `--docker-email=${email}`,
    );
    await create(namespace, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name },
      spec: deploymentSpec({ ...podSpec, imagePullSecrets: [{ name: secretName }] }),
    });
    await create(namespace, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    });
    await kubectl("rollout", "status", `--namespace=${namespace}`, `deployment/${name}`, "--timeout=60s");
    await stack.setConfig({ "kubernetes:enableSecretMutable": "true", "registries[0].email": email });
    await stack.setConfig(loginConfig("registries", [login]));
  });

  function program(
    rotation: Rotation,
    opts?: ComponentResourceOptions,
    annotations?: Record<string, string>,
  ): PulumiFn {
    return () => {
      const pullSecret = new ImagePullSecret(
        "apps",
        {
          registries: new Config().requireSecretObject<RegistryCredentialArgs[]>("registries"),
          namespace,
          secretName,
          rotation,
          annotations,
          adopt: rotation === Rotation.InPlace,
        },
        opts,
      );
      new apps.v1.Deployment(
        name,
        { metadata: { name, namespace }, spec: deploymentSpec(withPullSecrets(podSpec, pullSecret)) },
        { import: `${namespace}/${name}` },
      );
      return Promise.resolve({ secretName: pullSecret.secretName });
    };
  }

  async function secret() {
    const { metadata, data } = await get<types.output.core.v1.Secret>(namespace, `secret/${secretName}`);
    return { uid: metadata.uid, resourceVersion: metadata.resourceVersion, data };
  }

  /** Name of the Secret that the stack has now. */
  async function currentName(): Promise<string> {
    return String((await scene.stack.outputs())["secretName"]?.value);
  }

  /** The Deployment and its pods: what changes when it is rolled out or one of its containers is restarted. */
  async function workload() {
    const { metadata } = await get<types.output.apps.v1.Deployment>(namespace, `deployment/${name}`);
    const { items } = await get<{ items: Pod[] }>(namespace, "pods");
    const pods = items.map(({ metadata: { uid }, status }) => ({
      uid,
      restarts: status.containerStatuses?.map(({ restartCount }) => restartCount),
    }));
    return { uid: metadata.uid, generation: metadata.generation, pods };
  }

  /** What happened to the Secret. */
  function ofSecret(run: EngineRun): string[] {
    return steps(run).filter((step) => step.includes("core/v1:Secret"));
  }

  it("is taken over as it is, rotated in place, and led to versioned names without a lost request or pod", async function () {
    const { registry, stack } = scene;
    const before = { secret: await secret(), workload: await workload() };
    const adopted = await stack.up(program(Rotation.InPlace));
    assert.deepEqual(ofSecret(adopted), ["import kubernetes:core/v1:Secret apps"]);
    assert.deepEqual({ secret: await secret(), workload: await workload() }, before);
    assert.deepEqual(steps(await stack.preview(program(Rotation.InPlace))), []);

    const changed = { ...login, password: newPassword() };
    await registry.setPassword(changed);
    await stack.setConfig(loginConfig("registries", [changed]));
    await stack.up(program(Rotation.InPlace));
    assert.equal((await secret()).uid, before.secret.uid);
    assert.deepEqual(await workload(), before.workload);
    assert.deepEqual(await pullAnew(namespace, name), pulled);

    const measured = await underLoad({ namespace, name, replicas }, async () => {
      const moved = steps(await stack.up(program(Rotation.Versioned)));
      const [made, rolled, gone] = [
        "create-replacement kubernetes:core/v1:Secret apps",
        `update kubernetes:apps/v1:Deployment ${name}`,
        "delete-replaced kubernetes:core/v1:Secret apps",
      ].map((step) => moved.indexOf(step)) as [number, number, number];
      assert.ok(0 <= made && made < rolled && rolled < gone, moved.join("\n"));
    });
    const current = await currentName();
    const { spec } = await get<types.output.apps.v1.Deployment>(namespace, `deployment/${name}`);
    assert.deepEqual(spec.template.spec.imagePullSecrets, [{ name: current }]);
    assert.deepEqual(await namesOf(namespace, "secrets"), [current]);
    assert.deepEqual(await pullAnew(namespace, name), pulled);
    assert.equal((await workload()).uid, before.workload.uid);
    note(this, measured);
  });

  it("shows another password at preview without either, and takes it where the provider is to force the change", async () => {
    const { stack } = scene;
    const before = await secret();
    const changed = { ...login, password: newPassword() };
    await stack.setConfig(loginConfig("registries", [changed]));
    const importThenUpdate = ["import", "update"].map((step) => `${step} kubernetes:core/v1:Secret apps`);

    const stopped = await failureOf(stack.preview(program(Rotation.InPlace), { diff: true }));
    assert.deepEqual(ofSecret(stopped), importThenUpdate);
    assert.match(messages(stopped, "error").join("\n"), /Server-Side Apply field conflict/);
    const { password } = login;
    assert.deepEqual(leaksInRun(stopped, { password, changed: changed.password }), []);

    const forced = program(Rotation.InPlace, {}, { "pulumi.com/patchForce": "true" });
    assert.deepEqual(ofSecret(await stack.preview(forced)), importThenUpdate);
    await stack.up(forced);
    await stack.up(program(Rotation.InPlace));
    const { uid, data } = await secret();
    assert.equal(uid, before.uid);
    assert.equal(
      Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString(),
      encodeDockerConfigJson([{ ...changed, email }]),
    );
    assert.deepEqual(steps(await stack.preview(program(Rotation.InPlace))), []);
  });

  it("stays for others where retainOnDelete is set before the step to versioned names, and is no longer managed", async () => {
    const { stack } = scene;
    const before = await secret();
    const retained = { retainOnDelete: true };
    await stack.up(program(Rotation.InPlace));
    await stack.up(program(Rotation.InPlace, retained));
    await stack.up(program(Rotation.Versioned, retained));
    await stack.up(program(Rotation.Versioned));
    const current = await currentName();
    assert.deepEqual(await namesOf(namespace, "secrets"), [secretName, current].sort());
    assert.deepEqual(await secret(), before);
    assert.deepEqual(await pull(namespace, { ...podSpec, imagePullSecrets: [{ name: secretName }] }), pulled);
  });
});
