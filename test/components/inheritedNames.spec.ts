import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  encodeDockerConfigJson,
  ImagePullSecret,
  PrivateWorkloads,
  type PrivateWorkloadsArgs,
  pullSecretTransform,
  Rotation,
} from "../../components";
import { pinEntries } from "../../components/internal/images";
import { inputsOf, type MockOptions, runWithMocks, secretOf, valueOf, versionHex } from "../support/mocks";

/** Good names for everything in Kubernetes, and those of members that each object or Output has already. */
const names = ["constructor", "then", "apply", "get", "promise", "resources"];

const login = { server: "registry.example.com", username: "janedoe", password: "c4n4ry" };
const image = "registry.example.com/app:1";
const data = secretOf({
  ".dockerconfigjson": Buffer.from(encodeDockerConfigJson([login])).toString("base64"),
});
const imagePullSecrets = [{ name: `made-${versionHex}` }];

/** An own member, as JSON.parse makes it. */
function withProto<T>(value: T): Record<string, T> {
  return JSON.parse(JSON.stringify({ proto: value }).replace("proto", "__proto__")) as Record<string, T>;
}

function make(args: Partial<PrivateWorkloadsArgs>, options?: MockOptions) {
  const defaults = { registries: [login], deployments: { web: { image } } };
  return runWithMocks(() => new PrivateWorkloads("made", { ...defaults, ...args }), options);
}

const mutable = { "kubernetes:enableSecretMutable": "true" };

