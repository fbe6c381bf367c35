import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { PrivateDeployment, PrivateWorkloads, pullSecretTransform, withPullSecrets } from "../../components";
import { pinImages } from "../../components/internal/images";
import type { Pins } from "../../components/lib/preflight/outcome";
import {
  inputsOf,
  type MockOptions,
  type Outcome,
  runWithMocks,
  secretOf,
  valueOf,
  versionHex,
} from "../support/mocks";

const servers = ["registry.example.com"];
const reference = { secretNames: ["regcred"], servers };
const image = "registry.example.com/app:1";
const served = { name: "app", image };
const unserved = { name: "proxy", image: "quay.io/proxy:1" };
const deploymentType = "kubernetes:apps/v1:Deployment";

const wanted = "give a list of pull Secrets, each an object with its name.";
const wantedItem = 'give an object with the name of a Secret, such as { name: "regcred" }.';
const wantedName = "give the name of a Secret.";

/** What is wrong as a list of pull Secrets, where in it, and what is said of it. */
const wrongLists: [list: unknown, place: string, reason: string][] = [
  ["regcred", "", `is a string: ${wanted}`],
  ["", "", `is a string: ${wanted}`],
  [5, "", `is a number: ${wanted}`],
  [true, "", `is a boolean: ${wanted}`],
  [{ name: "regcred" }, "", `is an object: ${wanted}`],
  [["regcred"], "[0]", `is a string: ${wantedItem}`],
  [[null], "[0]", `is nothing: ${wantedItem}`],
  [[["regcred"]], "[0]", `is a list: ${wantedItem}`],
  [[{ name: "mine" }, 5], "[1]", `is a number: ${wantedItem}`],
  [[{}], "[0].name", `is missing: ${wantedName}`],
  [[{ name: "" }], "[0].name", `is missing: ${wantedName}`],
  [[{ name: null }], "[0].name", `is missing: ${wantedName}`],
  [[{ name: 5 }], "[0].name", `is a number: ${wantedName}`],
];

/** A list of containers of any shape, and what is wrong with it. */
const wrongContainers: [list: unknown, place: string, reason: string][] = [
  ["app", "", "is a string: give a list of containers."],
  [{ app: served }, "", "is an object: give a list of containers."],
  [["app"], "[0]", "is a string: give an object with name and image."],
  [[served, null], "[1]", "is nothing: give an object with name and image."],
  [[{ ...served, image: 5 }], "[0].image", "is a number: give a string."],
  [[{ ...served, name: {} }], "[0].name", "is an object: give a string."],
];

/** A value, plain and known later. */
function inputsFor(value: unknown): [how: string, input: unknown][] {
  const later = new Promise((resolve) => setTimeout(resolve, 1, value));
  return [
    ["", value],
    [" of an Output", pulumi.output(later)],
    ...(Array.isArray(value)
      ? ([[" with Outputs", value.map((item) => pulumi.output(item as object))]] as [string, unknown][])
      : []),
  ];
}

function makeDeployment(podSpec: unknown, options?: MockOptions): Promise<Outcome<PrivateDeployment>> {
  return runWithMocks(
    () => new PrivateDeployment("app", { image, podSpec, pullSecrets: [reference] }),
    options,
  );
}

function makeWorkloads(podSpec: unknown, options?: MockOptions): Promise<Outcome<PrivateWorkloads>> {
  const registries = [{ server: "registry.example.com", username: "janedoe", password: "c4n4ry" }];
  return runWithMocks(
    () => new PrivateWorkloads("apps", { registries, deployments: { web: { image, podSpec } } }),
    options,
  );
}

function makePod(spec: unknown): Promise<Outcome<unknown>> {
  return runWithMocks(
    () =>
      new k8s.core.v1.Pod("pod", {
        spec: withPullSecrets(spec as k8s.types.input.core.v1.PodSpec, reference),
      }),
  );
}

class AnyResource extends pulumi.CustomResource {}

function transform(podSpec: unknown): Promise<Outcome<unknown>> {
  const props = { metadata: { namespace: "shop" }, spec: { template: { spec: podSpec } } };
  const pullSecret = { references: { web: reference }, namespaces: { web: "shop" } };
  return runWithMocks(async () => {
    const args = { custom: true, type: deploymentType, name: "app", props, opts: {} };
    const result = await pullSecretTransform(pullSecret)(args);
    return new AnyResource(deploymentType, "app", result?.props ?? props);
  });
}

