import assert from "node:assert/strict";
import { note } from "../support/runner/notes";
import { underLoad } from "./support/load";
import { loginConfig } from "./support/registry";
import { useScene } from "./support/scene";
import { Web } from "./support/web";

const rotations = 10;
const pulled = { pulled: true };

describe("the overlap of two passwords, at a registry that knows one at a time", () => {
  const scene = useScene("overlap");
  let web: Web;

  beforeEach(async () => {
    web = await Web.make(scene);
    await web.configure("versioned", web.login);
    await web.up();
  });

  /** The whole flow, from one login to the other; looks at each step. */
  async function rotate(
    from: typeof web.login,
    to: typeof web.login,
    look: (step: string) => Promise<void>,
  ): Promise<void> {
    await scene.stack.setConfig({
      ...loginConfig("registries", [to]),
      ...loginConfig("previousRegistries", [from]),
    });
    await web.up();
    await look("the new password is in the cluster");
    await scene.registry.setPassword(to);
    await look("it is at the registry, too");
    await scene.stack.removeConfig("previousRegistries");
    await web.up();
    await look("the former one is nowhere");
  }

  it("lets a pod that is made at any step of it pull", async () => {
    const steps: [string, number][] = [];
    const look = async (step: string): Promise<void> => {
      assert.deepEqual(await web.pullAnew(), pulled, step);
      steps.push([step, (await web.secrets()).length]);
    };
    await look("before");
    await rotate(web.login, web.newLogin(), look);
    assert.deepEqual(steps, [
      ["before", 1],
      ["the new password is in the cluster", 2],
      ["it is at the registry, too", 2],
      ["the former one is nowhere", 1],
    ]);
    assert.match(JSON.stringify(await web.pullWith(web.login)), /"pulled":false.*401 Unauthorized/);
  });

  it("loses no request and no ready replica in 10 rotations at 200 requests a second", async function () {
    const uid = await web.uid();
    let [former, login] = [web.login, web.login];
    const measured = await underLoad(web, async () => {
      for (let count = 0; count < rotations; count++) {
        [former, login] = [login, web.newLogin()];
        await rotate(former, login, () => Promise.resolve());
      }
    });
    assert.equal(await web.uid(), uid);
    assert.deepEqual(await web.secrets(), [await web.secretName()]);
    assert.deepEqual(await web.pullAnew(), pulled);
    assert.match(JSON.stringify(await web.pullWith(former)), /"pulled":false.*401 Unauthorized/);
    note(this, measured);
  });
});
