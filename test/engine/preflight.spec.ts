import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes";
import { secret } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { PrivateWorkloads, type PrivateWorkloadsArgs, Verification } from "../../components";
import {
  createEngineStack,
  type EngineRun,
  type EngineStack,
  failureOf,
  messages,
  stateText,
  steps,
} from "../support/engine/engine";
import { leaksIn } from "../support/secrets/leaks";
import { basic, startRegistry, type TestRegistry } from "../support/registry/registry";
import { requireRegistryTools } from "../support/registry/registryTools";
import { stopAtEnd } from "../support/runner/stopAtEnd";

const username = "janedoe";
const password = 'c4n4ry "one" \\ é';
const wrongPassword = "c4n4ry-wrong/+=<&>";

describe("verify and pinDigest in the real engine, with a real registry", () => {
  const stopping = stopAtEnd();
  let registry: TestRegistry;
  let digest: string;
  let stack: EngineStack;
  let manifests: string;

  before(async function () {
    requireRegistryTools(this);
    registry = stopping(await startRegistry());
    registry.setPassword(username, password);
  });

  beforeEach(async () => {
    digest = await registry.push("shop/web", "v1", basic(username, password));
    stack = await createEngineStack();
    manifests = join(stack.directory, "manifests");
  });

  afterEach(() => {
    stack.remove();
  });

  function login(changes: object = {}) {
    return { server: registry.host, username, password, caBundle: registry.caBundle, ...changes };
  }

  function programOf(changes: Partial<PrivateWorkloadsArgs>): PulumiFn {
    return () => {
      const { pullPlan } = new PrivateWorkloads(
        "apps",
        {
          registries: [login()],
          namespace: "shop",
          createNamespace: true,
          verify: Verification.Enforce,
          deployments: { web: { image: `${registry.host}/shop/web:v1` } },
          ...changes,
        },
        { provider: new Provider("render", { renderYamlToDirectory: manifests }) },
      );
      return Promise.resolve({ pullPlan });
    };
  }

  function assertSilent(run: EngineRun): void {
    const secrets = { password, wrongPassword, login: `${username}:${password}` };
    for (const text of [JSON.stringify(run.events), run.stdout, run.stderr, stateText(stack)]) {
      assert.deepEqual(leaksIn(text, secrets), []);
    }
  }

  interface Deployment {
    spec: { template: { spec: { containers: { image: string }[]; volumes: object[] } } };
  }

  function deployment(): Deployment {
    const folder = join(manifests, "1-manifest");
    const file = readdirSync(folder).find((name) => name.includes("deployment")) ?? "";
    return parse(readFileSync(join(folder, file), "utf8")) as Deployment;
  }

  function deployedImages(): string[] {
    return deployment().spec.template.spec.containers.map(({ image }) => image);
  }

  it("lets a good login and image pass, at preview and at up", async () => {
    const program = programOf({});
    assert.deepEqual(messages(await stack.preview(program), "error"), []);
    const run = await stack.up(program);
    assert.deepEqual(
      messages(run, "warning").filter((text) => text.includes("The registry")),
      [],
    );
    assertSilent(run);
    assert.deepEqual(steps(await stack.preview(program)), []);
  });

  it("catches a wrong password and a missing tag before anything is made, and gives nothing away", async () => {
    const program = programOf({
      registries: [login(), login({ server: `${registry.host}/other`, password: secret(wrongPassword) })],
      deployments: {
        web: { image: `${registry.host}/shop/web:v1` },
        lost: { image: `${registry.host}/shop/lost:v1` },
      },
    });
    for (const run of [await failureOf(stack.preview(program)), await failureOf(stack.up(program))]) {
      const [error = "", ...others] = [...new Set(messages(run, "error"))];
      assert.deepEqual(others, []);
      assert.match(
        error,
        /^PrivateWorkloads "apps": 2 problems\n {2}registries\[1\]: .* \(401\).*\n {2}deployments\.lost\.image: .*\(404\)/,
      );
      assertSilent(run);
    }
    assert.equal(existsSync(manifests), false);
    assert.doesNotMatch(stateText(stack), /kubernetes:core|kubernetes:apps|random:index/);
  });

  it("checks both logins in an overlap, each with its own password, and goes on with the accepted one", async () => {
    for (const [path, logins] of [
      ["registries[0]", [login({ password: secret(wrongPassword) }), login()]],
      ["previousRegistries[0]", [login(), login({ password: secret(wrongPassword) })]],
    ] as const) {
      const [current, outgoing] = logins;
      const run = await stack.preview(programOf({ registries: [current], previousRegistries: [outgoing] }));
      const warnings = messages(run, "warning").filter((text) => text.includes("The registry"));
      assert.equal(warnings.length, 1);
      assert.ok(warnings[0]?.startsWith(`${path}: The registry`), warnings[0]);
      assertSilent(run);
    }
  });

  it("warns and goes on under warn", async () => {
    const program = programOf({
      verify: Verification.Warn,
      registries: [login({ password: secret(wrongPassword) })],
    });
    const run = await stack.up(program);
    const warnings = messages(run, "warning").filter((text) => text.includes("The registry"));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /registries\[0\]: .* refused the username and password \(401\)/);
    assert.deepEqual(deployedImages(), [`${registry.host}/shop/web:v1`]);
    assertSilent(run);
  });

  it("pins the digest, and shows a moved tag as an update at preview", async () => {
    const image = `${registry.host}/shop/web:v1`;
    const program = programOf({
      verify: Verification.Off,
      deployments: { web: { image, pinDigest: true } },
    });
    await stack.up(program);
    assert.deepEqual(deployedImages(), [`${image}@${digest}`]);
    assert.deepEqual(steps(await stack.preview(program)), []);

    const moved = await registry.push("shop/web", "v1", basic(username, password), "arm64");
    assert.notEqual(moved, digest);
    const preview = await stack.preview(program, { diff: true });
    assert.deepEqual(steps(preview), ["update kubernetes:apps/v1:Deployment apps-web"]);
    assert.ok(preview.stdout.includes(moved));
    await stack.up(program);
    assert.deepEqual(deployedImages(), [`${image}@${moved}`]);
  });

  it("verifies the image of a volume, and renders the reference that it is pinned to", async () => {
    const model = await registry.push("shop/model", "v1", basic(username, password));
    const image = `${registry.host}/shop/web:v1`;
    const withModel = (reference: string) =>
      programOf({
        deployments: {
          web: {
            image,
            pinDigest: true,
            podSpec: { volumes: [{ name: "model", image: { reference, pullPolicy: "IfNotPresent" } }] },
          },
        },
      });
    assert.match(
      messages(await failureOf(stack.preview(withModel(`${registry.host}/shop/model:v2`))), "error").join(),
      /1 problem\n {2}deployments\.web\.podSpec\.volumes\[0\]\.image\.reference: .*\(404\)/,
    );
    await stack.up(withModel(`${registry.host}/shop/model:v1`));
    const [volume] = deployment().spec.template.spec.volumes;
    assert.deepEqual(volume, {
      name: "model",
      image: { reference: `${registry.host}/shop/model:v1@${model}`, pullPolicy: "IfNotPresent" },
    });
    assert.deepEqual(deployedImages(), [`${image}@${digest}`]);
    assert.deepEqual(steps(await stack.preview(withModel(`${registry.host}/shop/model:v1`))), []);
  });

  it("is an error rather than a tag when the registry can't be reached", async () => {
    const gone = await startRegistry();
    await gone.stop();
    const program = programOf({
      verify: Verification.Off,
      registries: [login({ server: gone.host })],
      deployments: { web: { image: `${gone.host}/shop/web:v1`, pinDigest: true } },
    });
    const run = await failureOf(stack.preview(program));
    assert.match(
      messages(run, "error").join(),
      /deployments\.web\.image: can't be pinned \(pinDigest\)\. .* can't be reached \(ECONNREFUSED\)/,
    );
    assert.equal(existsSync(manifests), false);
  });
});
