import assert from "node:assert/strict";
import { apps, batch, type types } from "@pulumi/kubernetes";
import { ComponentResource, type ComponentResourceOptions, Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { ImagePullSecret, pullSecretTransform, type RegistryCredentialArgs } from "../../components";
import { get } from "./support/commands";
import { loginConfig, newPassword } from "./support/registry";
import { useScene } from "./support/scene";
import { createPullSecret, pull, pullWith } from "./support/workload";

type PodSpec = types.input.core.v1.PodSpec;

interface PlatformArgs {
  readonly namespace: string;
  readonly image: string;
  readonly partnerImage: string;
  /** Name of the Secret that pulls the partner's image. */
  readonly partnerSecret: string;
}

/** A component of somebody else's: it has a pull Secret for the partner's image and knows of no other. */
class Platform extends ComponentResource {
  constructor(name: string, args: PlatformArgs, opts: ComponentResourceOptions) {
    super("acme:index:Platform", name, {}, opts);
    const { namespace, image, partnerImage, partnerSecret } = args;
    const settings = { imagePullPolicy: "Always", env: [{ name: "DRAIN", value: "0s" }] };
    const app = { ...settings, name: "app", image };
    const tool = { ...settings, name: "tool", image: partnerImage };
    const imagePullSecrets = [{ name: partnerSecret }];

    const metadata = (name: string) => ({ name, namespace });
    const workload = (app: string, spec: PodSpec) => {
      const labels = { app };
      return { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } };
    };
    new apps.v1.Deployment(
      "web",
      { metadata: metadata("web"), spec: workload("web", { containers: [app] }) },
      { parent: this },
    );
    new apps.v1.Deployment(
      "partner",
      { metadata: metadata("partner"), spec: workload("partner", { containers: [tool], imagePullSecrets }) },
      { parent: this },
    );
    const initContainers = [{ ...app, args: ["exit"] }];
    new apps.v1.StatefulSet(
      "queue",
      {
        metadata: metadata("queue"),
        spec: {
          ...workload("queue", { initContainers, containers: [tool], imagePullSecrets }),
          serviceName: "queue",
        },
      },
      { parent: this },
    );
    const job = { template: { spec: { restartPolicy: "Never", containers: initContainers } } };
    new batch.v1.CronJob(
      "report",
      {
        metadata: metadata("report"),
        spec: { schedule: "0 4 * * *", suspend: true, jobTemplate: { spec: job } },
      },
      { parent: this },
    );
  }
}

describe("pullSecretTransform, on a component of somebody else's", () => {
  const scene = useScene("transform");
  let namespace: string;

  /** The pod specs of the workloads, as they are in the cluster. */
  async function podSpecs(): Promise<Record<string, types.output.core.v1.PodSpec>> {
    const [web, partner, queue, report] = await Promise.all([
      get<types.output.apps.v1.Deployment>(namespace, "deployment/web"),
      get<types.output.apps.v1.Deployment>(namespace, "deployment/partner"),
      get<types.output.apps.v1.StatefulSet>(namespace, "statefulset/queue"),
      get<types.output.batch.v1.CronJob>(namespace, "cronjob/report"),
    ]);
    return {
      web: web.spec.template.spec,
      partner: partner.spec.template.spec,
      queue: queue.spec.template.spec,
      report: report.spec.jobTemplate.spec.template.spec,
    };
  }

  /** The pull Secrets that each lists, and what becomes of the first pull of a pod that is made of it now. */
  async function pullAll() {
    const tried = Object.entries(await podSpecs()).map(async ([name, spec]) => {
      const listed = (spec.imagePullSecrets as { name: string }[] | undefined)?.map(({ name }) => name);
      return [name, { listed, ...(await pull(namespace, spec)) }] as const;
    });
    return Object.fromEntries(await Promise.all(tried));
  }

  async function partner() {
    const { metadata } = await get<types.output.apps.v1.Deployment>(namespace, "deployment/partner");
    return { uid: metadata.uid, generation: metadata.generation };
  }

  it("has its private pods pull, after a rotation too, and never touches a workload with another registry's images", async () => {
    const { registry, partner: other, stack } = scene;
    const [place, login, partnerLogin, image, partnerImage] = await Promise.all([
      scene.namespace(),
      scene.user(registry),
      scene.user(other),
      registry.push("transform/app"),
      other.push("transform/tool"),
    ]);
    namespace = place;
    const partnerSecret = await createPullSecret(namespace, [partnerLogin]);
    await stack.setConfig(loginConfig("registries", [login]));
    const program: PulumiFn = () => {
      const registries = new Config().requireSecretObject<RegistryCredentialArgs[]>("registries");
      const pullSecret = new ImagePullSecret("apps", { registries, namespace });
      const transforms = [pullSecretTransform(pullSecret)];
      new Platform("platform", { namespace, image, partnerImage, partnerSecret }, { transforms });
      return Promise.resolve({ secretName: pullSecret.secretName });
    };
    const expected = async () => {
      const ours = String((await stack.outputs())["secretName"]?.value);
      return {
        web: { listed: [ours], pulled: true },
        partner: { listed: [partnerSecret], pulled: true },
        queue: { listed: [partnerSecret, ours], pulled: true },
        report: { listed: [ours], pulled: true },
      };
    };

    await stack.up(program);
    const first = await expected();
    assert.deepEqual(await pullAll(), first);
    const untouched = await partner();
    assert.equal(untouched.generation, 1);

    const changed = { ...login, password: newPassword() };
    await registry.setPassword(changed);
    await stack.setConfig(loginConfig("registries", [changed]));
    await stack.up(program);
    const second = await expected();
    assert.notDeepEqual(second.web.listed, first.web.listed);
    assert.deepEqual(await pullAll(), second);
    assert.deepEqual(await partner(), untouched);
    const refused = await pullWith(namespace, image, login);
    assert.match(JSON.stringify(refused), /"pulled":false.*401 Unauthorized/);
  });
});