describe("names that objects and Outputs have already", () => {
  for (const name of names) {
    it(`${name} is a key of namespaces, and of deployments, like any other`, async () => {
      const made = await make({
        namespaces: { [name]: name, other: "shop" },
        deployments: {
          [name]: { image, namespace: name, labels: { [name]: "a" }, annotations: { [name]: "b" } },
        },
      });
      assert.deepEqual(made.errors, []);
      const secret = inputsOf(made, "kubernetes:core/v1:Secret")[`made-${name}`];
      assert.deepEqual(secret?.["metadata"], { name: `made-${versionHex}`, namespace: name });
      assert.deepEqual(secret["data"], data);
      const deployment = inputsOf(made, "kubernetes:apps/v1:Deployment")[`made-${name}`];
      const labels = { [name]: "a", "app.kubernetes.io/name": name };
      assert.deepEqual(deployment?.["metadata"], { name, namespace: name, labels });
      const { template } = deployment["spec"] as {
        template: { metadata: object; spec: { imagePullSecrets: unknown } };
      };
      assert.deepEqual(template.metadata, { labels, annotations: { [name]: "b" } });
      assert.deepEqual(template.spec.imagePullSecrets, imagePullSecrets);
      const attempts = [{ server: "registry.example.com", pullSecret: "current" }];
      assert.deepEqual(await valueOf(made.value.pullPlan), [
        { deployment: name, container: name, image, attempts },
      ]);
      const reference = {
        secretNames: [`made-${versionHex}`],
        servers: ["registry.example.com"],
        stableNames: false,
      };
      assert.deepEqual(await valueOf(made.value.references), { [name]: reference, other: reference });
      assert.deepEqual(await valueOf(made.value.namespaces), { [name]: name, other: "shop" });
    });

    it(`${name} is a namespace to create, and a ServiceAccount`, async () => {
      const created = await make({ namespaces: { [name]: name }, createNamespace: true });
      assert.deepEqual(created.errors, []);
      assert.deepEqual(inputsOf(created, "kubernetes:core/v1:Namespace")[`made-${name}`]?.["metadata"], {
        name,
      });
      const args = {
        registries: [login],
        namespaces: { [name]: "shop" },
        serviceAccounts: { [name]: [name] },
        rotation: Rotation.InPlace,
      };
      const accounts = await runWithMocks(() => new ImagePullSecret("made", args), { config: mutable });
      assert.deepEqual(accounts.errors, []);
      assert.deepEqual(inputsOf(accounts, "kubernetes:core/v1:ServiceAccount"), {
        [`made-${name}/${name}`]: {
          apiVersion: "v1",
          kind: "ServiceAccount",
          metadata: { name, namespace: "shop" },
          imagePullSecrets: [{ name: "made" }],
        },
      });
    });

    it(`${name} is a key for the transform, also at a preview that does not know the Secret's name`, async () => {
      const type = "kubernetes:apps/v1:Deployment";
      const transformed = (secretName: pulumi.Input<string>, preview: boolean) =>
        runWithMocks(
          async () => {
            const references = pulumi.output({
              [name]: { secretNames: [secretName], servers: ["registry.example.com"] },
            }) as pulumi.Output<Record<string, { secretNames: string[]; servers: string[] }>>;
            const transform = pullSecretTransform({ references, namespaces: { [name]: "shop" } });
            const podSpec = { containers: [{ name: "app", image }] };
            const props = { metadata: { namespace: "shop" }, spec: { template: { spec: podSpec } } };
            const result = await transform({ custom: true, type, name: "app", props, opts: {} });
            const spec = result?.props["spec"] as { template: { spec: pulumi.Input<object> } };
            return { known: await valueOf(pulumi.output(spec)) };
          },
          { preview },
        );
      const outcome = await transformed("current", false);
      assert.deepEqual(outcome.errors, []);
      assert.deepEqual((await outcome.value).known, {
        template: { spec: { containers: [{ name: "app", image }], imagePullSecrets: [{ name: "current" }] } },
      });
      const preview = await transformed(pulumi.output(pulumi.unknown as string), true);
      assert.deepEqual(preview.errors, []);
    });

    it(`${name} as a namespace key that is not there is the one error`, async () => {
      const { errors, resources } = await make({
        namespaces: { "team-a": "shop" },
        deployments: { app: { image, namespace: name } },
      });
      assert.deepEqual(errors, [
        `PrivateWorkloads "made": 1 problem\n  deployments.app.namespace: "${name}" is not a key of \`namespaces\`. Expected one of: team-a.`,
      ]);
      assert.ok(resources.every(({ type }) => !type.startsWith("kubernetes:")));
      const accounts = await runWithMocks(
        () =>
          new ImagePullSecret("made", {
            registries: [login],
            namespaces: { "team-a": "shop" },
            serviceAccounts: { [name]: ["puller"] },
            patchServiceAccounts: { [name]: ["puller"] },
            rotation: Rotation.InPlace,
          }),
        { config: mutable },
      );
      assert.deepEqual(accounts.errors, [
        `ImagePullSecret "made": 2 problems\n  serviceAccounts.${name}: "${name}" is not a key of \`namespaces\`. Expected one of: team-a.\n  patchServiceAccounts.${name}: "${name}" is not a key of \`namespaces\`. Expected one of: team-a.`,
      ]);
    });
  }

  it("are names of environment variables, whatever they are", async () => {
    const env = { ...withProto("p"), constructor: "c", hasOwnProperty: "h", toString: "t", valueOf: "v" };
    const { errors, resources } = await make({ deployments: { web: { image, env } } });
    assert.deepEqual(errors, []);
    const { spec } = resources.find(({ type }) => type.endsWith(":Deployment"))?.inputs as {
      spec: { template: { spec: { containers: { env: unknown }[] } } };
    };
    assert.deepEqual(spec.template.spec.containers[0]?.env, [
      { name: "__proto__", value: "p" },
      { name: "constructor", value: "c" },
      { name: "hasOwnProperty", value: "h" },
      { name: "toString", value: "t" },
      { name: "valueOf", value: "v" },
    ]);
  });

  it("are labels and annotations of the Secret", async () => {
    const labels = { constructor: "c", hasOwnProperty: "h", toString: "t", valueOf: "v", then: "n" };
    const made = await runWithMocks(
      () => new ImagePullSecret("made", { registries: [login], labels, annotations: labels }),
    );
    assert.deepEqual(made.errors, []);
    assert.deepEqual(inputsOf(made, "kubernetes:core/v1:Secret")["made"]?.["metadata"], {
      name: `made-${versionHex}`,
      labels,
      annotations: labels,
    });
  });

  it("but __proto__ is not a DNS label, which is the usual error", async () => {
    const namespaces = await make({ namespaces: withProto("shop") });
    assert.equal(namespaces.errors.length, 1);
    assert.match(
      namespaces.errors[0] ?? "",
      /^PrivateWorkloads "made": 1 problem\n {2}namespaces\.__proto__: the key "__proto__" is .* DNS-1123 label/,
    );
    const deployments = await make({ deployments: withProto({ image }) });
    assert.equal(deployments.errors.length, 1);
    assert.match(
      deployments.errors[0] ?? "",
      /^PrivateWorkloads "made": 1 problem\n {2}deployments\.__proto__: "__proto__" is .* DNS-1123 label/,
    );
    const accounts = await runWithMocks(
      () =>
        new ImagePullSecret("made", {
          registries: [login],
          serviceAccounts: withProto(["puller"]),
          rotation: Rotation.InPlace,
        }),
      { config: mutable },
    );
    assert.deepEqual(accounts.errors, [
      'ImagePullSecret "made": 1 problem\n  serviceAccounts.__proto__: "__proto__" is not a key of `namespaces`. Expected one of: default.',
    ]);
  });

  it("are names of images that are not pinned", () => {
    const entry = { deployment: "constructor", container: "web", image: "name", attempts: [] };
    assert.deepEqual(pinEntries([entry], {}), [entry]);
    assert.deepEqual(pinEntries([{ ...entry, image: "constructor" }], { constructor: {} }), [
      { ...entry, image: "constructor" },
    ]);
  });
});
