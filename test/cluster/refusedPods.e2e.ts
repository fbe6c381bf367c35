import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { snippetsIn } from "../support/docs/documents";
import { type EngineRun, failureOf, messages, steps } from "../support/engine/engine";
import { note } from "../support/runner/notes";
import { create, get, kubectl, run } from "./support/commands";
import { underLoad } from "./support/load";
import { useScene } from "./support/scene";
import { Web } from "./support/web";
import { helloSettings } from "./support/workload";

const pulled = { pulled: true };
const shortly = { create: "15s", update: "15s" };

describe("pods that Kubernetes may not make", () => {
  const scene = useScene("refused");
  let web: Web;

  beforeEach(async () => {
    web = await Web.make(scene);
    await web.configure("versioned", web.login);
  });

  /** The sentence of Kubernetes, by the command that the error of a failed run has. */
  async function sentenceAfter(failed: EngineRun): Promise<string> {
    const text = messages(failed, "error").join("\n");
    const [, command] = /^No new pod has an error .*`(kubectl get deployment [^`]+)`/m.exec(text) ?? [];
    assert.ok(command !== undefined, text);
    return run("bash", ["--norc", "-c", command]);
  }

  /** What the next preview says before it tries again. */
  async function toldNext(program: PulumiFn): Promise<string[]> {
    const told = messages(await scene.stack.preview(program), "warning");
    return told.filter((message) => message.startsWith("The last rollout failed"));
  }

  /**
   * Rotations until one fails, and the Secret's name before it. The provider may take an old list of ReplicaSets for the new one,
   * and so call a rollout done that has not begun.
   */
  async function failedRotation(program: PulumiFn): Promise<{ failed: EngineRun; before: string }> {
    for (let attempt = 1; ; attempt++) {
      const before = await web.secretName();
      const login = web.newLogin();
      await scene.registry.setPassword(login);
      await web.configure("versioned", login);
      const up = scene.stack.up(program);
      if (attempt === 3) {
        return { failed: await failureOf(up), before };
      }
      const failed = await failureOf(up).catch(() => undefined);
      if (failed !== undefined) {
        return { failed, before };
      }
    }
  }

  it("for want of quota: the old ones serve, the sentence is told, and a rotation with room ends well", async function () {
    await web.up(shortly);
    await create(web.namespace, {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "pods" },
      spec: { hard: { pods: "2" } },
    });
    const measured = await underLoad(web, async () => {
      const program = web.program(shortly);
      const { failed, before } = await failedRotation(program);
      const sentence = await sentenceAfter(failed);
      assert.match(
        sentence,
        /^pods "web-\S+" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=2, limited: pods=2$/,
      );
      assert.ok((await web.secrets()).includes(before));
      assert.deepEqual(await toldNext(program), [
        `The last rollout failed, as Kubernetes could not make a pod: ${sentence}. Unless that has been put right since, the next one fails too (docs/rotation.md).`,
      ]);

      const patch = '--patch={"spec":{"hard":{"pods":"4"}}}';
      await kubectl("patch", "resourcequota/pods", `--namespace=${web.namespace}`, patch);
      const done = await web.up();
      assert.deepEqual(
        steps(done).filter((step) => /^delete\S* kubernetes:/.test(step)),
        ["delete-replaced kubernetes:core/v1:Secret apps"],
      );
    });
    assert.deepEqual(await web.pullAnew(), pulled);
    assert.deepEqual(await toldNext(web.program()), []);
    note(this, measured);
  });

  it("under Pod Security restricted: the sentence is told, and with the lines of the docs a pod is admitted", async () => {
    const { stack } = scene;
    const label = "pod-security.kubernetes.io/enforce=restricted";
    await kubectl("label", `namespace/${web.namespace}`, label);
    const program = web.program(shortly);
    const sentence = await sentenceAfter(await failureOf(stack.up(program)));
    assert.match(
      sentence,
      /^pods "web-\S+" is forbidden: violates PodSecurity "restricted:latest": unrestricted capabilities \(container "web" must set securityContext\.capabilities\.drop=\["ALL"\]\), runAsNonRoot != true \(pod or container "web" must set securityContext\.runAsNonRoot=true\)$/,
    );
    assert.equal((await toldNext(program)).length, 1);

    const podSpec = restrictedPodSpec();
    await stack.up(
      web.program(undefined, {
        deployments: { [web.name]: { image: web.image, replicas: 0, podSpec, ...helloSettings } },
      }),
    );
    const { spec } = await get<types.output.apps.v1.Deployment>(web.namespace, `deployment/${web.name}`);
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "admitted" }, spec: spec.template.spec };
    await run(
      "kubectl",
      ["create", `--namespace=${web.namespace}`, "--dry-run=server", "--filename=-"],
      JSON.stringify(pod),
    );
  });

  /** The `podSpec` that the docs show, for our container. */
  function restrictedPodSpec(): unknown {
    const [snippet] = snippetsIn("docs/rotation.md").filter(({ text }) => text.includes("runAsNonRoot"));
    const { config } = parse(snippet?.text.replaceAll("awesomeapp", web.name) ?? "") as {
      config: Record<string, Record<string, { podSpec: unknown }>>;
    };
    return config["kubernetes-private-registry:workloads"]?.[web.name]?.podSpec;
  }
});
