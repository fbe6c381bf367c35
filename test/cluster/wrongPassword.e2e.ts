import assert from "node:assert/strict";
import { failureOf, messages } from "../support/engine";
import { note } from "../support/notes";
import { underLoad } from "./support/load";
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
});