function transformedSpec(outcome: Outcome<unknown>): unknown {
  assert.deepEqual(outcome.errors, []);
  const { spec } = inputsOf(outcome, deploymentType)["app"] as { spec: { template: { spec: unknown } } };
  return spec.template.spec;
}

/** The one error, also where it is thrown at once. */
async function errorFrom(outcome: Promise<Outcome<unknown>>): Promise<string> {
  try {
    return errorOf(await outcome);
  } catch (error) {
    return (error as Error).message;
  }
}

/** The one error, without the way that the SDK says it took. */
function errorOf({ errors, resources }: Outcome<unknown>): string {
  assert.equal(errors.length, 1, errors.join("\n"));
  assert.deepEqual(
    resources.filter(({ type }) => [deploymentType, "kubernetes:core/v1:Pod"].includes(type)),
    [],
  );
  const [error = ""] = errors;
  return error.slice(
    error.search(/PrivateDeployment "|PrivateWorkloads "|withPullSecrets: |Deployment "app": \d/),
  );
}

function specOf(outcome: Outcome<unknown>, type = deploymentType): Record<string, unknown> {
  assert.deepEqual(outcome.errors, []);
  const [{ spec } = {}] = Object.values(inputsOf(outcome, type));
  return type === deploymentType
    ? (spec as { template: { spec: Record<string, unknown> } }).template.spec
    : (spec as Record<string, unknown>);
}

describe("imagePullSecrets of any shape", () => {
  for (const [list, place, reason] of wrongLists) {
    for (const [how] of inputsFor(list)) {
      it(`${JSON.stringify(list)}${how} is an error with its path`, async () => {
        const podSpec = () => ({ imagePullSecrets: inputsFor(list).find(([name]) => name === how)?.[1] });
        const line = `podSpec.imagePullSecrets${place}: ${reason}`;
        assert.equal(
          errorOf(await makeDeployment(podSpec())),
          `PrivateDeployment "app": 1 problem\n  ${line}`,
        );
        assert.equal(
          errorOf(await makeDeployment(pulumi.output(podSpec()))),
          `PrivateDeployment "app": 1 problem\n  ${line}`,
        );
        assert.equal(
          errorOf(await makeWorkloads(podSpec())),
          `PrivateWorkloads "apps": 1 problem\n  deployments.web.${line}`,
        );
        const pod = await makePod({ containers: [served], ...podSpec() });
        assert.equal(errorOf(pod), `withPullSecrets: 1 problem\n  imagePullSecrets${place}: ${reason}`);
        const unservedPod = await makePod({ containers: [unserved], ...podSpec() });
        assert.equal(
          errorOf(unservedPod),
          `withPullSecrets: 1 problem\n  imagePullSecrets${place}: ${reason}`,
        );
      });
    }

    it(`${JSON.stringify(list)} is an error for the transform, if it serves the pod, which else stays as it is`, async () => {
      const odd = { imagePullSecrets: list };
      assert.equal(
        errorOf(await transform({ containers: [served], ...odd })),
        `Deployment "app": 1 problem\n  spec.template.spec.imagePullSecrets${place}: ${reason}`,
      );
      const left = { containers: [unserved], ...odd };
      assert.deepEqual(transformedSpec(await transform(left)), left);
    });
  }

  for (const none of [null, undefined]) {
    it(`that are ${String(none)} are none`, async () => {
      for (const input of [none, pulumi.output(none)]) {
        const odd = { imagePullSecrets: input };
        const own = [{ name: "regcred" }];
        assert.deepEqual(specOf(await makeDeployment(odd))["imagePullSecrets"], own);
        assert.deepEqual(specOf(await makeWorkloads(odd))["imagePullSecrets"], [
          { name: `apps-${versionHex}` },
        ]);
        const pod = await makePod({ containers: [served], ...odd });
        assert.deepEqual(specOf(pod, "kubernetes:core/v1:Pod")["imagePullSecrets"], own);
      }
      const odd = { imagePullSecrets: none };
      assert.deepEqual(transformedSpec(await transform({ containers: [served], ...odd })), {
        containers: [served],
        imagePullSecrets: [{ name: "regcred" }],
      });
      assert.deepEqual(transformedSpec(await transform({ containers: [unserved], ...odd })), {
        containers: [unserved],
        ...(none === null && odd),
      });
    });
  }

  it("are left as they are in a pod that the transform does not serve, doubled ones too", async () => {
    const left = { containers: [unserved], imagePullSecrets: [{ name: "a", more: 1 }, { name: "a" }, {}] };
    assert.deepEqual(transformedSpec(await transform(left)), left);
  });

  it("may be secret in the engine's own form, and stay so", async () => {
    const added = [{ name: "mine" }, { name: "regcred" }];
    for (const imagePullSecrets of [secretOf([{ name: "mine" }]), [{ name: secretOf("mine") }]]) {
      const outcome = await transform({ containers: [served], imagePullSecrets });
      const spec = { containers: [served], imagePullSecrets: added };
      assert.deepEqual(outcome.errors, []);
      assert.deepEqual(inputsOf(outcome, deploymentType)["app"]?.["spec"], secretOf({ template: { spec } }));
    }
    const hidden = await transform({ containers: secretOf([{ name: "app", image: secretOf(image) }]) });
    assert.deepEqual(hidden.errors, []);
    assert.match(JSON.stringify(hidden.resources), /"imagePullSecrets":\[\{"name":"regcred"\}\]/);
  });

  it("whose names are known late do not keep images from being checked at preview", async () => {
    const podSpec = {
      imagePullSecrets: [{ name: pulumi.output(pulumi.unknown as string) }],
      containers: [{ name: "side", image: "quay.io/a/b:1" }],
    };
    assert.match(
      errorOf(await makeDeployment(podSpec, { preview: true })),
      /containers\[1\]\.image: no server matches/,
    );
    const list = { ...podSpec, imagePullSecrets: pulumi.output(pulumi.unknown as object[]) };
    assert.match(
      errorOf(await makeWorkloads(list, { preview: true })),
      /containers\[1\]\.image: no server matches/,
    );
  });

  it("are reported with all else that is wrong", async () => {
    const podSpec = { imagePullSecrets: ["a"], containers: [{ name: "side", image: "quay.io/a/b:1" }] };
    const error = errorOf(await makeDeployment(podSpec));
    assert.match(
      error,
      /^PrivateDeployment "app": 2 problems\n {2}podSpec\.imagePullSecrets\[0\]: .*\n {2}containers\[1\]\.image: no server/,
    );
  });
});

