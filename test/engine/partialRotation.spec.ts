import assert from "node:assert/strict";
import { join } from "node:path";
import { Provider } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { PrivateWorkloads } from "../../components";
import {
  createEngineStack,
  type EngineStack,
  failureOf,
  messages,
  stateResources,
  steps,
} from "../support/engine/engine";

const deploymentType = "kubernetes:apps/v1:Deployment";
const secretType = "kubernetes:core/v1:Secret";

/** What docs/rotation.md says of `--target` and `protect`. */
describe("a rotation by --target, or of protected Secrets, in the real engine", () => {
  let stack: EngineStack;

  beforeEach(async () => {
    stack = await createEngineStack();
    await stack.up(program("one"));
  });

  afterEach(() => {
    stack.remove();
  });

  function program(password: string, protectsSecrets = false): PulumiFn {
    const protect: pulumi.ResourceTransform = ({ type, props, opts }) =>
      type === secretType && protectsSecrets ? { props, opts: { ...opts, protect: true } } : undefined;
    return () => {
      const image = "registry.example.com/app:1";
      new PrivateWorkloads(
        "apps",
        {
          registries: [{ server: "registry.example.com", username: "janedoe", password }],
          namespace: "shop",
          deployments: { web: { image }, worker: { image } },
        },
        {
          provider: new Provider("render", { renderYamlToDirectory: join(stack.directory, "manifests") }),
          transforms: [protect],
        },
      );
      return Promise.resolve({});
    };
  }

  /** The name of the Secret, and of the one that each Deployment lists. */
  function names(): { secret: unknown; listed: unknown[] } {
    const resources = stateResources(stack);
    const inputs = (type: string) =>
      resources.filter((resource) => resource.type === type).map(({ outputs }) => outputs);
    const [secret] = inputs(secretType) as { metadata: { name: string } }[];
    const deployments = inputs(deploymentType) as {
      spec: { template: { spec: { imagePullSecrets: { name: string }[] } } };
    }[];
    return {
      secret: secret?.metadata.name,
      listed: deployments.flatMap(({ spec }) => spec.template.spec.imagePullSecrets.map(({ name }) => name)),
    };
  }

  it("is whole with the RandomId as target and --target-dependents", async () => {
    const before = names();
    await stack.up(program("two"), { target: ["**RandomId::apps*"], targetDependents: true });
    const { secret, listed } = names();
    assert.notEqual(secret, before.secret);
    assert.deepEqual(listed, [secret, secret]);
    assert.deepEqual(
      steps(await stack.up(program("two"))).filter((step) => step.includes("kubernetes:")),
      [],
    );
  });

  it("leaves Deployments on the deleted Secret without --target-dependents, until the next up of all", async () => {
    const before = names();
    await stack.up(program("two"), { target: ["**RandomId::apps", "**v1:Secret::apps"] });
    const { secret, listed } = names();
    assert.notEqual(secret, before.secret);
    assert.deepEqual(listed, [before.secret, before.secret]);
    await stack.up(program("two"));
    assert.deepEqual(names(), { secret, listed: [secret, secret] });
  });

  it("is refused with the Secret as the only target, as its name stays", async () => {
    const before = names();
    const run = await failureOf(stack.up(program("two"), { target: ["**v1:Secret::apps"] }));
    assert.match(messages(run, "error").join(), /is immutable: .*--target leaves out its RandomId/);
    assert.deepEqual(names(), before);
    assert.deepEqual(
      steps(run).filter((step) => step.startsWith("delete")),
      [],
    );
  });

  it("of a protected Secret fails and changes no workload; without the protection it goes on", async () => {
    await stack.up(program("one", true));
    const before = names();
    const failed = await failureOf(stack.up(program("two", true)));
    assert.match(messages(failed, "error").join(), /unable to replace resource .* marked for protection/s);
    assert.deepEqual(names(), before);
    await stack.up(program("two"));
    const { secret, listed } = names();
    assert.notEqual(secret, before.secret);
    assert.deepEqual(listed, [secret, secret]);
  });
});
