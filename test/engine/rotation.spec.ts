import assert from "node:assert/strict";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes";
import { Config } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { PrivateWorkloads, type RegistryCredentialArgs, Rotation } from "../../components";
import {
  createEngineStack,
  type EngineRun,
  type EngineStack,
  failureOf,
  messages,
  steps,
} from "../support/engine/engine";

const keys = ["a", "b", "c"];
const image = "registry.example.com/team/app:1";

const secretType = "kubernetes:core/v1:Secret";
const deploymentType = "kubernetes:apps/v1:Deployment";
const randomIdType = "random:index/randomId:RandomId";

describe("rotation in the real engine, 3 namespaces and 6 Deployments", () => {
  let stack: EngineStack;

  beforeEach(async () => {
    stack = await createEngineStack();
    await stack.setConfig({
      "registries[0].server": "registry.example.com",
      "registries[0].username": "puller",
      "registries[0].password": { secret: "the first password" },
    });
  });

  afterEach(() => {
    stack.remove();
  });

  function workloads(rotation: Rotation): PulumiFn {
    return () => {
      const config = new Config();
      const { secretName } = new PrivateWorkloads(
        "apps",
        {
          registries: config.requireSecretObject<RegistryCredentialArgs[]>("registries"),
          previousRegistries: config.getSecretObject<RegistryCredentialArgs[]>("previousRegistries"),
          namespaces: Object.fromEntries(keys.map((key) => [key, `team-${key}`])),
          rotation,
          deployments: Object.fromEntries(
            keys.flatMap((namespace) =>
              ["x", "y"].map((name) => [`${name}-${namespace}`, { image, namespace }]),
            ),
          ),
        },
        {
          provider: new Provider("render", {
            renderYamlToDirectory: join(stack.directory, "manifests"),
            enableSecretMutable: rotation === Rotation.InPlace,
          }),
        },
      );
      return Promise.resolve({ secretName });
    };
  }

  /** How often each kind of step happened to a type, as `create secretType`. */
  function counts(run: EngineRun): Record<string, number> {
    const counted: Record<string, number> = {};
    for (const step of steps(run)) {
      const [op = "", type = ""] = step.split(" ");
      if (type.startsWith("kubernetes:") || type.startsWith("random:")) {
        counted[`${op} ${type}`] = (counted[`${op} ${type}`] ?? 0) + 1;
      }
    }
    return counted;
  }

  /** Asserts that every step of a kind came before every step of the next kind. */
  function assertOrder(run: EngineRun, ...kinds: string[]): void {
    const happened = steps(run);
    const places = kinds.map((kind) =>
      happened.flatMap((step, place) => (step.startsWith(`${kind} `) ? [place] : [])),
    );
    for (const [index, place] of places.entries()) {
      assert.ok(place.length > 0, `no ${kinds[index] ?? ""}`);
      assert.ok(
        Math.max(...(places[index - 1] ?? [-1])) < Math.min(...place),
        `${kinds[index] ?? ""} came too early`,
      );
    }
  }

  const newPassword = { "registries[0].password": { secret: "the second password" } };

  it("versioned: creates every new Secret, updates every Deployment, deletes every old Secret, in this order", async () => {
    await stack.up(workloads(Rotation.Versioned));
    await stack.setConfig(newPassword);
    const run = await stack.up(workloads(Rotation.Versioned));
    assert.deepEqual(counts(run), {
      [`create-replacement ${randomIdType}`]: 1,
      [`replace ${randomIdType}`]: 1,
      [`delete-replaced ${randomIdType}`]: 1,
      [`create-replacement ${secretType}`]: 3,
      [`replace ${secretType}`]: 3,
      [`update ${deploymentType}`]: 6,
      [`delete-replaced ${secretType}`]: 3,
    });
    assertOrder(
      run,
      `create-replacement ${secretType}`,
      `update ${deploymentType}`,
      `delete-replaced ${secretType}`,
    );
  });

  it("inPlace: updates every Secret and touches nothing else", async () => {
    await stack.up(workloads(Rotation.InPlace));
    await stack.setConfig(newPassword);
    const run = await stack.up(workloads(Rotation.InPlace));
    assert.deepEqual(counts(run), { [`update ${secretType}`]: 3 });
    assert.equal((await stack.outputs())["secretName"]?.value, "apps");
  });

  it("overlap: adds the outgoing Secrets before the Deployments list them, and drops them after", async () => {
    await stack.up(workloads(Rotation.Versioned));
    await stack.setConfig({
      ...newPassword,
      "previousRegistries[0].server": "registry.example.com",
      "previousRegistries[0].username": "puller",
      "previousRegistries[0].password": { secret: "the first password" },
    });
    const begun = await stack.up(workloads(Rotation.Versioned));
    assert.equal(counts(begun)[`create ${secretType}`], 3);
    assert.equal(counts(begun)[`update ${deploymentType}`], 6);
    assertOrder(begun, `create ${secretType}`, `update ${deploymentType}`, `delete-replaced ${secretType}`);

    await stack.removeConfig("previousRegistries");
    const finished = await stack.up(workloads(Rotation.Versioned));
    assert.deepEqual(counts(finished), {
      [`update ${deploymentType}`]: 6,
      [`delete ${secretType}`]: 3,
      [`delete ${randomIdType}`]: 1,
    });
    assertOrder(finished, `update ${deploymentType}`, `delete ${secretType}`);
  });

  for (const [from, to] of [
    [Rotation.Versioned, Rotation.InPlace],
    [Rotation.InPlace, Rotation.Versioned],
  ] as const) {
    it(`from ${from} to ${to}: makes the new Secrets first, rolls the Deployments, deletes the old Secrets last`, async () => {
      await stack.up(workloads(from));
      const run = await stack.up(workloads(to));
      assert.equal(counts(run)[`create-replacement ${secretType}`], 3);
      assert.equal(counts(run)[`update ${deploymentType}`], 6);
      assertOrder(
        run,
        `create-replacement ${secretType}`,
        `update ${deploymentType}`,
        `delete-replaced ${secretType}`,
      );
    });
  }

  it("refuses inPlace with the default provider, unless enableSecretMutable is set", async () => {
    const program: PulumiFn = () => {
      const registries = new Config().requireSecretObject<RegistryCredentialArgs[]>("registries");
      new PrivateWorkloads("apps", { registries, rotation: Rotation.InPlace, deployments: {} });
      return Promise.resolve();
    };
    const failed = await failureOf(stack.preview(program));
    assert.match(
      messages(failed, "error")[0] ?? "",
      /run `pulumi config set kubernetes:enableSecretMutable true`/,
    );
    await stack.setConfig({
      "kubernetes:enableSecretMutable": "true",
      "kubernetes:renderYamlToDirectory": join(stack.directory, "manifests"),
    });
    assert.deepEqual(messages(await stack.preview(program), "error"), []);
  });
});
