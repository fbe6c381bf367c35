import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { batch } from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { expectPullable } from "../../testing";
import { root, snippetsIn, type Snippet } from "../support/docs/documents";
import { run } from "../support/docs/typescriptSnippets";

const snippets = snippetsIn("docs/testing.md");
const [app, test] = snippets.filter(({ language }) => language === "ts") as [Snippet, Snippet];
const [shown] = snippets.filter(({ language }) => language === "text");
const inOneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

describe("docs/testing.md", () => {
  run(test, { "./app": run(app) });

  after("its one test has passed", function () {
    const [suite, ...others] = this.test?.parent?.suites ?? [];
    assert.deepEqual(
      [suite?.title, suite?.tests.map(({ state }) => state), others],
      ["the app", ["passed"], []],
    );
  });

  it("shows the program of the template", () => {
    assert.equal(app.text, readFileSync(join(root, "template/app.ts"), "utf8"));
  });

  it("shows what is said of an image without a login", async () => {
    const resources: pulumi.runtime.MockResourceArgs[] = [];
    const expected = inOneLine(shown?.text ?? "");
    await pulumi.runtime.setMocks({
      newResource: (args) => {
        resources.push(args);
        return { id: args.name, state: args.inputs as object };
      },
      call: (args) => args.inputs as object,
    });
    pulumi.runtime.setAllConfig({
      "registry:server": "www.3rdregistry.com",
      "registry:username": "janedoe",
      "registry:password": "any",
      "app:image": "www.3rdregistry.com/janedoe/awesomeapp:v1",
    });
    (run(app) as { deployApp: () => void }).deployApp();
    const spec = {
      restartPolicy: "Never",
      containers: [{ name: "report", image: "www.3rdregistery.com/janedoe/report:v2" }],
    };
    new batch.v1.CronJob("report", {
      spec: { schedule: "0 4 * * *", jobTemplate: { spec: { template: { spec } } } },
    });
    await assert.rejects(expectPullable(resources), (error: Error) => inOneLine(error.message) === expected);
  });
});
