import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { writeChart } from "../support/engine/chart";
import { type Consumer, createConsumer } from "../support/languages/consumer";
import { snippetsIn } from "../support/docs/documents";
import { initExample } from "../support/languages/exampleRun";

interface Program {
  packages: Record<string, string>;
  resources: Record<string, unknown>;
}

// The official Kubernetes plugin: only that one makes Helm charts, and tells YAML the types of its resources.
describe("the YAML recipes of docs/languages.md", () => {
  let consumer: Consumer;

  before(function () {
    this.timeout(900_000);
    consumer = createConsumer({ folder: resolve(__dirname, "../../examples/yaml") }, { languageHosts: true });
    const file = join(consumer.directory, "Pulumi.yaml");
    const example = parse(readFileSync(file, "utf8")) as Program;
    const recipes = snippetsIn("docs/languages.md")
      .filter(({ language }) => language === "yaml")
      .map(({ text }) => (parse(text) as Program).resources);
    assert.deepEqual(recipes.flatMap(Object.keys), ["db", "reports"]);
    const program = {
      ...example,
      packages: { "kubernetes-private-registry": "../package" },
      resources: Object.assign({}, example.resources, ...recipes) as Program["resources"],
    };
    writeFileSync(file, stringify(program));
    writeChart(consumer.directory);
    initExample(consumer);
    consumer.pulumi("package", "add", "../package");
  });

  after(() => {
    consumer.remove();
  });

  function listed(): unknown {
    return [...consumer.manifests("StatefulSet"), ...consumer.manifests("Deployment")]
      .map(({ metadata, spec }) => [
        metadata.name.replace(/-[0-9a-f]{8}$/, ""),
        spec?.template?.spec.imagePullSecrets,
      ])
      .toSorted();
  }

  function secretName(): string {
    return consumer.pulumi("stack", "output", "secretName").trim();
  }

  it("list the Secret in a StatefulSet of one's own and in a Helm chart that takes imagePullSecrets", () => {
    consumer.pulumi("up", "--yes", "--skip-preview");
    const secrets = [{ name: secretName() }];
    assert.deepEqual(listed(), [
      ["awesomeapp", secrets],
      ["db", secrets],
      ["reports", secrets],
    ]);
  });

  it("list the new one after a rotation", () => {
    const before = secretName();
    consumer.pulumi("config", "set", "--secret", "registryPassword", "c4n4ry-two");
    consumer.pulumi("up", "--yes", "--skip-preview");
    const secrets = [{ name: secretName() }];
    assert.notEqual(secretName(), before);
    assert.deepEqual(listed(), [
      ["awesomeapp", secrets],
      ["db", secrets],
      ["reports", secrets],
    ]);
  });
});
