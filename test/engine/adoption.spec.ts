import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { encodeDockerConfigJson, ImagePullSecret, Rotation } from "../../components";
import {
  createEngineStack,
  type EngineRun,
  type EngineStack,
  skipOnOfficialPlugin,
  steps,
} from "../support/engine";

const login = { server: "registry.example.com", username: "janedoe", password: "c4n4ry" };

/** A cluster that has the Secret of kubectl, and takes whatever is applied; it writes down what it is asked to do. */
const fakeKubectl = `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const { join } = require("node:path");
const args = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
appendFileSync(join(__dirname, "log"), args.join(" ") + "\\n");
if (args[0] === "config") {
  process.stdout.write("default");
} else if (args[0] === "apply") {
  process.stdout.write(readFileSync(0));
} else if (args[0] === "get" && args.some((argument) => argument.endsWith("myregistrykey"))) {
  process.stdout.write(readFileSync(join(__dirname, "secret.json")));
}
`;

describe("adopting a Secret of kubectl in the real engine", () => {
  let stack: EngineStack;
  let bin: string;
  let path: string | undefined;

  before(function () {
    skipOnOfficialPlugin(this, "a cluster that is made up for the stand-in");
  });

  beforeEach(async () => {
    stack = await createEngineStack();
    await stack.setConfig({ password: { secret: login.password }, "kubernetes:enableSecretMutable": "true" });
    bin = join(stack.directory, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "kubectl"), fakeKubectl);
    chmodSync(join(bin, "kubectl"), 0o755);
    writeFileSync(
      join(bin, "secret.json"),
      JSON.stringify({
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name: "myregistrykey",
          namespace: "shop",
          uid: "0",
          resourceVersion: "1",
          creationTimestamp: "2026-01-01T00:00:00Z",
        },
        type: "kubernetes.io/dockerconfigjson",
        data: { ".dockerconfigjson": Buffer.from(encodeDockerConfigJson([login])).toString("base64") },
      }),
    );
    path = process.env["PATH"];
    process.env["PATH"] = [bin, path].join(delimiter);
  });

  afterEach(() => {
    process.env["PATH"] = path;
    stack.remove();
  });

  function program(rotation: Rotation): PulumiFn {
    return () => {
      const pullSecret = new ImagePullSecret("regcred", {
        registries: [{ ...login, password: new Config().requireSecret("password") }],
        namespace: "shop",
        secretName: "myregistrykey",
        rotation,
        adopt: rotation === Rotation.InPlace,
      });
      new k8s.apps.v1.Deployment("app", {
        metadata: { name: "app", namespace: "shop", annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          selector: { matchLabels: { app: "app" } },
          template: {
            metadata: { labels: { app: "app" } },
            spec: {
              containers: [{ name: "app", image: "registry.example.com/app:1" }],
              imagePullSecrets: pullSecret.reference.secretNames.apply((names) =>
                names.map((name) => ({ name })),
              ),
            },
          },
        },
      });
      return Promise.resolve();
    };
  }

  /** What happened to the Secret. */
  function ofSecret(run: EngineRun): string[] {
    return steps(run).flatMap((step) => /^(\S+) kubernetes:core\/v1:Secret/.exec(step)?.[1] ?? []);
  }

  it("imports it with an empty diff, changes nothing in the cluster, and has nothing to do the second time", async () => {
    const adopted = await stack.up(program(Rotation.InPlace));
    assert.deepEqual(ofSecret(adopted), ["import"]);
    const asked = readFileSync(join(bin, "log"), "utf8").split("\n");
    assert.equal(
      asked.filter((line) => line.startsWith("apply")).length,
      1,
      "only the Deployment is applied",
    );
    assert.deepEqual(steps(await stack.preview(program(Rotation.InPlace), { diff: true })), []);
  });

  it("shows at preview that the content is another: an update beside the import, without the values", async () => {
    await stack.setConfig({ password: { secret: "another" } });
    const foreseen = await stack.preview(program(Rotation.InPlace), { diff: true });
    assert.deepEqual(ofSecret(foreseen), ["import", "update"]);
    assert.doesNotMatch(foreseen.stdout, /c4n4ry|another/);
  });

  it("goes on to versioned names: the new Secret first, then the Deployment, the adopted one last", async () => {
    await stack.up(program(Rotation.InPlace));
    const moved = steps(await stack.up(program(Rotation.Versioned)));
    const at = (step: string) => moved.findIndex((found) => found.startsWith(step));
    assert.ok(at("create-replacement kubernetes:core/v1:Secret") >= 0, moved.join("\n"));
    assert.ok(
      at("create-replacement kubernetes:core/v1:Secret") < at("update kubernetes:apps/v1:Deployment"),
    );
    assert.ok(at("update kubernetes:apps/v1:Deployment") < at("delete-replaced kubernetes:core/v1:Secret"));
    assert.match(
      readFileSync(join(bin, "log"), "utf8").trim().split("\n").pop() ?? "",
      /^delete .*myregistrykey/,
    );
  });
});
