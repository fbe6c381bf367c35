import assert from "node:assert/strict";
import { note } from "../support/runner/notes";
import { steps } from "../support/engine/engine";
import type { RegistryLogin } from "../../components";
import { underLoad } from "./support/load";
import { useScene } from "./support/scene";
import { Web } from "./support/web";

const rotations = 10;
const pulled = { pulled: true };

describe("a password that is rotated 10 times, at 200 requests a second", () => {
  const scene = useScene("rotation");
  let web: Web;
  let uid: string;

  beforeEach(async () => {
    web = await Web.make(scene);
  });

  /** Brings the workload up, and does the work under load; the Deployment stays the same one. */
  async function measure(rotation: "versioned" | "inPlace", work: () => Promise<void>): Promise<string> {
    await web.configure(rotation, web.login);
    await web.up();
    uid = await web.uid();
    const measured = await underLoad(web, work);
    assert.equal(await web.uid(), uid);
    return measured;
  }

  /** Nothing but the present password pulls, and nothing of the former ones is left. */
  async function assertRotated(former: RegistryLogin): Promise<void> {
    assert.deepEqual(await web.secrets(), [await web.secretName()]);
    assert.deepEqual(await web.pullAnew(), pulled);
    assert.match(JSON.stringify(await web.pullWith(former)), /"pulled":false.*401 Unauthorized/);
  }

  it("versioned: loses no request and no ready replica", async function () {
    let [former, login] = [web.login, web.login];
    const measured = await measure("versioned", async () => {
      for (let count = 0; count < rotations; count++) {
        [former, login] = [login, web.newLogin()];
        await scene.registry.setPassword(login);
        await web.configure("versioned", login);
        await web.up();
      }
    });
    await assertRotated(former);
    note(this, measured);
  });

  it("inPlace: restarts no pod, and a pod that is made after each up pulls", async function () {
    let [former, login] = [web.login, web.login];
    const measured = await measure("inPlace", async () => {
      for (let count = 0; count < rotations; count++) {
        [former, login] = [login, web.newLogin()];
        await scene.registry.setPassword(login);
        await web.configure("inPlace", login);
        const happened = steps(await web.up()).filter((step) => step.includes(" kubernetes:"));
        assert.deepEqual(happened, ["update kubernetes:core/v1:Secret apps"]);
        assert.deepEqual(await web.pullAnew(), pulled);
      }
    });
    await assertRotated(former);
    note(this, measured);
  });

  it("loses no pod either when the way changes from versioned to inPlace and back", async function () {
    const measured = await measure("versioned", async () => {
      for (const rotation of ["inPlace", "versioned"] as const) {
        await web.configure(rotation, web.login);
        await web.up();
      }
    });
    assert.deepEqual(await web.secrets(), [await web.secretName()]);
    note(this, measured);
  });
});