describe("containers of any shape", () => {
  for (const list of ["containers", "initContainers", "ephemeralContainers"]) {
    for (const [wrong, place, reason] of wrongContainers) {
      it(`as ${list}, ${JSON.stringify(wrong)} is an error with its path`, async () => {
        const odd = { [list]: wrong };
        for (const podSpec of [odd, pulumi.output(odd), { [list]: pulumi.output(wrong as object) }]) {
          const line = `podSpec.${list}${place}: ${reason}`;
          assert.ok(errorOf(await makeDeployment(podSpec)).startsWith('PrivateDeployment "app": '));
          assert.ok(errorOf(await makeDeployment(podSpec)).includes(`\n  ${line}`));
          assert.ok(errorOf(await makeWorkloads(podSpec)).includes(`\n  deployments.web.${line}`));
        }
        const pod = await makePod({ containers: [served], ...odd });
        assert.equal(errorOf(pod), `withPullSecrets: 1 problem\n  ${list}${place}: ${reason}`);
      });

      it(`as ${list}, ${JSON.stringify(wrong)} is left alone by the transform, if it serves no image of the pod`, async () => {
        const side = list === "containers" ? "initContainers" : "containers";
        const name = `spec.template.spec.${list}${place}: ${reason}`;
        const error = errorOf(await transform({ [side]: [served], [list]: wrong }));
        assert.equal(error, `Deployment "app": 1 problem\n  ${name}`);
        const left = JSON.parse(
          JSON.stringify({ [side]: [unserved], [list]: wrong }).replaceAll("registry.example.com", "quay.io"),
        ) as object;
        assert.deepEqual(transformedSpec(await transform(left)), left);
      });
    }

    it(`as ${list}, null is none`, async () => {
      const pod = await makePod({
        containers: [served],
        [list]: null,
        ...(list === "containers" && { initContainers: [served] }),
      });
      assert.deepEqual(specOf(pod, "kubernetes:core/v1:Pod")["imagePullSecrets"], [{ name: "regcred" }]);
      const left = { containers: [unserved], [list]: null };
      assert.deepEqual(transformedSpec(await transform(left)), left);
    });
  }

  it("of null in a podSpec leave the container of the image", async () => {
    const { containers } = specOf(await makeDeployment({ containers: null })) as { containers: object[] };
    assert.equal(containers.length, 1);
  });

  it("without a name or an image in a podSpec are the usual errors", async () => {
    const error = errorOf(await makeDeployment({ initContainers: [{ command: ["true"] }] }));
    assert.match(
      error,
      /initContainers\[0\]\.name: "" is .* DNS-1123 label.*\n.*initContainers\[0\]\.image: "" is .*image reference/,
    );
  });
});

