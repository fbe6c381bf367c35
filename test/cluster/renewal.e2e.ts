import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { secret } from "@pulumi/pulumi";
import { ImagePullSecret, Rotation } from "../../components";
import { steps } from "../support/engine/engine";
import { note } from "../support/runner/notes";
import { create, get } from "./support/commands";
import { isReady, type Pod, type PodWatch, type PullOutcome, pullOutcomes, watchPods } from "./support/pods";
import { useScene } from "./support/scene";
import { startTokenServer, type TokenServer } from "./support/tokenServer";
import { pull } from "./support/workload";

const renewals = 10;
const lifetimeSeconds = 30;
/** A third of the lifetime: on a busy machine an `up`, and a pull after kubelet has read the Secret, may take long. */
const renewalSeconds = lifetimeSeconds / 3;
const podSeconds = 3;

describe("a login that lives for 30 seconds, and a stack that renews it", () => {
  const scene = useScene("renewal");
  let tokens: TokenServer;
  let namespaces: [string, string];
  let watches: PodWatch[];
  /** What became of the first attempt to pull of each pod, by name. */
  let firstAttempts: Map<string, PullOutcome>;

  beforeEach(async () => {
    tokens = await startTokenServer(scene, lifetimeSeconds);
    namespaces = [await scene.namespace(), await scene.namespace()];
    await scene.stack.setConfig({ "kubernetes:enableSecretMutable": "true" });
    firstAttempts = new Map();
    watches = namespaces.map((namespace) => watchPods(namespace));
    for (const watch of watches) {
      watch.onChange((pods) => {
        for (const pod of pods) {
          const { name } = pod.metadata;
          firstAttempts.set(name, firstAttempts.get(name) ?? pullOutcomes(pod)["app"]);
        }
      });
    }
  });

  afterEach(async () => {
    watches.forEach((watch) => {
      watch.stop();
    });
    await tokens.stop();
  });

  /** Brings the program of examples/renewal up, whose cloud is the token server, and returns the steps of the cluster. */
  async function renew(): Promise<string[]> {
    const [web, jobs] = namespaces;
    const run = await scene.stack.up(() => {
      new ImagePullSecret("registry-login", {
        registries: [secret(tokens.ask())],
        namespaces: { web, jobs },
        rotation: Rotation.InPlace,
      });
      return Promise.resolve();
    });
    return steps(run).filter((step) => step.includes(" kubernetes:"));
  }

  /** Until `work` has ended, makes a pod each three seconds, in each namespace in turn, and returns their names. */
  async function makePodsDuring(work: Promise<void>, spec: object): Promise<string[]> {
    const over = new AbortController();
    const ended = work.finally(() => {
      over.abort();
    });
    const next = ticks(podSeconds);
    const names: string[] = [];
    while (!over.signal.aborted) {
      names.push(await makePod(namespaces[names.length % 2] as string, { generateName: "new-" }, spec));
      await next();
    }
    await ended;
    return names;
  }

  it("lets each new pod pull over 10 renewals, and restarts none that runs", async function () {
    const container = {
      name: "app",
      image: await scene.registry.push("renewal/app"),
      imagePullPolicy: "Always",
    };
    const imagePullSecrets = [{ name: "registry-login" }];
    await renew();
    for (const namespace of namespaces) {
      await makePod(namespace, { name: "running" }, { imagePullSecrets, containers: [container] });
    }
    await Promise.all(watches.map((watch) => watch.until("the running pod", (pods) => pods.some(isReady))));
    const running = await Promise.all(namespaces.map(containerOfRunning));

    let slowest = 0;
    const renewAll = async (): Promise<void> => {
      const next = ticks(renewalSeconds);
      for (let count = 0; count < renewals; count++) {
        await next();
        const begin = performance.now();
        assert.deepEqual((await renew()).toSorted(), [
          "update kubernetes:core/v1:Secret registry-login-jobs",
          "update kubernetes:core/v1:Secret registry-login-web",
        ]);
        slowest = Math.max(slowest, performance.now() - begin);
      }
    };
    const shortLived = {
      imagePullSecrets,
      restartPolicy: "Never",
      containers: [{ ...container, args: ["exit"] }],
    };
    const names = await makePodsDuring(renewAll(), shortLived);
    const isTold = ({ metadata }: Pod): boolean => firstAttempts.get(metadata.name) !== undefined;
    await Promise.all(watches.map((watch) => watch.until("all pulls", (pods) => pods.every(isTold))));
    const failed = names.map((name) => firstAttempts.get(name)).filter((outcome) => outcome?.pulled !== true);
    assert.deepEqual(failed, []);
    assert.ok(names.length >= renewals, `only ${names.length} new pods`);
    assert.deepEqual(await Promise.all(namespaces.map(containerOfRunning)), running);
    note(this, `${names.length} new pods pulled, the slowest up took ${Math.round(slowest / 1000)} s`);

    await tokens.allExpired();
    const outcome = await pull(namespaces[0], shortLived);
    assert.match(JSON.stringify(outcome), /"pulled":false.*401 Unauthorized/);
    assert.deepEqual(await Promise.all(namespaces.map(containerOfRunning)), running);
  });
});

/** A function that waits for the next of steady ticks, and not at all for one that has passed. */
function ticks(seconds: number): () => Promise<void> {
  let due = performance.now();
  return async () => {
    due += seconds * 1000;
    await sleep(Math.max(0, due - performance.now()));
  };
}

async function makePod(namespace: string, metadata: object, spec: object): Promise<string> {
  const pod = await create<Pod>(namespace, { apiVersion: "v1", kind: "Pod", metadata, spec });
  return pod.metadata.name;
}

/** Changes when the pod of the name `running` is made anew, or its container restarted. */
async function containerOfRunning(namespace: string): Promise<unknown> {
  const { metadata, status } = await get<Pod>(namespace, "pod/running");
  return [
    metadata.uid,
    status.containerStatuses?.map(({ containerID, restartCount }) => [containerID, restartCount]),
  ];
}
