import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Verification } from "../../components";
import { failureOf, messages } from "../support/engine/engine";
import { note } from "../support/runner/notes";
import { copyProject, type ProjectCopy } from "../support/engine/projectCopy";
import { kubectl, setting } from "./support/commands";
import { newPassword } from "./support/registry";
import { useScene } from "./support/scene";
import { settingsOf } from "../support/config/stackFile";
import { Web } from "./support/web";
import { pullAnew, pullWith } from "./support/workload";

describe("verify: enforce", () => {
  const scene = useScene("verify");

  it("refuses a wrong password at preview, and at up, with nothing changed in the cluster", async function () {
    const web = await Web.make(scene);
    const verified = web.program(undefined, { verify: Verification.Enforce });
    let started = 0;
    const program = () => {
      started = Date.now();
      return verified();
    };
    await scene.stack.setConfig({ "registries[0].caBundle": readFileSync(setting("REGISTRY_CA"), "utf8") });
    await web.configure("versioned", web.login);
    await scene.stack.up(program);

    await web.configure("versioned", web.newLogin());
    const before = await objects(web.namespace);
    for (const command of ["preview", "up"] as const) {
      const begin = Date.now();
      const failed = await failureOf(scene.stack[command](program));
      const [all, own] = [begin, started].map((since) => ((Date.now() - since) / 1000).toFixed(1));
      note(this, `${command} refused it after ${all} s, ${own} s after the program began`);
      assert.match(messages(failed, "error").join("\n"), /registries\[0\].*401/s);
    }
    assert.equal(await objects(web.namespace), before);
  });

  /** All objects; what has a status with its generation, which changes with any wish and with no status. */
  async function objects(namespace: string): Promise<string> {
    const list = (kinds: string, version: string): Promise<string> => {
      const row = `{.kind}/{.metadata.name} {.metadata.uid} {.metadata.${version}}{"\\n"}`;
      return kubectl(
        "get",
        kinds,
        `--namespace=${namespace}`,
        `--output=jsonpath={range .items[*]}${row}{end}`,
      );
    };
    return [
      await list("secrets,services", "resourceVersion"),
      await list("deployments,replicasets,pods", "generation"),
    ].join("");
  }
});

describe("make rotate under verify: enforce, at a registry that knows one password at a time", () => {
  const scene = useScene("verifyrotate");
  const pulled = { pulled: true };
  let project: ProjectCopy;

  before(() => {
    project = copyProject("cluster");
  });

  after(() => {
    project.remove();
  });

  it("begins before the password changes there, and ends only after it", async () => {
    const { registry } = scene;
    // The first password in the stack file, encrypted there.
    const login = { ...(await scene.user(registry)), password: "example-password-1" };
    await registry.setPassword(login);
    const [namespace, image] = [await scene.namespace(), await registry.push("verify/awesomeapp")];
    project.editStack((stack) => {
      const set = settingsOf(stack);
      set(["registries", 0, "server"], login.server);
      set(["registries", 0, "username"], login.username);
      set(["registries", 0, "caBundle"], readFileSync(setting("REGISTRY_CA"), "utf8"));
      set(["registries", 1], undefined);
      set(["renderTo"], undefined);
      set(["createNamespace"], undefined);
      set(["namespace"], namespace);
      set(["verify"], "enforce");
      set(["workloads"], { awesomeapp: { image, replicas: 2, port: 8080, imagePullPolicy: "Always" } });
    });
    const up = await project.make(["up"]);
    assert.equal(up.code, 0, up.output);

    const changed = { ...login, password: newPassword() };
    const begun = await project.make(["rotate", `SERVER=${login.server}`], `${changed.password}\n`);
    assert.equal(begun.code, 0, begun.output);
    assert.match(
      begun.output,
      /warning: registries\[0\]: .* \(401\)\..* Pulls go on with previousRegistries\[0\], which is accepted/,
    );
    assert.deepEqual(await pullAnew(namespace, "awesomeapp"), pulled, "before it is changed at the registry");

    const rotating = project.stackFile();
    const early = await project.make(["rotate-finish"]);
    assert.notEqual(early.code, 0);
    assert.match(early.output, /registries\[0\]: .* \(401\)/);
    assert.equal(project.stackFile(), rotating);

    await registry.setPassword(changed);
    assert.deepEqual(await pullAnew(namespace, "awesomeapp"), pulled, "after it is changed there");
    const finished = await project.make(["rotate-finish"]);
    assert.equal(finished.code, 0, finished.output);
    assert.doesNotMatch(finished.output, /\(401\)/);
    assert.deepEqual(await pullAnew(namespace, "awesomeapp"), pulled, "after the rotation");
    const refused = await pullWith(namespace, image, login);
    assert.match(JSON.stringify(refused), /"pulled":false.*401 Unauthorized/);

    const destroyed = await project.make(["destroy"]);
    assert.equal(destroyed.code, 0, destroyed.output);
  });
});
