import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { types } from "@pulumi/kubernetes";

/** A pod as kubectl shows it. */
export type Pod = Pick<types.output.core.v1.Pod, "metadata" | "spec"> & {
  status: Partial<types.output.core.v1.PodStatus>;
};

/** All pods of a namespace that a selector selects, as they change. */
export interface PodWatch {
  /** Calls back with all pods at each change of one. */
  onChange(listener: (pods: Pod[]) => void): void;
  /** The pods, as soon as they are as told. */
  until(what: string, isSo: (pods: Pod[]) => boolean, seconds?: number): Promise<Pod[]>;
  stop(): void;
}

interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED";
  object: Pod;
}

/** Watches pods: the API server sends every version of each, so that none is missed between two looks. */
export function watchPods(namespace: string, selector = ""): PodWatch {
  const output = ["--watch", "--output-watch-events", '--output=jsonpath={@}{"\\n"}'];
  const child = spawn("kubectl", [
    "get",
    "pods",
    `--namespace=${namespace}`,
    `--selector=${selector}`,
    ...output,
  ]);
  const pods = new Map<string, Pod>();
  const listeners = new Set<(pods: Pod[]) => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { type, object } = JSON.parse(line) as WatchEvent;
    if (type === "DELETED") {
      pods.delete(object.metadata.name);
    } else {
      pods.set(object.metadata.name, object);
    }
    for (const listener of listeners) {
      listener([...pods.values()]);
    }
  });
  const ended = failureOf(child);

  return {
    onChange: (listener) => listeners.add(listener),
    until: async (what, isSo, seconds = 60) => {
      let look: ((pods: Pod[]) => void) | undefined;
      let timer: NodeJS.Timeout | undefined;
      const seen = new Promise<Pod[]>((resolve, reject) => {
        look = (now) => {
          if (isSo(now)) {
            resolve(now);
          }
        };
        listeners.add(look);
        timer = setTimeout(() => {
          const last = [...pods.values()].map(describePod).join("\n");
          reject(new Error(`waited ${seconds} s in vain for ${what} in ${namespace}; last seen:\n${last}`));
        }, seconds * 1000);
        look([...pods.values()]);
      });
      try {
        return await Promise.race([seen, ended]);
      } finally {
        clearTimeout(timer);
        if (look !== undefined) {
          listeners.delete(look);
        }
      }
    },
    stop: () => child.kill(),
  };
}

/** Whether a pod gets requests, and is not about to go. */
export function isReady({ metadata, status }: Pod): boolean {
  const isGoing = (metadata.deletionTimestamp as string | undefined) !== undefined;
  return (
    !isGoing && (status.conditions ?? []).some(({ type, status }) => type === "Ready" && status === "True")
  );
}

/** kubelet's own limit, of pulls a second: it tries again. */
const tooManyPulls = "pull QPS exceeded";

/** What became of the pull of a container's image, `undefined` as long as nothing did. */
export type PullOutcome = { pulled: true } | { pulled: false; reason: string } | undefined;

/** By container, what became of the pull of its image. */
export function pullOutcomes({ status }: Pod): Record<string, PullOutcome> {
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return Object.fromEntries(
    statuses.map(({ name, state }): [string, PullOutcome] => {
      const { running, terminated, waiting } = state as Partial<typeof state>;
      if (running !== undefined || terminated !== undefined) {
        return [name, { pulled: true }];
      }
      const { reason = "", message = "" } = (waiting ?? {}) as { reason?: string; message?: string };
      const isOver = /^(ErrImagePull|ImagePullBackOff)$/.test(reason) && !message.includes(tooManyPulls);
      return [name, isOver ? { pulled: false, reason: message } : undefined];
    }),
  );
}

function describePod(pod: Pod): string {
  const containers = Object.entries(pullOutcomes(pod)).map(
    ([name, outcome]) => `${name}: ${JSON.stringify(outcome)}`,
  );
  return `  ${pod.metadata.name} ${pod.status.phase ?? ""} ${containers.join(", ")}`;
}

function failureOf(child: ChildProcess): Promise<never> {
  let complaint = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  const failure = new Promise<never>((_, reject) => {
    child.on("error", reject).on("close", () => {
      reject(new Error(`the watch of pods has ended: ${complaint}`));
    });
  });
  failure.catch(() => undefined);
  return failure;
}
