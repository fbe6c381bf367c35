import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inOneLine } from "../components/lib/problems";
import { type Api, openApi } from "./api";
import { AuditError } from "./auditError";
import { refusal } from "./refusals";

/** What is kept of the words of a kubectl that fails to start. */
const mostWords = 2000;

/**
 * Runs `work` with the cluster of a kubeconfig's context, reached by kubectl with its own ways to log in. The socket is in a
 * folder that no other user may enter, and kubectl lets nothing through that could change the cluster.
 *
 * @param context the current one if not given
 * @throws AuditError if kubectl or the cluster can't be used at all
 */
export async function withCluster<T>(
  context: string | undefined,
  work: (api: Api) => Promise<T>,
): Promise<T> {
  if (process.platform === "win32") {
    throw new AuditError("Node.js can't use the sockets of kubectl on Windows: run the audit in WSL.");
  }
  const folder = mkdtempSync(join(tmpdir(), "kpr-audit-"));
  const socket = join(folder, "api");
  const child = spawn(
    "kubectl",
    [
      "proxy",
      `--unix-socket=${socket}`,
      "--reject-methods=^(POST|PUT|PATCH|DELETE|CONNECT)$",
      ...(context === undefined ? [] : [`--context=${context}`]),
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const stop = (): void => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once("exit", stop);
  const api = openApi(socket);
  try {
    await started(child);
    await requireCluster(api);
    return await work(api);
  } finally {
    api.close();
    process.off("exit", stop);
    stop();
  }
}

/** Waits until kubectl says that it serves. */
async function started(child: ChildProcess): Promise<void> {
  let said = "";
  let complained = "";
  await new Promise<void>((resolve, reject) => {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(0, mostWords);
      if (said.includes("Starting to serve")) {
        resolve();
      }
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      complained = (complained + text).slice(0, mostWords);
    });
    child.on("error", ({ code }: NodeJS.ErrnoException) => {
      reject(
        new AuditError(
          code === "ENOENT"
            ? "kubectl is not on PATH: install it, with the plugin that your cluster's login needs."
            : `kubectl can't be run (${code ?? "no reason given"}).`,
        ),
      );
    });
    child.on("close", () => {
      const words = complained.trim().replace(/^error: /, "");
      reject(new AuditError(`kubectl can't use the cluster. It says: "${inOneLine(words)}".`));
    });
  });
}

/** Fails at once, with one error, for what would fail every list. */
async function requireCluster({ ask }: Api): Promise<void> {
  const answer = await ask("/version");
  if (answer.status !== 200 && answer.status !== 403) {
    throw new AuditError(
      answer.status === 404
        ? "what answers is not a Kubernetes API server (404 for /version): check the server of the kubeconfig's context."
        : refusal(answer),
    );
  }
}
