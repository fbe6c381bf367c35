import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Verification } from "../../components";
import { failureOf, messages } from "../support/engine";
import { note } from "../support/notes";
import { kubectl, setting } from "./support/commands";
import { useScene } from "./support/scene";
import { Web } from "./support/web";

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
