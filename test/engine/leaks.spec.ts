import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { RandomId } from "@pulumi/random";
import { parse } from "yaml";
import {
  decodeDockerConfigJson,
  PrivateWorkloads,
  type RegistryCredentialArgs,
  Rotation,
} from "../../components";
import { createEngineStack, type EngineRun, type EngineStack, failureOf } from "../support/engine/engine";
import { type HostileLogin, secretsOf, withHostileLogins } from "../support/secrets/hostileLogins";
import { leaksInFiles, leaksInRun } from "../support/secrets/leaks";
import { basic } from "../support/registry/registry";

describe("no trace of a credential, in the real engine", () => {
  let stack: EngineStack;
  let manifests: string;

  beforeEach(async () => {
    stack = await createEngineStack();
    manifests = join(stack.directory, "manifests");
  });

  afterEach(() => {
    stack.remove();
  });

  async function setLogins(path: "registries" | "previousRegistries", logins: HostileLogin[]): Promise<void> {
    const settings = logins.flatMap(({ server, ...secrets }, index) => [
      [`${path}[${index}].server`, server],
      ...Object.entries(secrets).map(([member, secret]) => [`${path}[${index}].${member}`, { secret }]),
    ]);
    await stack.setConfig(Object.fromEntries(settings) as Record<string, string | { secret: string }>);
  }

  function programOf(rotation: Rotation): PulumiFn {
    return () => {
      const config = new pulumi.Config();
      const { secretName, references, servers, pullPlan } = new PrivateWorkloads(
        "apps",
        {
          registries: config.requireSecretObject<RegistryCredentialArgs[]>("registries"),
          previousRegistries: config.getSecretObject<RegistryCredentialArgs[]>("previousRegistries"),
          namespace: "shop",
          rotation,
          deployments: { web: { image: "unicode.example.com/web:1" } },
        },
        {
          provider: new k8s.Provider("render", {
            renderYamlToDirectory: manifests,
            enableSecretMutable: rotation === Rotation.InPlace,
          }),
        },
      );
      return Promise.resolve({ secretName, references, servers, pullPlan });
    };
  }

  /** The logins of the rendered Secrets, of all in the order of the servers. */
  function renderedLogins(): HostileLogin[][] {
    const folder = join(manifests, "1-manifest");
    return readdirSync(folder)
      .filter((file) => file.startsWith("v1-secret-"))
      .map((file) => {
        const { data } = parse(readFileSync(join(folder, file), "utf8")) as { data: Record<string, string> };
        const json = Buffer.from(data[".dockerconfigjson"] ?? "", "base64").toString();
        return decodeDockerConfigJson(json) as HostileLogin[];
      });
  }

  const diff = { diff: true };

  it("versioned, a rotation with overlap and one without, refresh and destroy", () =>
    withHostileLogins(3, async (first = [], second = [], third = []) => {
      const secrets = secretsOf({ first, second, third });
      const silent = async (command: Promise<EngineRun>): Promise<void> => {
        assert.deepEqual(leaksInRun(await command, secrets), []);
      };
      const program = programOf(Rotation.Versioned);
      await setLogins("registries", first);
      await silent(stack.preview(program, diff));
      await silent(stack.up(program));
      assert.deepEqual(renderedLogins(), [inOrder(first)]);

      await setLogins("registries", second);
      await setLogins("previousRegistries", first);
      await silent(stack.up(program, diff));
      assert.deepEqual(renderedLogins(), [inOrder(second), inOrder(first)]);
      await stack.removeConfig("previousRegistries");
      await silent(stack.up(program, diff));

      await setLogins("registries", third);
      await silent(stack.preview(program, diff));
      await silent(stack.up(program));
      assert.deepEqual(renderedLogins(), [inOrder(third)]);
      // A refresh would read rendered objects from a cluster too, and there is no cluster.
      await silent(failureOf(stack.refresh()));
      assert.deepEqual(leaksInFiles(stack.directory, secrets), []);
      await silent(stack.destroy());
      assert.deepEqual(leaksInFiles(stack.directory, secrets), []);
    }));

  it("inPlace, and a rotation", () =>
    withHostileLogins(2, async (first = [], second = []) => {
      const secrets = secretsOf({ first, second });
      const silent = async (command: Promise<EngineRun>): Promise<void> => {
        assert.deepEqual(leaksInRun(await command, secrets), []);
      };
      const program = programOf(Rotation.InPlace);
      await setLogins("registries", first);
      await silent(stack.up(program));
      await setLogins("registries", second);
      await silent(stack.preview(program, diff));
      await silent(stack.up(program, diff));
      assert.deepEqual(renderedLogins(), [inOrder(second)]);
      assert.deepEqual(leaksInFiles(stack.directory, secrets), []);
    }));

  it("can be planted and is found, wherever and however it is written", () =>
    withHostileLogins(1, async (logins = []) => {
      const [output = "", log = "", name = "", label = "", annotation = "", error = ""] = logins.map(
        ({ password }) => password,
      );
      const program: PulumiFn = () => {
        void pulumi.log.info(JSON.stringify({ log }));
        void Promise.reject(new Error(basic("janedoe", error)));
        new RandomId(Buffer.from(name).toString("hex"), { byteLength: 1 });
        const provider = new k8s.Provider("render", { renderYamlToDirectory: manifests });
        const labels = { label: encodeURIComponent(label) };
        new k8s.core.v1.Namespace("a", { metadata: { labels, annotations: { annotation } } }, { provider });
        return Promise.resolve({ output });
      };
      const run = await failureOf(stack.up(program));
      const secrets = { output, log, name, label, annotation, error };
      const found = [...leaksInRun(run, secrets), ...leaksInFiles(stack.directory, secrets)];
      const foundIn = (place: string): string[] =>
        Object.keys(secrets).filter((name) => found.some((leak) => leak.startsWith(`${place}: ${name}:`)));
      assert.deepEqual(foundIn("events"), Object.keys(secrets));
      assert.deepEqual(foundIn("stdout"), ["output", "log", "name", "error"]);
      assert.deepEqual(foundIn("thrown"), ["output", "log", "name", "error"]);
      assert.deepEqual(foundIn("test.json"), ["output", "name", "label", "annotation"]);
    }));
});

function inOrder(logins: HostileLogin[]): HostileLogin[] {
  return logins.toSorted((one, other) => (one.server < other.server ? -1 : 1));
}
