import assert from "node:assert/strict";
import { apps, batch, core } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
  ImagePullSecret,
  PrivateDeployment,
  type RegistryCredentialArgs,
  type RegistryLogin,
  Rotation,
  withPullSecrets,
} from "../../components";
import { steps } from "../support/engine/engine";
import { get, kubectl } from "./support/commands";
import { loginConfig, newPassword } from "./support/registry";
import { useScene } from "./support/scene";
import { helloSettings, pull, pulls } from "./support/workload";

describe("workloads with images of two private registries, in two namespaces", () => {
  const scene = useScene("workloads");
  let namespaces: { a: string; b: string };
  let image: string;
  let partnerImage: string;

  beforeEach(async () => {
    const { registry, partner, stack } = scene;
    let logins: RegistryLogin[];
    [namespaces, logins, image, partnerImage] = await Promise.all([
      Promise.all([scene.namespace(), scene.namespace()]).then(([a, b]) => ({ a, b })),
      Promise.all([scene.user(registry), scene.user(partner)]),
      registry.push("workloads/app"),
      partner.push("workloads/tool"),
    ]);
    await stack.setConfig(loginConfig("registries", logins));
  });

  const program: PulumiFn = () => {
    const pullSecret = new ImagePullSecret("apps", {
      registries: new Config().requireSecretObject<RegistryCredentialArgs[]>("registries"),
      namespaces,
    });
    const inNamespace = (key: "a" | "b") => ({
      namespace: namespaces[key],
      pullSecrets: [pullSecret.references.apply((byKey) => byKey[key] ?? { secretNames: [], servers: [] })],
    });
    new PrivateDeployment("web", {
      ...inNamespace("a"),
      ...helloSettings,
      image,
      initContainers: [{ name: "prepare", image: partnerImage, args: ["exit"], imagePullPolicy: "Always" }],
    });
    new PrivateDeployment("partner-web", { ...inNamespace("b"), ...helloSettings, image: partnerImage });

    const metadata = (name: string) => ({ name, namespace: namespaces.b });
    const labels = { app: "db" };
    new apps.v1.StatefulSet("db", {
      metadata: metadata("db"),
      spec: {
        serviceName: "db",
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: withPullSecrets(podSpec("serve"), pullSecret) },
      },
    });
    const job = {
      template: { spec: withPullSecrets({ ...podSpec("exit"), restartPolicy: "Never" }, pullSecret) },
    };
    new batch.v1.Job("migrate", { metadata: metadata("migrate"), spec: job });
    new batch.v1.CronJob("nightly", {
      metadata: metadata("nightly"),
      spec: { schedule: "0 3 * * *", suspend: true, jobTemplate: { spec: job } },
    });
    new core.v1.Pod("once", {
      metadata: metadata("once"),
      spec: withPullSecrets(podSpec("serve"), pullSecret),
    });
    return Promise.resolve({ secretName: pullSecret.secretName });
  };

  function podSpec(command: string) {
    const container = { args: [command], imagePullPolicy: "Always" };
    return {
      containers: [
        { ...container, name: "app", image },
        // The containers of a pod share their ports.
        { ...container, name: "tool", image: partnerImage, env: [{ name: "PORT", value: "8081" }] },
      ],
    };
  }

  it("are refused without the component, and all run with it", async () => {
    const { stack } = scene;
    for (const [namespace, refused] of [
      [namespaces.a, image],
      [namespaces.b, partnerImage],
    ] as const) {
      const outcome = await pull(namespace, { containers: [{ name: "app", image: refused }] });
      assert.match(JSON.stringify(outcome), /"pulled":false.*(401 Unauthorized|no basic auth credentials)/);
    }

    await stack.up(program);

    const { a, b } = namespaces;
    const run = { pulled: true };
    assert.deepEqual(await pullsOf(a, "app.kubernetes.io/name=web"), { prepare: run, web: run });
    assert.deepEqual(await pullsOf(b, "app.kubernetes.io/name=partner-web"), { "partner-web": run });
    assert.deepEqual(await pullsOf(b, "app=db"), { app: run, tool: run });
    assert.deepEqual(await pullsOf(b, "job-name=migrate"), { app: run, tool: run });
    assert.deepEqual(await pulls(b, "once"), { app: run, tool: run });
    await kubectl("create", `--namespace=${b}`, "job", "tonight", "--from=cronjob/nightly");
    await kubectl("wait", `--namespace=${b}`, "job/tonight", "--for=condition=Complete", "--timeout=60s");
    assert.deepEqual(await pullsOf(b, "job-name=tonight"), { app: run, tool: run });

    await stack.destroy();

    for (const namespace of [a, b]) {
      const left = await kubectl(
        "get",
        `--namespace=${namespace}`,
        "secrets,pods,deployments",
        "--output=name",
      );
      assert.equal(left, "");
    }
  });

  async function pullsOf(namespace: string, selector: string) {
    const names = await kubectl(
      "get",
      "pods",
      `--namespace=${namespace}`,
      `--selector=${selector}`,
      "--output=name",
    );
    const [name = ""] = names.trim().split("\n");
    return pulls(namespace, name.replace("pod/", ""));
  }
});

describe("a Job and a Pod that list a Secret of rotation inPlace", () => {
  const scene = useScene("jobs");

  it("are left alone by a rotation: the Job does not run again, the Pod does not go down", async () => {
    const { registry, stack } = scene;
    const parts = [scene.namespace(), scene.user(registry), registry.push("jobs/app")] as const;
    const [namespace, login, image] = await Promise.all(parts);
    await stack.setConfig({
      "kubernetes:enableSecretMutable": "true",
      ...loginConfig("registries", [login]),
    });
    const program: PulumiFn = () => {
      const pullSecret = new ImagePullSecret("apps", {
        registries: new Config().requireSecretObject<RegistryCredentialArgs[]>("registries"),
        namespace,
        rotation: Rotation.InPlace,
      });
      const container = { name: "app", image, imagePullPolicy: "Always" };
      const job = { containers: [{ ...container, args: ["exit"] }], restartPolicy: "Never" };
      new batch.v1.Job("migrate", {
        metadata: { name: "migrate", namespace },
        spec: { template: { spec: withPullSecrets(job, pullSecret) } },
      });
      new core.v1.Pod("once", {
        metadata: { name: "once", namespace },
        spec: withPullSecrets({ containers: [container] }, pullSecret),
      });
      return Promise.resolve();
    };
    const objects = async () => {
      const { items } = await get<{ items: { metadata: { name: string; uid: string } }[] }>(
        namespace,
        "jobs,pods",
      );
      return items.map(({ metadata: { name, uid } }) => ({ name, uid }));
    };
    await stack.up(program);
    await kubectl(
      "wait",
      `--namespace=${namespace}`,
      "job/migrate",
      "--for=condition=Complete",
      "--timeout=60s",
    );
    const before = await objects();
    assert.equal(before.length, 3);

    const changed = { ...login, password: newPassword() };
    await registry.setPassword(changed);
    await stack.setConfig(loginConfig("registries", [changed]));
    assert.deepEqual(
      steps(await stack.up(program)).filter((step) => step.includes(" kubernetes:")),
      ["update kubernetes:core/v1:Secret apps"],
    );
    assert.deepEqual(await objects(), before);
    assert.deepEqual(await pulls(namespace, "once"), { app: { pulled: true } });
  });
});
