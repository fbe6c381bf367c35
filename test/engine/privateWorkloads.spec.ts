import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { core, Provider } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { encodeDockerConfigJson, PrivateWorkloads, type RegistryCredentialArgs } from "../../components";
import {
  createEngineStack,
  type EngineRun,
  type EngineStack,
  failureOf,
  messages,
  stateResources,
  stateText,
  steps,
} from "../support/engine/engine";
import { leaksIn } from "../support/secrets/leaks";

const login = { server: "www.3rdregistry.com", username: "janedoe", password: 'c4n4ry "one" \\ %41 é' };
const newPassword = "c4n4ry-two/+=<&>";

describe("PrivateWorkloads in the real engine", () => {
  let stack: EngineStack;
  let manifests: string;

  beforeEach(async () => {
    stack = await createEngineStack();
    manifests = join(stack.directory, "manifests");
    await stack.setConfig({
      "registries[0].server": login.server,
      "registries[0].username": login.username,
      "registries[0].password": { secret: login.password },
    });
  });

  afterEach(() => {
    stack.remove();
  });

  const program: PulumiFn = () => {
    const workloads = new PrivateWorkloads(
      "apps",
      {
        registries: new Config().requireSecretObject<RegistryCredentialArgs[]>("registries"),
        namespaces: { a: "team-a", b: "team-b" },
        createNamespace: true,
        protectNamespaces: false,
        deployments: {
          awesomeapp: { image: "www.3rdregistry.com/janedoe/awesomeapp:v1", namespace: "a" },
          reports: { image: "www.3rdregistry.com/janedoe/reports:v2", namespace: "b" },
        },
      },
      { provider: new Provider("render", { renderYamlToDirectory: manifests }) },
    );
    const { secretName, references, servers, deployments, pullPlan } = workloads;
    return Promise.resolve({ secretName, references, servers, deployments, pullPlan });
  };

  async function secretName(): Promise<string> {
    return String((await stack.outputs())["secretName"]?.value);
  }

  function manifestsOfKind(kind: string): Record<string, unknown>[] {
    const folder = join(manifests, "1-manifest");
    return readdirSync(folder)
      .map((file) => parse(readFileSync(join(folder, file), "utf8")) as Record<string, unknown>)
      .filter((manifest) => manifest["kind"] === kind);
  }

  function assertNoLeak(where: string, text: string): void {
    const secrets = {
      password: login.password,
      "new password": newPassword,
      login: `${login.username}:${login.password}`,
      "new login": `${login.username}:${newPassword}`,
    };
    assert.deepEqual(leaksIn(text, secrets), [], where);
  }

  function assertSilent(run: EngineRun): void {
    assertNoLeak("events", JSON.stringify(run.events));
    assertNoLeak("stdout", run.stdout);
    assertNoLeak("stderr", run.stderr);
    assertNoLeak("state", stateText(stack));
  }

  it("makes kubectl's Secret in each namespace, and Deployments that list it", async () => {
    const run = await stack.up(program);
    const name = await secretName();
    const secrets = manifestsOfKind("Secret");
    assert.equal(secrets.length, 2);
    for (const { data, type, immutable, metadata } of secrets) {
      const { ".dockerconfigjson": encoded } = data as Record<string, string>;
      assert.equal(Buffer.from(encoded ?? "", "base64").toString(), encodeDockerConfigJson([login]));
      assert.equal(type, "kubernetes.io/dockerconfigjson");
      assert.equal(immutable, true);
      assert.equal((metadata as { name: string }).name, name);
    }
    assert.match(name, /^apps-[0-9a-f]{8}$/);
    for (const { spec } of manifestsOfKind("Deployment")) {
      const { imagePullSecrets } = (spec as { template: { spec: Record<string, unknown> } }).template.spec;
      assert.deepEqual(imagePullSecrets, [{ name }]);
      assert.deepEqual(Object.keys(spec as object), ["selector", "strategy", "template"]);
    }
    assertSilent(run);
  });

  it("has outputs that nobody needs to hide", async () => {
    await stack.up(program);
    const outputs = await stack.outputs();
    assert.deepEqual(outputs["deployments"]?.value, {
      awesomeapp: "team-a/awesomeapp",
      reports: "team-b/reports",
    });
    assert.deepEqual(
      Object.values(outputs).map(({ secret }) => secret),
      Object.values(outputs).map(() => false),
    );
  });

  it("has nothing to do the second time", async () => {
    await stack.up(program);
    const again = await stack.preview(program, { diff: true });
    assert.deepEqual(steps(again), []);
    assertSilent(again);
  });

  it("rotates on a changed password: new Secrets, the Deployments updated to them, the old Secrets last", async () => {
    await stack.up(program);
    const before = await secretName();
    await stack.setConfig({ "registries[0].password": { secret: newPassword } });
    const foreseen = await stack.preview(program, { diff: true });
    assertSilent(foreseen);
    const run = await stack.up(program, { diff: true });
    assertSilent(run);
    const after = await secretName();
    assert.notEqual(after, before);
    assert.deepEqual(
      manifestsOfKind("Secret").map(({ metadata }) => (metadata as { name: string }).name),
      [after, after],
    );
    const happened = steps(run);
    const first = (step: string): number => happened.findIndex((found) => found.startsWith(step));
    const last = (step: string): number => happened.findLastIndex((found) => found.startsWith(step));
    assert.ok(
      last("create-replacement kubernetes:core/v1:Secret") < first("update kubernetes:apps/v1:Deployment"),
    );
    assert.ok(
      last("update kubernetes:apps/v1:Deployment") < first("delete-replaced kubernetes:core/v1:Secret"),
    );
    assert.deepEqual(happened.filter((step) => step.includes("Deployment")).toSorted(), [
      "update kubernetes:apps/v1:Deployment apps-awesomeapp",
      "update kubernetes:apps/v1:Deployment apps-reports",
    ]);
  });

  it("makes nothing depend on anything of another namespace", async () => {
    await stack.up(program);
    const last = (urn: string): string => urn.replace(/.*[$:](kubernetes:|random:)/, "$1");
    const dependencies = stateResources(stack)
      .map(({ urn, dependencies = [] }) => [last(urn), dependencies.map(last).toSorted()] as const)
      .filter(([resource]) => /^kubernetes:(core|apps).*-a|awesomeapp/.test(resource));
    assert.deepEqual(Object.fromEntries(dependencies), {
      "kubernetes:core/v1:Namespace::apps-a": [],
      "kubernetes:core/v1:Secret::apps-a": [
        "kubernetes:core/v1:Namespace::apps-a",
        "random:index/randomId:RandomId::apps",
      ],
      "kubernetes:apps/v1:Deployment::apps-awesomeapp": [
        "kubernetes:core/v1:Namespace::apps-a",
        "kubernetes:core/v1:Secret::apps-a",
      ],
    });
  });

  it("has what is put into its namespaces wait until they are made", async () => {
    await stack.up(() => {
      const provider = new Provider("render", { renderYamlToDirectory: manifests });
      const { namespaces } = new PrivateWorkloads(
        "apps",
        {
          registries: new Config().requireSecretObject<RegistryCredentialArgs[]>("registries"),
          namespace: "team",
          createNamespace: true,
          protectNamespaces: false,
          deployments: {},
        },
        { provider },
      );
      const namespace = namespaces.apply((byKey) => byKey["default"] ?? "");
      new core.v1.ServiceAccount("guest", { metadata: { namespace } }, { provider });
      return Promise.resolve({ namespaces });
    });
    const resources = stateResources(stack);
    const urnOf = (type: string) => resources.find((resource) => resource.type === type)?.urn;
    const guest = resources.find(({ type }) => type === "kubernetes:core/v1:ServiceAccount");
    assert.deepEqual(guest?.dependencies, [urnOf("kubernetes:core/v1:Namespace")]);
    assert.deepEqual((await stack.outputs())["namespaces"]?.value, { default: "team" });
  });

  it("leaves nothing behind when it is destroyed", async () => {
    await stack.up(program);
    assertSilent(await stack.destroy());
    assert.deepEqual(
      existsSync(join(manifests, "1-manifest")) ? readdirSync(join(manifests, "1-manifest")) : [],
      [],
    );
    assert.doesNotMatch(stateText(stack), /kubernetes:core|kubernetes:apps/);
  });

  it("refuses wrong credentials at preview with every problem, creates nothing and gives nothing away", async () => {
    await stack.setConfig({
      "registries[0].password": { secret: `${login.password} ` },
      "registries[1].server": "Reg.example.com",
      "registries[1].username": "jane:doe",
      "registries[1].password": { secret: newPassword },
    });
    for (const failed of [await failureOf(stack.preview(program)), await failureOf(stack.up(program))]) {
      assert.deepEqual(
        [...new Set(messages(failed, "error"))],
        [
          [
            'PrivateWorkloads "apps": 3 problems',
            "  registries[0].password: begins or ends with white space: remove it.",
            '  registries[1].username: contains ":", where kubelet splits username from password: a username can\'t have one.',
            '  registries[1].server: "Reg.example.com" has upper case in its host, and kubelet compares hosts letter by letter: write "reg.example.com" here and in the image.',
          ].join("\n"),
        ],
      );
      assertSilent(failed);
    }
    assert.equal(existsSync(manifests), false);
    assert.doesNotMatch(stateText(stack), /kubernetes:core|kubernetes:apps|random:index/);
  });
});
