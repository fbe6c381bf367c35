import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { googleKeyOf } from "../secrets/cloudSecrets";
import type { Consumer } from "./consumer";

const image = "www.3rdregistry.com/janedoe/awesomeapp:v1";
const wrongImage = "quay.io/janedoe/awesomeapp:v1";

/** Makes the stack of an example, whose manifests are rendered. */
export function initExample(consumer: Consumer): void {
  consumer.pulumi("stack", "init", "test");
  setExampleSecrets(consumer);
  consumer.pulumi("config", "set", "kubernetes:renderYamlToDirectory", "manifests");
}

/** Sets the secrets that the example wants in the config of its stack. */
export function setExampleSecrets(consumer: Consumer): void {
  consumer.pulumi("config", "set", "--secret", "registryPassword", "c4n4ry");
  consumer.pulumi("config", "set", "--secret", "googleKey", googleKeyOf());
}

/** Replaces a text that must be there in a file of the project. */
export function edit(consumer: Consumer, file: string, from: string, to: string): void {
  const path = join(consumer.directory, file);
  const text = readFileSync(path, "utf8");
  assert.ok(text.includes(from), `${file} lacks ${from}`);
  writeFileSync(path, text.replace(from, to));
}

/** Registers the tests of an example's life, in any language: a wrong image, up, no change, a rotation, destroy. */
export function testExampleRun(program: string, example: () => Consumer): void {
  function listed(): unknown {
    const [deployment, ...others] = example().manifests("Deployment");
    assert.deepEqual(others, []);
    return deployment?.spec?.template?.spec.imagePullSecrets;
  }

  function secretName(): string {
    return example().pulumi("stack", "output", "secretName").trim();
  }

  it("refuses a wrong image at the first preview, where no Secret has a name yet", () => {
    edit(example(), program, image, wrongImage);
    assert.throws(
      () => example().pulumi("preview"),
      (error: { stdout: string }) => error.stdout.includes(`image: no server matches "${wrongImage}"`),
    );
    edit(example(), program, wrongImage, image);
  });

  it("previews with the image checked", () => {
    const preview = example().pulumi("preview");
    assert.match(preview, /\+ 6 to create/);
    assert.doesNotMatch(preview, /not checked/);
  });

  it("makes its Secret and a Deployment that lists it", () => {
    example().pulumi("up", "--yes", "--skip-preview");
    const outputs = JSON.parse(example().pulumi("stack", "output", "--json")) as Record<string, string>;
    const name = outputs["secretName"] ?? "";
    assert.match(name, /^registry-login-[0-9a-f]{8}$/);
    assert.equal(outputs["image"], image);
    assert.deepEqual(listed(), [{ name }]);
  });

  it("has nothing to do at a second up", () => {
    example().pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
  });

  it("rotates to another Secret once the password has changed", () => {
    const before = secretName();
    example().pulumi("config", "set", "--secret", "registryPassword", "c4n4ry-two");
    example().pulumi("up", "--yes", "--skip-preview");
    const name = secretName();
    assert.notEqual(name, before);
    assert.deepEqual(listed(), [{ name }]);
    assert.deepEqual(
      example()
        .manifests("Secret")
        .map(({ metadata }) => metadata.name),
      [name],
    );
  });

  it("leaves nothing after destroy", () => {
    example().pulumi("destroy", "--yes", "--skip-preview");
    const rendered = existsSync(join(example().directory, "manifests/1-manifest"))
      ? ["Deployment", "Secret"].flatMap((kind) => example().manifests(kind))
      : [];
    assert.deepEqual(rendered, []);
    const { deployment } = JSON.parse(example().pulumi("stack", "export")) as {
      deployment: { resources?: unknown[] };
    };
    assert.deepEqual(deployment.resources ?? [], []);
  });
}
