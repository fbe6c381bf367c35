import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startHttpServer } from "../support/registry/httpServer";
import { copyProject, type ProjectCopy } from "../support/engine/projectCopy";
import { stopAtEnd } from "../support/runner/stopAtEnd";

const key = (name: string): string[] => ["config", `kubernetes-private-registry:${name}`];

describe("hostile words, by the CLI with colours", () => {
  const stopping = stopAtEnd();
  let project: ProjectCopy;

  before(() => {
    project = copyProject();
  });

  beforeEach(() => {
    project.restoreStacks();
  });

  after(() => {
    project.remove();
  });

  // eslint-disable-next-line no-control-regex -- the escape sequences of terminals begin with one
  const ownColours = /\u001b\[[\d;]*m/g;

  /** Without the colours that the CLI itself writes. */
  const withoutItsColours = (output: string): string => output.replace(ownColours, "");

  function assertReadable(output: string): void {
    assert.doesNotMatch(output, /panic:|goroutine/);
    assert.doesNotMatch(withoutItsColours(output), /[^\P{C}\n]/u);
  }

  it("of the config are an error, and the stack is not left locked", async () => {
    for (const command of [
      ["preview", "--diff"],
      ["up", "--yes", "--skip-preview"],
    ]) {
      project.editStack((stack) => {
        stack.setIn(key("workloads"), { web: { image: "registry.example.com/<{%x%}>\u001b[2J:v1" } });
        stack.setIn(key("namespace"), "x%}>");
      });
      const { code, output } = await project.pulumi(...command, "--color", "always");
      assert.notEqual(code, 0);
      assertReadable(output);
      assert.ok(
        output.includes(
          String.raw`"registry.example.com/<{\u0025x\u0025}>\u001b[2J:v1" is not an image reference`,
        ),
        output,
      );
      assert.ok(output.includes(String.raw`"x\u0025}>" is not a DNS-1123 label`), output);
      assert.equal(
        existsSync(join(project.folder, ".pulumi-local/.pulumi/locks/kubernetes-private-registry")),
        false,
      );
    }
  });

  it("of a registry are a warning", async () => {
    const registry = stopping(
      await startHttpServer((_, response) => {
        const message = "slow down <{%x%}> %}>\u001b[2J\u202eplease";
        response.writeHead(429).end(JSON.stringify({ errors: [{ message }] }));
      }),
    );
    project.editStack((stack) => {
      stack.setIn([...key("registries"), 0, "server"], `http://${registry.host}`);
      stack.deleteIn([...key("registries"), 1]);
      stack.setIn(key("workloads"), { web: { image: `${registry.host}/web:v1` } });
      stack.setIn(key("verify"), "warn");
    });
    const { code, output } = await project.pulumi("preview", "--color", "always");
    assert.equal(code, 0, output);
    assertReadable(output);
    assert.ok(
      output.includes(String.raw`It says: "slow down <{\u0025x\u0025}> \u0025}> [2J please"`),
      output,
    );
  });
});
