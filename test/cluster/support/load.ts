import assert from "node:assert/strict";
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { types } from "@pulumi/kubernetes";
import { get } from "./commands";
import type { LoadReport } from "./loadClient";
import { isReady, watchPods } from "./pods";

const perSecond = 200;

/** By how many seconds the client may be late, on a busy machine. */
const patience = 1;

/** Something that pods of a Deployment answer for, behind a Service of its name. */
export interface Served {
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
  /** How many there are after the work, where it scales them; else as many as before. */
  readonly replicasAfter?: number;
  /** How many are ready at any moment, where the work ends some; else all of them. */
  readonly fewestReady?: number;
}

/**
 * Does some work while a client sends 200 requests a second to the Service, until the pods that the work has replaced
 * are gone, and says what was measured. Fails if a request did, or if at any moment fewer replicas were ready than
 * told.
 */
export async function underLoad(
  { namespace, name, replicas, replicasAfter = replicas, fewestReady = replicas }: Served,
  work: () => Promise<void>,
): Promise<string> {
  const watch = watchPods(namespace, `app.kubernetes.io/name=${name}`);
  try {
    await watch.until("ready replicas", (pods) => pods.filter(isReady).length === replicas);
    let fewest = Infinity;
    watch.onChange((pods) => {
      fewest = Math.min(fewest, pods.filter(isReady).length);
    });
    const report = await loaded(namespace, name, async () => {
      await work();
      await watch.until(
        "the end of the replaced pods",
        (pods) => pods.length === replicasAfter && pods.every(isReady),
      );
    });
    assert.deepEqual(
      report.failures.slice(0, 10),
      [],
      `${report.failures.length} of ${report.requests} requests failed`,
    );
    assert.ok(fewest >= fewestReady, `only ${fewest} of ${replicas} replicas were ready`);
    const ready = fewest === Infinity ? replicas : fewest;
    return `${report.requests} requests, 0 failed, slowest ${report.slowestMs} ms, ${report.pods.length} pods answered, never fewer than ${ready} of ${replicas} ready`;
  } finally {
    watch.stop();
  }
}

async function loaded(namespace: string, name: string, work: () => Promise<void>): Promise<LoadReport> {
  const { url, close } = await reach(namespace, name);
  const client = fork(join(__dirname, "loadClient.ts"), [url, String(perSecond)]);
  try {
    await once(client, "message");
    const begin = performance.now();
    await work();
    const due = ((performance.now() - begin) / 1000 - patience) * perSecond;
    const reported = once(client, "message") as Promise<[LoadReport]>;
    client.send("stop");
    const [report] = await reported;
    assert.ok(
      report.requests >= due,
      `only ${report.requests} requests were sent, where ${Math.ceil(due)} were due`,
    );
    return report;
  } finally {
    client.kill();
    close();
  }
}

/** Where this machine reaches a Service: at its address, or else through the API server. */
async function reach(namespace: string, name: string): Promise<{ url: string; close: () => void }> {
  const { spec } = await get<types.output.core.v1.Service>(namespace, `service/${name}`);
  const port = spec.ports[0]?.port ?? 80;
  if (process.env["POD_NETWORK_REACHABLE"] === "1") {
    return { url: `http://${spec.clusterIP}:${port}/`, close: () => undefined };
  }
  const proxy: ChildProcess = spawn("kubectl", ["proxy", "--port=0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  assert.ok(proxy.stdout);
  const [line] = (await once(createInterface({ input: proxy.stdout }), "line")) as [string];
  const address = line.replace(/^Starting to serve on /, "");
  return {
    url: `http://${address}/api/v1/namespaces/${namespace}/services/${name}:${port}/proxy/`,
    close: () => proxy.kill(),
  };
}
