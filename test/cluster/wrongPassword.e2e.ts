import assert from "node:assert/strict";
import { Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { PrivateDeployment, PrivateWorkloads, type RegistryCredentialArgs } from "../../components";
import { type EngineRun, failureOf, messages, steps } from "../support/engine/engine";
import { note } from "../support/runner/notes";
import { underLoad } from "./support/load";
import { loginConfig, newPassword } from "./support/registry";
import { useScene } from "./support/scene";
import { Web } from "./support/web";

const timeout = 20;
const customTimeouts = { create: `${timeout}s`, update: `${timeout}s` };

describe("a wrong new password", () => {
  const scene = useScene("wrong");

  it("fails up in the set time with the registry's words, while the old pods serve on; the right one heals", async function () {
    const web = await Web.make(scene);
    await web.configure("versioned", web.login);
    await web.up(customTimeouts);
    const [uid, good] = [await web.uid(), await web.secretName()];
    const login = web.newLogin();
    await scene.registry.setPassword(login);
    const measured = await underLoad(web, async () => {
      for (const attempt of [1, 2]) {
        await web.configure("versioned", web.newLogin());
        const begin = Date.now();
        const failed = await failureOf(web.up(customTimeouts));
        const seconds = (Date.now() - begin) / 1000;
        note(
          this,
          `up ${attempt} with a wrong password failed after ${seconds.toFixed(1)} s, of ${timeout} s for the rollout`,
        );
        const errors = messages(failed, "error").join("\n");
        assert.match(errors, /\[(ErrImagePull|ImagePullBackOff)\].*401 Unauthorized/);
        assert.ok(seconds >= timeout && seconds < timeout + 20, `${seconds} s`);
        assert.ok((await web.secrets()).includes(good), "the old Secret is gone");
      }
      await web.configure("versioned", login);
      await web.up(customTimeouts);
    });
    assert.equal(await web.uid(), uid);
    assert.deepEqual(await web.secrets(), [await web.secretName()]);
    assert.deepEqual(await web.pullAnew(), { pulled: true });
    note(this, measured);
  });

  it("is explained at each Deployment that failed, by the next up of the same process too, and not tried again", async () => {
    const { registry, stack } = scene;
    const [namespace, login, image] = await Promise.all([
      scene.namespace(),
      scene.user(registry),
      registry.push("wrong/app"),
    ]);
    await stack.setConfig(loginConfig("registries", [{ ...login, password: newPassword() }]));
    const program: PulumiFn = () => {
      const { reference } = new PrivateWorkloads(
        "apps",
        {
          registries: new Config().requireSecretObject<RegistryCredentialArgs[]>("registries"),
          namespace,
          deployments: { web: { image } },
        },
        { customTimeouts },
      );
      new PrivateDeployment("single", { namespace, image, pullSecrets: [reference] }, { customTimeouts });
      return Promise.resolve();
    };
    for (const step of ["create", "update"]) {
      const run = await failureOf(stack.up(program));
      assert.deepEqual(explained(run), ["apps-web", "single"]);
      assert.match(messages(run, "error").join("\n"), /\(401\)\. .*`verify: enforce`/);
      assert.deepEqual(
        steps(run)
          .filter((tried) => tried.includes("apps/v1:Deployment "))
          .toSorted(),
        ["apps-web", "single"].map((name) => `${step} kubernetes:apps/v1:Deployment ${name}`),
      );
    }
  });
});

/** The resources beside which an error says that the registry did not take a login, once for each such error. */
function explained(run: EngineRun): (string | undefined)[] {
  return run.events
    .map(({ diagnosticEvent }) => diagnosticEvent)
    .filter((diagnostic) => diagnostic?.severity === "error")
    .filter((diagnostic) => diagnostic?.message.includes("The registry did not accept a login"))
    .map((diagnostic) => diagnostic?.urn?.split("::").pop())
    .toSorted();
}
