import assert from "node:assert/strict";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as kubernetes from "@pulumi/kubernetes";
import { type CustomResourceOptions, secret } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as random from "@pulumi/random";
import {
  createEngineStack,
  type EngineStack,
  failureOf,
  messages,
  stateText,
  steps,
} from "../support/engine/engine";

const password = "s3cr3t-canary";

/** What it does as the official plugin does is shown in rendering.spec.ts and replacement.spec.ts. */
describe("offline stand-in", () => {
  let stack: EngineStack;

  beforeEach(async () => {
    stack = await createEngineStack({ kubernetes: "stand-in" });
  });

  afterEach(() => {
    stack.remove();
  });

  function rendering(make: (options: CustomResourceOptions) => unknown): PulumiFn {
    return () => {
      const renderYamlToDirectory = join(stack.directory, "manifests");
      const provider = new kubernetes.Provider("render", { renderYamlToDirectory });
      return Promise.resolve(make({ provider }) as Record<string, unknown>);
    };
  }

  it("refreshes without a cluster, and finds nothing to do after it", async () => {
    const program = rendering((options) => {
      new kubernetes.core.v1.ServiceAccount("robot", {}, options);
    });
    await stack.up(program);
    assert.deepEqual(steps(await stack.refresh()), ["refresh kubernetes:core/v1:ServiceAccount robot"]);
    assert.deepEqual(steps(await stack.up(program)), []);
  });

  it("starts a policy pack in TypeScript, in the pack's folder", async () => {
    const pack = join(realpathSync(stack.directory), "pack");
    mkdirSync(pack);
    symlinkSync(resolve(__dirname, "../../node_modules"), join(pack, "node_modules"));
    writeFileSync(join(pack, "PulumiPolicy.yaml"), "runtime: nodejs\n");
    writeFileSync(join(pack, "package.json"), '{ "version": "1.0.0", "main": "index.ts" }');
    writeFileSync(
      join(pack, "index.ts"),
      `import { PolicyPack, type StackValidationPolicy } from "@pulumi/policy";
      const place: StackValidationPolicy = {
        name: "place",
        description: "Where the pack runs.",
        enforcementLevel: "advisory",
        validateStack: (_, reportViolation) => reportViolation(process.cwd()),
      };
      new PolicyPack("own", { policies: [place] });`,
    );
    const { events } = await stack.preview(() => Promise.resolve({}), { policyPacks: [pack] });
    const reported = events.flatMap(({ policyEvent }) => policyEvent?.message.trimEnd() ?? []);
    assert.deepEqual(
      reported.map((message) => message.replace(/<\{%.*?%\}>/g, "")),
      [`Where the pack runs.\n${pack}`],
    );
  });

  it("refuses a resource type that it does not have, and names it", async () => {
    const run = await failureOf(
      stack.preview(rendering((options) => new kubernetes.core.v1.ConfigMap("settings", {}, options))),
    );
    assert.match(
      messages(run, "error").join("\n"),
      /the resource type kubernetes:core\/v1:ConfigMap is not in the offline stand-in\. Let Pulumi download the official plugin/,
    );
  });

  for (const [which, make] of Object.entries({
    "a provider": () => new kubernetes.Provider("cluster"),
    "the default provider": () => new kubernetes.core.v1.Namespace("shop"),
  })) {
    it(`refuses ${which} without renderYamlToDirectory in one error, and says what works with a cluster`, async () => {
      const run = await failureOf(
        stack.preview(() => {
          make();
          return Promise.resolve();
        }),
      );
      assert.match(
        messages(run, "error").join("\n"),
        /^[^\n]* the offline stand-in renders YAML only \(renderYamlToDirectory\): for a cluster, install the official plugin .*offline\/kubernetes\/build\.sh[^\n]*$/,
      );
    });
  }

  it("refuses a component that it does not have, and names it", async () => {
    const run = await failureOf(
      stack.preview(() => {
        const provider = new kubernetes.Provider("render", {
          renderYamlToDirectory: join(stack.directory, "manifests"),
        });
        new kubernetes.yaml.v2.ConfigFile("crd", { file: "crd.yaml" }, { provider });
        return Promise.resolve();
      }),
    );
    assert.match(
      messages(run, "error").join("\n"),
      /the component kubernetes:yaml\/v2:ConfigFile is not in the offline stand-in/,
    );
  });

  it("makes the encodings of a RandomId from the same bytes, and new ones for a new keeper", async () => {
    const program = (keeper: string): PulumiFn =>
      rendering(() => {
        const { id, b64Std, b64Url, dec, hex } = new random.RandomId("suffix", {
          byteLength: 4,
          prefix: "v-",
          keepers: { digest: secret(keeper) },
        });
        return { id, b64Std, b64Url, dec, hex };
      });
    await stack.up(program(password));
    const first = await stack.outputs();
    const hex = String(first["hex"]?.value).replace(/^v-/, "");
    const bytes = Buffer.from(hex, "hex");
    assert.equal(bytes.length, 4);
    assert.deepEqual(first, {
      id: { value: bytes.toString("base64url"), secret: false },
      b64Std: { value: `v-${bytes.toString("base64")}`, secret: false },
      b64Url: { value: `v-${bytes.toString("base64url")}`, secret: false },
      dec: { value: `v-${bytes.readUInt32BE()}`, secret: false },
      hex: { value: `v-${hex}`, secret: false },
    });
    assert.equal(stateText(stack).includes(password), false);

    assert.deepEqual(steps(await stack.up(program(password))), []);
    const run = await stack.up(program("another"));
    assert.deepEqual(steps(run), [
      "create-replacement random:index/randomId:RandomId suffix",
      "replace random:index/randomId:RandomId suffix",
      "delete-replaced random:index/randomId:RandomId suffix",
    ]);
    assert.notDeepEqual(await stack.outputs(), first);
  });
});
