import assert from "node:assert/strict";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { isDebugMessage } from "../support/engine/engine";
import { type HostileLogin, secretsOf, withHostileLogins } from "../support/secrets/hostileLogins";
import { leaksIn, leaksInFiles } from "../support/secrets/leaks";
import { copyProject, type ProjectCopy } from "../support/engine/projectCopy";

describe("no trace of a credential, of the program by the CLI", () => {
  let project: ProjectCopy;

  before(() => {
    project = copyProject();
  });

  after(() => {
    project.remove();
  });

  it("made with --json and rotated with --diff", () =>
    withHostileLogins(2, async (first = [], second = []) => {
      const secrets = secretsOf({ first, second });
      const run = async (...args: string[]): Promise<void> => {
        const { code, output } = await project.pulumi(...args);
        assert.equal(code, 0, output);
        assert.deepEqual(leaksIn(withoutDebugMessages(output), secrets), [], args.join(" "));
      };
      await setLogins(first);
      await run("preview", "--json");
      await run("up", "--yes", "--json", "--skip-preview");
      await setLogins(second);
      await run("preview", "--diff");
      await run("up", "--yes", "--diff", "--skip-preview");
      for (const folder of ["stacks", ".pulumi-local", "manifests"]) {
        assert.deepEqual(leaksInFiles(join(project.folder, folder), secrets), []);
      }
    }));

  async function setLogins(logins: HostileLogin[]): Promise<void> {
    project.editStack((stack) => {
      const image = `${logins[0]?.server ?? ""}/web:v1`;
      stack.setIn(
        ["config", key("registries")],
        logins.map(({ server }) => ({ server })),
      );
      stack.setIn(["config", key("workloads")], { web: { image } });
    });
    const values = logins.flatMap(({ username, password, email }, index) =>
      Object.entries({ username, password, email }).flatMap(([member, secret]) => [
        "--secret",
        `registries[${index}].${member}=${secret}`,
      ]),
    );
    const { code, output } = await project.pulumi("config", "set-all", "--path", ...values);
    assert.equal(code, 0, output);
  }
});

function key(name: string): string {
  return `kubernetes-private-registry:${name}`;
}

/** Lines of output but the engine's events that hold the SDK's debug messages. */
function withoutDebugMessages(output: string): string {
  return output
    .split("\n")
    .filter((line) => !(line.startsWith('{"sequence":') && isDebugMessage(JSON.parse(line) as EngineEvent)))
    .join("\n");
}
