import assert from "node:assert/strict";
import type { types } from "@pulumi/kubernetes";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { failureOf, messages, steps } from "../support/engine/engine";
import { note } from "../support/runner/notes";
import { create, get, kubectl } from "./support/commands";
import { type Served, underLoad } from "./support/load";
import { watchPods } from "./support/pods";
import { followRecipe } from "./support/recipe";
import { useScene } from "./support/scene";
import { Web } from "./support/web";
import { helloSettings } from "./support/workload";

const updated = ["update kubernetes:apps/v1:Deployment apps-web"];

describe("the number of pods of a Deployment", () => {
  const scene = useScene("replicas");
  let web: Web;

  beforeEach(async () => {
    web = await Web.make(scene);
    await web.configure("versioned", web.login);
  });

  /** The program with this number of pods, or with none given. */
  function sized(replicas?: number, annotations: Record<string, string> = {}): PulumiFn {
    const size = replicas === undefined ? {} : { replicas };
    return web.program(undefined, {
      deployments: { [web.name]: { image: web.image, annotations, ...size, ...helloSettings } },
    });
  }

  function scaled(replicas: number, replicasAfter: number): Served {
    const { namespace, name } = web;
    return { namespace, name, replicas, replicasAfter };
  }

  async function size(): Promise<number> {
    const { spec } = await get<types.output.apps.v1.Deployment>(web.namespace, `deployment/${web.name}`);
    return spec.replicas;
  }

  function scale(replicas: number): Promise<string> {
    return kubectl(
      "scale",
      `deployment/${web.name}`,
      `--namespace=${web.namespace}`,
      `--replicas=${replicas}`,
    );
  }

  /** Never scales down, as it has no metrics: what it does is to keep the minimum. */
  function createAutoscaler(minReplicas: number): Promise<unknown> {
    return create(web.namespace, {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: web.name },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: web.name },
        minReplicas,
        maxReplicas: 10,
      },
    });
  }

  async function untilThereAre(replicas: number): Promise<void> {
    const watch = watchPods(web.namespace, `app.kubernetes.io/name=${web.name}`);
    try {
      await watch.until(`${replicas} pods`, (pods) => pods.length === replicas);
    } finally {
      watch.stop();
    }
  }

  it("is an autoscaler's where the program gives none: it stays in rotations, and may change during one", async function () {
    const { registry, stack } = scene;
    await stack.up(sized());
    assert.equal(await size(), 1);
    await createAutoscaler(2);
    const rotate = async (): Promise<void> => {
      const login = web.newLogin();
      await registry.setPassword(login);
      await web.configure("versioned", login);
      const rotated = await stack.up(sized());
      assert.deepEqual(
        steps(rotated).filter((step) => step.includes("Deployment")),
        updated,
      );
    };
    const measured = await underLoad(scaled(2, 4), async () => {
      await rotate();
      assert.equal(await size(), 2);
      const rotation = rotate();
      await untilThereAre(3);
      await scale(4);
      await rotation;
    });
    assert.equal(await size(), 4);
    const refreshed = await stack.preview(sized(), { refresh: true });
    assert.deepEqual(
      steps(refreshed).filter((step) => !step.startsWith("refresh")),
      [],
    );
    note(this, measured);
  });

  it("is handed from the program to an autoscaler by the recipe of the docs", async function () {
    const { stack } = scene;
    await stack.up(sized(3));
    const measured = await underLoad(scaled(3, 4), async () => {
      await followRecipe("docs/operations.md", "--field-manager handover", web);
      assert.deepEqual(steps(await stack.up(sized(3))), []);
      assert.deepEqual(steps(await stack.up(sized())), updated);
      assert.equal(await size(), 3);
      await createAutoscaler(4);
      await untilThereAre(4);
    });
    note(this, measured);
  });

  it("falls to 1 where it is taken out of the program without the recipe", async () => {
    await scene.stack.up(sized(2));
    await scene.stack.up(sized());
    assert.equal(await size(), 1);
  });

  it("falls to 1 as well where kubectl has set it in the object itself, which the provider takes over", async () => {
    await scene.stack.up(sized());
    await kubectl(
      "patch",
      `deployment/${web.name}`,
      `--namespace=${web.namespace}`,
      '--patch={"spec":{"replicas":2}}',
    );
    assert.deepEqual(steps(await scene.stack.up(sized(undefined, { changed: "yes" }))), updated);
    assert.equal(await size(), 1);
  });

  it("stays what others have made of the 1 that earlier versions sent, and stays 1 where nobody has", async function () {
    const { stack } = scene;
    await stack.up(sized(1));
    assert.deepEqual(steps(await stack.up(sized())), updated);
    assert.equal(await size(), 1);
    await stack.up(sized(1));
    await scale(2);
    const measured = await underLoad(web, async () => {
      assert.deepEqual(steps(await stack.up(sized())), updated);
      assert.equal(await size(), 2);
    });
    note(this, measured);
  });

  it("is refused, with what to do, where the program and somebody else differ, until the program takes it back", async () => {
    const { stack } = scene;
    await stack.up(sized(2));
    await scale(3);
    for (const refused of [await failureOf(stack.preview(sized(1))), await failureOf(stack.up(sized(1)))]) {
      assert.match(
        messages(refused, "error").join("\n"),
        /^The number of pods was set by "kubectl", and the program gives another\. Leave `replicas` out/m,
      );
    }
    assert.equal(await size(), 3);
    process.env["PULUMI_K8S_ENABLE_PATCH_FORCE"] = "true";
    try {
      await stack.up(sized(1));
    } finally {
      delete process.env["PULUMI_K8S_ENABLE_PATCH_FORCE"];
    }
    assert.equal(await size(), 1);
    await stack.up(sized(2));
    assert.equal(await size(), 2);
  });
});
