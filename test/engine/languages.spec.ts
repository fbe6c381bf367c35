import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type Consumer, createConsumer } from "../support/languages/consumer";
import { edit, initExample, testExampleRun } from "../support/languages/exampleRun";
import { requireTools } from "../support/runner/tools";

const examples = resolve(__dirname, "../../examples");

/** The folder of each example, its program, and what runs it. */
const languages = [
  { folder: "yaml", program: "Pulumi.yaml", tools: {} },
  {
    folder: "java",
    program: "src/main/java/myproject/App.java",
    tools: { javac: "default-jdk-headless", mvn: "maven" },
  },
];

for (const { folder, program, tools } of languages) {
  describe(`the example in ${folder}, run by its language host`, () => {
    let consumer: Consumer;

    before(function () {
      requireTools(this, `the example in ${folder}`, tools);
      // The hosts may have to be built.
      this.timeout(900_000);
      consumer = createConsumer({ folder: join(examples, folder) }, { languageHosts: true });
      initExample(consumer);
    });

    after(() => {
      consumer.remove();
    });

    it("gets the package by `pulumi package add`, which writes what the example has", () => {
      const project = join(consumer.directory, "Pulumi.yaml");
      const committed = readFileSync(project, "utf8").replace("../..", "../package");
      edit(consumer, "Pulumi.yaml", "packages:\n  kubernetes-private-registry: ../..\n", "");
      consumer.pulumi("package", "add", "../package");
      assert.deepEqual(parse(readFileSync(project, "utf8")), parse(committed));
    });

    testExampleRun(program, () => consumer);
  });
}