describe("a podSpec of any shape", () => {
  for (const [podSpec, kind] of [
    ["x", "a string"],
    [5, "a number"],
    [[served], "a list"],
    [null, "nothing"],
  ] as const) {
    it(`that is ${kind} is an error`, async () => {
      const line = `podSpec: is ${kind}: give an object.`;
      for (const input of [podSpec, pulumi.output(podSpec as unknown as object)]) {
        assert.equal(await errorFrom(makeDeployment(input)), `PrivateDeployment "app": 1 problem\n  ${line}`);
        assert.equal(
          await errorFrom(makeWorkloads(input)),
          `PrivateWorkloads "apps": 1 problem\n  deployments.web.${line}`,
        );
        assert.equal(await errorFrom(makePod(input)), `withPullSecrets: 1 problem\n  ${line}`);
      }
    });
  }
});

describe("image volumes", () => {
  const volumes = (reference: string) => [
    { name: "data", emptyDir: {} },
    { name: "app", image: { reference, pullPolicy: "IfNotPresent" } },
  ];

  it("are pulled with the pod's pull Secrets, and planned", async () => {
    const outcome = await makeWorkloads({ volumes: volumes("registry.example.com/models:2") });
    assert.deepEqual(specOf(outcome)["volumes"], volumes("registry.example.com/models:2"));
    const attempts = [{ server: "registry.example.com", pullSecret: "current" }];
    assert.deepEqual(await valueOf(outcome.value.pullPlan), [
      { deployment: "web", container: "web", image, attempts },
      { deployment: "web", container: "app", image: "registry.example.com/models:2", attempts },
    ]);
  });

  it("that no login serves are an error with their path", async () => {
    const error = errorOf(await makeWorkloads({ volumes: volumes("quay.io/models:2") }));
    assert.match(
      error,
      /^PrivateWorkloads "apps": 1 problem\n {2}deployments\.web\.podSpec\.volumes\[1\]\.image\.reference: no server matches "quay\.io\/models:2"/,
    );
    assert.match(
      errorOf(await makeDeployment({ volumes: volumes("A") })),
      /podSpec\.volumes\[1\]\.image\.reference: "A" is .*image reference/,
    );
  });

  it("bring the pull Secrets to a pod of somebody else's", async () => {
    const podSpec = { containers: [unserved], volumes: volumes("registry.example.com/models:2") };
    const own = [{ name: "regcred" }];
    assert.deepEqual(specOf(await makePod(podSpec), "kubernetes:core/v1:Pod")["imagePullSecrets"], own);
    assert.deepEqual(transformedSpec(await transform(podSpec)), { ...podSpec, imagePullSecrets: own });
  });

  it("are pinned like containers", async () => {
    const reference = "registry.example.com/models:2";
    const pins = { web: { [reference]: `${reference}@sha256:0` } };
    const { value } = await runWithMocks(() =>
      pinImages({ containers: [served], volumes: volumes(reference) }, "web", pulumi.output<Pins>(pins)),
    );
    assert.deepEqual(await valueOf(pulumi.output(value)), {
      containers: [served],
      volumes: volumes(`${reference}@sha256:0`),
    });
    for (const odd of [null, "x", [null], [{ name: "a", image: "x" }], [{ name: "a", image: {} }]]) {
      const podSpec = { containers: [served], volumes: odd } as never;
      const { value } = await runWithMocks(() => pinImages(podSpec, "web", pulumi.output<Pins>(pins)));
      assert.deepEqual(await valueOf(pulumi.output(value)), podSpec);
    }
  });

  for (const odd of [
    null,
    "x",
    [null],
    ["x"],
    [{ name: "a", image: "x" }],
    [{ name: "a", image: null }],
    [{ name: "a", image: {} }],
  ]) {
    it(`${JSON.stringify(odd)} are none`, async () => {
      assert.deepEqual(specOf(await makeDeployment({ volumes: odd }))["volumes"] ?? null, odd);
      const left = { containers: [unserved], volumes: odd };
      assert.deepEqual(transformedSpec(await transform(left)), left);
    });
  }
});
