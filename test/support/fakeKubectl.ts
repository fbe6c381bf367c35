import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A kubectl for the stand-in, of a cluster that takes every object and whose Deployments never get ready: the pods of
 * each have the status of one container.
 *
 * @returns the folder to put on PATH
 */
export function writeFakeKubectl(directory: string, state: { reason: string; message: string }): string {
  const bin = join(directory, "bin");
  mkdirSync(bin, { recursive: true });
  const pod = {
    kind: "Pod",
    metadata: { namespace: "shop", name: "web-5f6dc75848-sd5gp" },
    status: {
      conditions: [
        { type: "PodScheduled", status: "True" },
        { type: "Initialized", status: "True" },
        { type: "Ready", status: "False", message: "containers with unready status: [web]" },
      ],
      containerStatuses: [{ name: "web", ready: false, state: { waiting: state } }],
    },
  };
  writeFileSync(join(directory, "pods.json"), JSON.stringify({ items: [pod] }));
  const script = [
    "#!/bin/sh",
    'case "$*" in',
    `  "get pods"*) cat ${JSON.stringify(join(directory, "pods.json"))} ;;`,
    "  apply*) cat ;;",
    '  "config view"*) printf shop ;;',
    "esac",
  ].join("\n");
  writeFileSync(join(bin, "kubectl"), script, { mode: 0o755 });
  return bin;
}
