import assert from "node:assert/strict";
import { copyProject, type ProjectCopy } from "../support/engine/projectCopy";
import { kubectl } from "./support/commands";
import { newPassword } from "./support/registry";
import { useScene } from "./support/scene";
import { settingsOf } from "../support/config/stackFile";
import { pullAnew, pullWith } from "./support/workload";

/** The first password in the stack file, encrypted there. */
const password = "example-password-1";
const pulled = { pulled: true };

describe("the program, by make, with a cluster", () => {
  const scene = useScene("program");
  let project: ProjectCopy;

  before(() => {
    project = copyProject("cluster");
  });

  after(() => {
    project.remove();
  });

  async function make(...args: [target: string, ...variables: string[]]): Promise<void> {
    const { code, output } = await project.make(args);
    assert.equal(code, 0, output);
  }

  it("brings a stack file up, rotates its password, and destroys all of it", async () => {
    const { registry } = scene;
    const login = { ...(await scene.user(registry)), password };
    await registry.setPassword(login);
    const [namespace, image] = [await scene.namespace(), await registry.push("program/awesomeapp")];
    project.editStack((stack) => {
      const set = settingsOf(stack);
      set(["registries", 0, "server"], login.server);
      set(["registries", 0, "username"], login.username);
      set(["registries", 1], undefined);
      set(["renderTo"], undefined);
      set(["createNamespace"], undefined);
      set(["namespace"], namespace);
      set(["workloads"], { awesomeapp: { image, replicas: 2, port: 8080, imagePullPolicy: "Always" } });
    });

    await make("up");
    assert.deepEqual(await pullAnew(namespace, "awesomeapp"), pulled);

    const changed = { ...login, password: newPassword() };
    const { code, output } = await project.make(
      ["rotate", `SERVER=${login.server}`],
      `${changed.password}\n`,
    );
    assert.equal(code, 0, output);
    assert.deepEqual(await pullAnew(namespace, "awesomeapp"), pulled, "before it is changed at the registry");
    await registry.setPassword(changed);
    assert.deepEqual(await pullAnew(namespace, "awesomeapp"), pulled, "after it is changed there");

    await make("rotate-finish");
    assert.deepEqual(await pullAnew(namespace, "awesomeapp"), pulled, "after the rotation");
    const refused = await pullWith(namespace, image, login);
    assert.match(JSON.stringify(refused), /"pulled":false.*401 Unauthorized/);

    await make("destroy");
    const left = await kubectl("get", "secrets,deployments", `--namespace=${namespace}`, "--output=name");
    assert.equal(left, "");
  });
});
