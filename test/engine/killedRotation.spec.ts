import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { createEngineStack, type EngineStack, stateResources, steps } from "../support/engine/engine";
import { namespaceCount, rotatedProgram } from "../support/engine/rotatedStack";

const points = 20;

/** Checkpoints that the engine writes in a rotation, at least: one as each step begins, one as it ends. */
const checkpoints = 2 * (3 + 3 * namespaceCount);

describe(`a rotation of ${namespaceCount} namespaces and Deployments that is killed`, () => {
  let stack: EngineStack;
  let backup: string;

  before(async () => {
    stack = await createEngineStack();
    await stack.setConfig({
      "registries[0].server": "registry.example.com",
      "registries[0].username": "puller",
      "registries[0].password": { secret: "the first password" },
    });
    await stack.up(rotatedProgram(stack.directory));
    await stack.setConfig({ "registries[0].password": { secret: "the second password" } });
    backup = mkdtempSync(join(tmpdir(), "killed-rotation-"));
    cpSync(stack.directory, backup, { recursive: true });
  });

  after(() => {
    stack.remove();
    rmSync(backup, { recursive: true, force: true });
  });

  /** Brings the stack up in a process group of its own and kills all of it as the engine writes its nth checkpoint. */
  async function killAtCheckpoint(count: number): Promise<void> {
    const runner = resolve(__dirname, "../support/engine/rotatedStack.ts");
    const child = spawn(process.execPath, ["--require=tsx/cjs", runner, stack.directory], {
      detached: true,
      stdio: "ignore",
    });
    const exited = once(child, "exit");
    const file = basename(stack.stateFile);
    let written = 0;
    const watcher = watch(dirname(stack.stateFile), (_, name) => {
      written += name === file ? 1 : 0;
      if (written >= count) {
        kill(child);
      }
    });
    await exited;
    watcher.close();
    killSession(child);
    removeCutAttributes();
    assert.equal(child.signalCode, "SIGKILL", `only ${written} of ${count} checkpoints were written`);
  }

  /** The backend writes the attributes of the state in place, and the state itself aside: docs/rotation.md, "A killed up". */
  function removeCutAttributes(): void {
    const attributes = `${stack.stateFile}.attrs`;
    if (existsSync(attributes) && readFileSync(attributes).length === 0) {
      rmSync(attributes);
    }
  }

  function kill({ pid, exitCode, signalCode }: ChildProcess): void {
    if (pid !== undefined && exitCode === null && signalCode === null) {
      process.kill(-pid, "SIGKILL");
    }
  }

  /**
   * Ends what the CLI has left behind: each plugin is in a process group of its own, and does not notice that the CLI is gone.
   *
   * @see proc_pid_stat(5)
   */
  function killSession(leader: ChildProcess): void {
    for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      try {
        const [, , , session] = readFileSync(`/proc/${pid}/stat`, "utf8")
          .replace(/^.*\) /s, "")
          .split(" ");
        if (Number(session) === leader.pid) {
          process.kill(Number(pid), "SIGKILL");
        }
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  function rendered(kind: string): Record<string, unknown>[] {
    const folder = join(stack.directory, "manifests/1-manifest");
    return readdirSync(folder)
      .map((file) => parse(readFileSync(join(folder, file), "utf8")) as Record<string, unknown>)
      .filter((manifest) => manifest["kind"] === kind);
  }

  for (let point = 1; point <= points; point++) {
    const count = Math.ceil((point * checkpoints) / (points + 1));
    it(`at checkpoint ${count} converges with the next up: no Secret left behind, no Deployment replaced`, async () => {
      rmSync(stack.directory, { recursive: true });
      cpSync(backup, stack.directory, { recursive: true });
      await killAtCheckpoint(count);
      await stack.cancel();
      const run = await stack.up(rotatedProgram(stack.directory));

      const resources = stateResources(stack);
      const name = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs?.["secretName"];
      const secrets = rendered("Secret").map(({ metadata }) => (metadata as { name: string }).name);
      assert.deepEqual(
        secrets,
        Array.from({ length: namespaceCount }, () => name),
      );
      for (const { spec } of rendered("Deployment")) {
        const { template } = spec as { template: { spec: { imagePullSecrets: unknown } } };
        assert.deepEqual(template.spec.imagePullSecrets, [{ name }]);
      }
      assert.equal(rendered("Deployment").length, namespaceCount);
      assert.deepEqual(
        steps(run).filter((step) => /Deployment/.test(step) && !step.startsWith("update ")),
        [],
      );
      assert.equal(
        resources.filter(({ type }) => type === "kubernetes:core/v1:Secret").length,
        namespaceCount,
      );
    });
  }
});
