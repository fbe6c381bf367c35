import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { type Consumer, createConsumer } from "../support/consumer";
import { requireTools } from "../support/tools";

const examples = resolve(__dirname, "../../examples");
const image = "www.3rdregistry.com/janedoe/awesomeapp:v1";

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
      requireTools(this, `${folder} examples`, tools);
      this.timeout(900_000);
      consumer = createConsumer({ folder: join(examples, folder) }, { languageHosts: true });
      consumer.pulumi("stack", "init", "test");
      consumer.pulumi("config", "set", "--secret", "registryPassword", "c4n4ry");
      consumer.pulumi("config", "set", "kubernetes:renderYamlToDirectory", "manifests");
    });

    after(() => {
      consumer.remove();
    });

    function edit(file: string, from: string, to: string): void {
      const path = join(consumer.directory, file);
      const text = readFileSync(path, "utf8");
      assert.ok(text.includes(from), `${file} lacks ${from}`);
      writeFileSync(path, text.replace(from, to));
    }

    function listed(): unknown {
      const [deployment, ...others] = consumer.manifests("Deployment");
      assert.deepEqual(others, []);
      return deployment?.spec?.template?.spec.imagePullSecrets;
    }

    function secretName(): string {
      return consumer.pulumi("stack", "output", "secretName").trim();
    }

    it("gets the package by `pulumi package add`, which writes what the example has", () => {
      const project = join(consumer.directory, "Pulumi.yaml");
      const committed = readFileSync(project, "utf8").replace("../..", "../package");
      edit("Pulumi.yaml", "packages:\n  kubernetes-private-registry: ../..\n", "");
      consumer.pulumi("package", "add", "../package");
      assert.deepEqual(parse(readFileSync(project, "utf8")), parse(committed));
    });

    it("refuses a wrong image at the first preview, where no Secret has a name yet", () => {
      edit(program, image, "quay.io/janedoe/awesomeapp:v1");
      assert.throws(
        () => consumer.pulumi("preview"),
        (error: { stdout: string }) =>
          error.stdout.includes('image: no server matches "quay.io/janedoe/awesomeapp:v1"'),
      );
      edit(program, "quay.io/janedoe/awesomeapp:v1", image);
    });

    it("previews with the image checked", () => {
      const preview = consumer.pulumi("preview");
      assert.match(preview, /\+ 6 to create/);
      assert.doesNotMatch(preview, /not checked/);
    });

    it("makes its Secret and a Deployment that lists it", () => {
      consumer.pulumi("up", "--yes", "--skip-preview");
      const outputs = JSON.parse(consumer.pulumi("stack", "output", "--json")) as Record<string, string>;
      const name = outputs["secretName"] ?? "";
      assert.match(name, /^registry-login-[0-9a-f]{8}$/);
      assert.equal(outputs["image"], image);
      assert.deepEqual(listed(), [{ name }]);
    });

    it("has nothing to do at a second up", () => {
      consumer.pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    });

    it("rotates to another Secret once the password has changed", () => {
      const before = secretName();
      consumer.pulumi("config", "set", "--secret", "registryPassword", "c4n4ry-two");
      consumer.pulumi("up", "--yes", "--skip-preview");
      const name = secretName();
      assert.notEqual(name, before);
      assert.deepEqual(listed(), [{ name }]);
      assert.deepEqual(
        consumer.manifests("Secret").map(({ metadata }) => metadata.name),
        [name],
      );
    });

    it("leaves nothing after destroy", () => {
      consumer.pulumi("destroy", "--yes", "--skip-preview");
      const rendered = existsSync(join(consumer.directory, "manifests/1-manifest"))
        ? ["Deployment", "Secret"].flatMap((kind) => consumer.manifests(kind))
        : [];
      assert.deepEqual(rendered, []);
      const { resources = [] } = (
        JSON.parse(consumer.pulumi("stack", "export")) as { deployment: { resources?: unknown[] } }
      ).deployment;
      assert.deepEqual(resources, []);
    });
  });
}
