import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  encodeDockerConfigJson,
  ImagePullSecret,
  PrivateDeployment,
  PrivateWorkloads,
  pullSecretTransform,
  Rotation,
  withPullSecrets,
} from "../../components";
import { expectPullable, type ExpectPullableOptions } from "../../testing";

const login = { server: "www.3rdregistry.com", username: "janedoe", password: "c4n4ry" };
const image = "www.3rdregistry.com/janedoe/awesomeapp:v1";
const dockerConfig = encodeDockerConfigJson([login]);
const dockerConfigType = "kubernetes.io/dockerconfigjson";

const howToKnow =
  "Run the mocks without `preview`, and let newResource return what it is made from. For a Secret without a metadata.name, have newResource return a name in its state: { ...args.inputs, metadata: { name: args.name, ...args.inputs.metadata } }.";

type Recorded = pulumi.runtime.MockResourceArgs;
type PodSpec = k8s.types.input.core.v1.PodSpec;

/** As docs/testing.md shows: the mocks give a name to what has none. */
const named = ({ name, inputs }: Recorded): object => {
  const { metadata } = inputs as { metadata?: object };
  return { ...(inputs as object), metadata: { name, ...metadata } };
};

interface Mocks {
  preview?: boolean;
  stateOf?: (args: Recorded) => object;
}

/** What a program registers under mocks, as far as it has. */
async function record(program: () => unknown, { preview, stateOf = named }: Mocks = {}): Promise<Recorded[]> {
  const resources: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        resources.push(args);
        return { id: `${args.name}-id`, state: stateOf(args) };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "project",
    "stack",
    preview,
  );
  pulumi.runtime.setAllConfig({ "kubernetes:enableSecretMutable": "true" });
  program();
  return resources;
}

async function check(program: () => unknown, mocks?: Mocks, options?: ExpectPullableOptions): Promise<void> {
  await expectPullable(await record(program, mocks), options);
}

/** The lines of the assertion, without the first. */
async function problemsOf(
  program: () => unknown,
  mocks?: Mocks,
  options?: ExpectPullableOptions,
): Promise<string[]> {
  return problemsIn(await record(program, mocks), options);
}

async function problemsIn(resources: Recorded[], options?: ExpectPullableOptions): Promise<string[]> {
  const error = await expectPullable(resources, options).then(
    () => assert.fail("nothing was wrong"),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof assert.AssertionError, String(error));
  assert.ok(!/janedoe:c|c4n4ry/.test(error.message + (error.stack ?? "")), error.message);
  const [first = "", ...lines] = error.message.split("\n");
  const count = lines.filter((line) => line.startsWith("  ")).length;
  assert.equal(first, `expectPullable: ${count === 1 ? "1 problem" : `${count} problems`}`);
  return lines.map((line) => line.trim());
}

function podSpec(pulled: pulumi.Input<string> = image, ...secrets: pulumi.Input<string>[]): PodSpec {
  const imagePullSecrets = secrets.map((name) => ({ name }));
  return {
    containers: [{ name: "main", image: pulled }],
    ...(secrets.length > 0 && { imagePullSecrets }),
  };
}

function deployment(name: string, spec: pulumi.Input<PodSpec>, namespace?: pulumi.Input<string>): void {
  const labels = { app: name };
  new k8s.apps.v1.Deployment(name, {
    metadata: { namespace },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  });
}

function secret(name: string, args: k8s.core.v1.SecretArgs = {}, opts?: pulumi.CustomResourceOptions) {
  return new k8s.core.v1.Secret(
    name,
    { type: dockerConfigType, stringData: { ".dockerconfigjson": dockerConfig }, ...args },
    opts,
  );
}

describe("expectPullable", () => {
  it("waits for the program, and passes where each image has a login", async () => {
    await check(() => {
      const password = pulumi.secret(new Promise<string>((resolve) => setTimeout(resolve, 5, "c4n4ry")));
      const registries = [{ ...login, password }];
      const pullSecret = new ImagePullSecret("login", { registries });
      new PrivateDeployment("app", { pullSecrets: [pullSecret.reference], image });
      new k8s.batch.v1.CronJob("report", {
        spec: {
          schedule: "0 4 * * *",
          jobTemplate: { spec: { template: { spec: withPullSecrets(podSpec(), pullSecret) } } },
        },
      });
    });
  });

  it("sees what the program registers only after it was called", async () => {
    const lines = await problemsOf(
      () => {
        deployment("app", podSpec("public.example.com/app"));
        secret("regcred").id.apply(() => {
          deployment("late", podSpec(image));
        });
      },
      {},
      { serversWithoutSecret: ["public.example.com"] },
    );
    assert.deepEqual(lines, [
      `Deployment "late" spec.template.spec.containers[0].image: "${image}" is pulled without a login: neither the pod nor its ServiceAccount "default" lists a pull Secret. The pull Secret "regcred" of its namespace has a login for it, but is not listed.`,
    ]);
  });

  it("passes for every kind of workload, list and patch, and each place of a pod's images", async () => {
    const spec = {
      initContainers: [{ name: "init", image }],
      containers: [{ name: "main", image }],
      volumes: [
        { name: "data", image: { reference: image } },
        { name: "tmp", emptyDir: {} },
      ],
      imagePullSecrets: [{ name: "regcred" }],
    };
    const template = { metadata: { labels: { app: "a" } }, spec };
    const selector = { matchLabels: { app: "a" } };
    const program = (specOf: typeof spec) => () => {
      const pods = { ...template, spec: specOf };
      secret("regcred");
      new k8s.core.v1.Pod("pod", { spec: specOf });
      new k8s.apps.v1.ReplicaSet("set", { spec: { selector, template: pods } });
      new k8s.apps.v1.StatefulSet("db", { spec: { selector, serviceName: "db", template: pods } });
      new k8s.apps.v1.DaemonSet("agent", { spec: { selector, template: pods } });
      new k8s.batch.v1.Job("job", { spec: { template: pods } });
      new k8s.batch.v1.CronJob("cron", {
        spec: { schedule: "@daily", jobTemplate: { spec: { template: pods } } },
      });
      new k8s.apps.v1.DeploymentList("list", { items: [{ spec: { selector, template: pods } }] });
      new k8s.apps.v1.DeploymentPatch("patch", { metadata: { name: "other" }, spec: { template: pods } });
      new k8s.apiextensions.CustomResource("rollout", {
        apiVersion: "argoproj.io/v1alpha1",
        kind: "Rollout",
        spec: { template: pods },
      });
    };
    await check(program(spec));
    const lines = await problemsOf(program({ ...spec, imagePullSecrets: [{ name: "other" }] }));
    const inTemplate = "spec.template.spec";
    const pods: [subject: string, path: string][] = [
      ['Pod "pod"', "spec"],
      ['ReplicaSet "set"', inTemplate],
      ['StatefulSet "db"', inTemplate],
      ['DaemonSet "agent"', inTemplate],
      ['Job "job"', inTemplate],
      ['CronJob "cron"', `spec.jobTemplate.${inTemplate}`],
      ['DeploymentList "list"', `items[0].${inTemplate}`],
      ['DeploymentPatch "patch"', inTemplate],
      ['Rollout "rollout"', inTemplate],
    ];
    const images = ["initContainers[0].image", "containers[0].image", "volumes[0].image.reference"];
    assert.deepEqual(
      lines.map((line) => line.replace(/: .*/, "")).toSorted(),
      pods.flatMap(([subject, path]) => images.map((place) => `${subject} ${path}.${place}`)).toSorted(),
    );
  });

  it("names the nearest server and why it does not match, for all images at once", async () => {
    const lines = await problemsOf(() => {
      secret("regcred");
      deployment("typo", podSpec("www.3rdregistery.com/janedoe/awesomeapp:v1", "regcred"));
      deployment("hub", podSpec("nginx:1.27", "regcred"));
      deployment("bad", podSpec("https://www.3rdregistry.com/app", "regcred"));
    });
    const remedy =
      "Add a registry for it, correct the image or the server, or name its server in `serversWithoutSecret` if it needs no pull Secret. Its pull Secrets: regcred.";
    const at = "spec.template.spec.containers[0].image";
    assert.deepEqual(lines.slice(0, 2), [
      `Deployment "typo" ${at}: No server matches "www.3rdregistery.com/janedoe/awesomeapp:v1"; the nearest, "www.3rdregistry.com", does not: its host is not "www.3rdregistery.com". ${remedy}`,
      `Deployment "hub" ${at}: No server matches "nginx:1.27" (on Docker Hub, as it names no other host); the nearest, "www.3rdregistry.com", does not: its host has 3 dot-separated parts and the image's has 2; "*" matches within one part. ${remedy}`,
    ]);
    assert.match(lines[2] ?? "", /^Deployment "bad" .*is not an image reference/);
    assert.equal(lines.length, 3);
  });

  it("says that there is no server where the program makes no pull Secret", async () => {
    const [line = ""] = await problemsOf(() => {
      deployment("app", podSpec());
    });
    assert.match(
      line,
      /neither the pod nor its ServiceAccount "default" lists a pull Secret\. List one that has/,
    );
  });

  it("takes a Secret of the pod's own namespace only, by name or by the provider", async () => {
    const program = (secretNamespace?: string, podNamespace?: string) => () => {
      secret("regcred", { metadata: { namespace: secretNamespace } });
      deployment("app", podSpec(image, "regcred"), podNamespace);
    };
    await check(program("shop", "shop"));
    await check(program());
    const [other] = await problemsOf(program("web", "shop"));
    assert.equal(
      other,
      `Deployment "app" spec.template.spec.containers[0].image: "${image}" can't be checked: the pull Secret "regcred" is not in the program. The pull Secret "regcred" has a login for it, but is in the namespace "web": a pod uses only those of its own. If it is made elsewhere, name the server in \`serversWithoutSecret\`.`,
    );
    const [default_ = ""] = await problemsOf(program("shop"));
    assert.match(
      default_,
      /has a login for it, but is in the namespace "shop": a pod uses only those of its own/,
    );
  });

  it("tells clusters apart by their providers, and knows the namespace of a provider", async () => {
    const program = (secretSettings: k8s.ProviderArgs, podSettings: k8s.ProviderArgs) => () => {
      const [one, other] = [new k8s.Provider("one", secretSettings), new k8s.Provider("other", podSettings)];
      secret("regcred", { metadata: { namespace: "shop" } }, { provider: one });
      new k8s.core.v1.Pod("app", { spec: podSpec(image, "regcred") }, { provider: other });
    };
    await check(program({ kubeconfig: "a" }, { kubeconfig: "a", namespace: "shop" }));
    await check(program({ context: "a", namespace: "x" }, { context: "a", namespace: "shop" }));
    for (const [one, other] of [
      [{ kubeconfig: "a" }, { kubeconfig: "b", namespace: "shop" }],
      [{}, { namespace: "shop" }],
    ] as const) {
      const [line = ""] = await problemsOf(program(one, other));
      assert.match(
        line,
        /the pull Secret "regcred" is not in what the program makes with the same provider\. If it is made/,
      );
    }
  });

  it("takes the list of the pod's ServiceAccount where the pod has none", async () => {
    const program = (account: string, spec: Partial<PodSpec>) => () => {
      secret("regcred");
      const list = { metadata: { name: account }, imagePullSecrets: [{ name: "regcred" }] };
      if (account === "default") {
        new k8s.core.v1.ServiceAccountPatch("account", list);
      } else {
        new k8s.core.v1.ServiceAccount("account", list);
      }
      deployment("app", { ...podSpec(), ...spec });
    };
    await check(program("builder", { serviceAccountName: "builder" }));
    await check(program("builder", { serviceAccount: "builder" }));
    await check(program("default", {}));
    await check(program("default", { imagePullSecrets: [] }));
    const [own = ""] = await problemsOf(program("default", { imagePullSecrets: [{ name: "absent" }] }));
    assert.match(own, /the pull Secret "absent" is not in the program\./);
    const [other = ""] = await problemsOf(program("builder", {}));
    assert.match(other, /of its namespace has a login for it, but is not listed\./);
  });

  it("knows the Secrets of ImagePullSecret and PrivateWorkloads, with their ServiceAccounts", async () => {
    await check(
      () => {
        new PrivateWorkloads("shop", {
          registries: [login],
          previousRegistries: [{ ...login, password: "c4n4ry-old" }],
          namespaces: { web: "shop-web", jobs: "shop-jobs" },
          createNamespace: true,
          deployments: { web: { image, namespace: "web" }, worker: { image, namespace: "jobs" } },
        });
        new ImagePullSecret("accounts", {
          registries: [login],
          namespace: "shop-web",
          rotation: Rotation.InPlace,
          serviceAccounts: { default: ["builder"] },
        });
        deployment("built", { ...podSpec(), serviceAccountName: "builder" }, "shop-web");
      },
      { stateOf: ({ inputs }) => inputs as object },
    );
  });

  it("reads data and stringData, .dockercfg, and what kubelet reads of no Secret", async () => {
    const base64 = (text: string): string => Buffer.from(text).toString("base64");
    const withArgs = (args: k8s.core.v1.SecretArgs) => () => {
      secret("regcred", { stringData: undefined, ...args });
      deployment("app", podSpec(image, "regcred"));
    };
    const { auths } = JSON.parse(dockerConfig) as { auths: object };
    await check(withArgs({ data: { ".dockerconfigjson": base64(dockerConfig) } }));
    await check(
      withArgs({ data: { ".dockerconfigjson": "!" }, stringData: { ".dockerconfigjson": dockerConfig } }),
    );
    await check(
      withArgs({ type: "kubernetes.io/dockercfg", data: { ".dockercfg": base64(JSON.stringify(auths)) } }),
    );
    for (const args of [
      { type: "Opaque" },
      { type: undefined },
      {},
      { data: { ".dockerconfigjson": "!" } },
    ]) {
      const [line = ""] = await problemsOf(withArgs(args));
      assert.match(
        line,
        /Kubelet ignores "regcred": a pull Secret has the type kubernetes\.io\/dockerconfigjson/,
      );
    }
    const [empty = ""] = await problemsOf(
      withArgs({ stringData: { ".dockerconfigjson": '{"auths":{"www.3rdregistry.com":{}}}' } }),
    );
    assert.match(empty, /No server matches .*; there is none/);
  });

  it("says which Secret kubelet can't read, as it uses no other then, for public images either", async () => {
    const lines = await problemsOf(
      () => {
        secret("good");
        secret("bad", {
          stringData: { ".dockerconfigjson": '{"auths":{"janedoe:c4n4ry@x.test":{"auth":"?"}}}' },
        });
        deployment("app", podSpec("public.example.com/app", "good", "bad"));
      },
      {},
      { serversWithoutSecret: ["public.example.com"] },
    );
    assert.deepEqual(lines, [
      'Deployment "app" spec.template.spec.containers[0].image: "public.example.com/app" can\'t be pulled, since kubelet can\'t read the pull Secret "bad": auths["...@x.test"].auth is not base64 (letters, digits, "+" and "/"): give the base64 of username:password.',
    ]);
  });

  it("quotes no login that stands in the key of a Secret", async () => {
    const [line = ""] = await problemsOf(() => {
      const auths = { "janedoe:c4n4ry": { auth: "amFuZWRvZTpjNG40cnk=" } };
      secret("regcred", { stringData: { ".dockerconfigjson": JSON.stringify({ auths }) } });
      deployment("app", podSpec(image, "regcred"));
    });
    assert.match(line, /the nearest, "janedoe:\.\.\.", does not: kubelet can't read it/);
  });

  it("leaves out what the servers without a pull Secret serve", async () => {
    const program = (): void => {
      deployment("app", podSpec("nginx:1.27"));
    };
    await check(program, {}, { serversWithoutSecret: ["docker.io"] });
    assert.equal((await problemsOf(program, {}, { serversWithoutSecret: ["quay.io"] })).length, 1);
  });

  it("says what these mocks don't know, and takes none of it for granted", async () => {
    const unnamed = { stateOf: ({ inputs }: Recorded) => inputs as object };
    const [noName = ""] = await problemsOf(() => {
      deployment("app", podSpec(image, secret("regcred").metadata.name));
    }, unnamed);
    assert.equal(
      noName,
      `Deployment "app" spec.template.spec.containers[0].image: "${image}" can't be checked: not all names of its pull Secrets are known yet. The pull Secret "regcred" of its namespace has a login for it, but is not listed. ${howToKnow}`,
    );
    const noImage = await problemsOf(() => {
      const notReturned = new k8s.core.v1.ConfigMap("image").data.apply((data) => data as unknown as string);
      deployment("app", podSpec(notReturned));
      deployment("empty", {} as PodSpec);
      deployment("none", undefined as unknown as PodSpec);
    });
    assert.deepEqual(noImage.toSorted(), [
      `Deployment "app" spec.template.spec.containers[0].image: The image is not known yet. ${howToKnow}`,
      `Deployment "empty" spec.template.spec: No image is known. ${howToKnow}`,
      `Deployment "none" spec.template.spec: No image is known. ${howToKnow}`,
    ]);
    const namespaces = (stateOf?: Mocks["stateOf"]) =>
      problemsOf(() => {
        const { metadata } = new k8s.core.v1.Namespace("shop");
        secret("regcred", { metadata: { name: "regcred" } });
        deployment("app", podSpec(image, "regcred"), metadata.name);
      }, stateOf && { stateOf });
    const [nameless = ""] = await namespaces(unnamed.stateOf);
    assert.match(
      nameless,
      /^Namespace "shop": has no name, so that what is in it can't be told from what is in/,
    );
    const [named = ""] = await namespaces();
    assert.match(named, /but is in the provider's namespace: a pod uses only those of its own/);
  });

  it("says in a preview what is unknown", async () => {
    const unknown = pulumi.output(pulumi.unknown as string);
    const lines = await problemsOf(
      () => {
        const pullSecret = new ImagePullSecret("login", { registries: [login] });
        new PrivateDeployment("app", { pullSecrets: [pullSecret.reference], image });
        deployment("placed", podSpec(image), unknown);
        deployment("pulled", podSpec(unknown));
        new k8s.core.v1.Pod("pod", { spec: unknown as unknown as pulumi.Output<PodSpec> });
      },
      { preview: true },
    );
    assert.deepEqual(lines.map((line) => line.replace(` ${howToKnow}`, "")).toSorted(), [
      `Deployment "app" spec.template.spec.containers[0].image: "${image}" can't be checked: its pull Secrets are not known yet. A pull Secret of its namespace, whose name is not known yet, has a login for it.`,
      `Deployment "placed" spec.template.spec.containers[0].image: "${image}" is pulled without a login: neither the pod nor its ServiceAccount "default" lists a pull Secret. List one that has a login for it, or name its server in \`serversWithoutSecret\` if it needs none.`,
      'Deployment "pulled" spec.template.spec.containers[0].image: The image is not known yet.',
      'Pod "pod" spec: The image is not known yet.',
    ]);
  });

  it("reads secrets in the engine's form", async () => {
    await check(() => {
      secret("regcred", { stringData: pulumi.secret({ ".dockerconfigjson": dockerConfig }) });
      deployment("app", pulumi.secret(podSpec(image, pulumi.secret("regcred"))));
    });
  });

  it("says that mocks run no transforms where there are some", async () => {
    const lines = await problemsOf(() => {
      const pullSecret = new ImagePullSecret("login", { registries: [login] });
      new k8s.core.v1.Pod("app", { spec: podSpec() }, { transforms: [pullSecretTransform(pullSecret)] });
    });
    assert.match(lines[0] ?? "", /of its namespace has a login for it, but is not listed\./);
    assert.deepEqual(lines.slice(1), [
      "Pulumi's mocks do not run resource transforms, so that a pullSecretTransform has no effect under them.",
    ]);
  });

  it("takes no container and no list of them for granted", async () => {
    const { containers } = podSpec();
    const volumes = [{ name: "data", image: {} }];
    const spec = { containers, volumes, imagePullSecrets: [{ name: "regcred" }] };
    const lines = await problemsOf(() => {
      secret("regcred");
      new k8s.core.v1.Pod("list", { spec: { containers: { name: "main", image } as unknown as [] } });
      new k8s.core.v1.Pod("image", { spec: { ...spec, containers: [{ name: "main" }] } });
      new k8s.core.v1.Pod("volume", { spec });
      new k8s.apps.v1.DeploymentPatch("size", { metadata: { name: "other" }, spec: { replicas: 2 } });
    });
    assert.deepEqual(lines.toSorted(), [
      `Pod "image" spec.containers[0].image: The image is not known yet. ${howToKnow}`,
      `Pod "image" spec.volumes[0].image.reference: The image is not known yet. ${howToKnow}`,
      `Pod "list" spec: No image is known. ${howToKnow}`,
      `Pod "volume" spec.volumes[0].image.reference: The image is not known yet. ${howToKnow}`,
    ]);
  });

  it("counts no patch without images as a workload", async () => {
    const size = await record(
      () => new k8s.apps.v1.DeploymentPatch("size", { metadata: { name: "other" }, spec: { replicas: 2 } }),
    );
    await assert.rejects(expectPullable(size), /has 1 resources, and none is a workload/);
  });

  it("does not look at the ServiceAccount of a pod that lists a name that is not known", async () => {
    const [line = ""] = await problemsOf(
      () => {
        const { metadata } = secret("unnamed", { type: "Opaque" });
        secret("regcred", { metadata: { name: "regcred" } });
        new k8s.core.v1.ServiceAccountPatch("account", {
          metadata: { name: "default" },
          imagePullSecrets: [{ name: "regcred" }],
        });
        deployment("app", podSpec(image, metadata.name));
      },
      { stateOf: ({ inputs }) => inputs as object },
    );
    assert.match(line, /can't be checked: not all names of its pull Secrets are known yet\./);
  });

  it("tells a Namespace without a name from the provider's where the mocks name it", async () => {
    await check(() => {
      const { metadata } = new k8s.core.v1.Namespace("shop");
      secret("regcred", { metadata: { namespace: metadata.name } });
      deployment("app", podSpec(image, "regcred"), metadata.name);
      secret("other");
      deployment("elsewhere", podSpec(image, "other"));
    });
  });

  it("rejects with the error of the program", async () => {
    const resources = await record(() => {
      const pullSecret = new ImagePullSecret("login", { registries: [login] });
      new PrivateDeployment("app", { pullSecrets: [pullSecret.reference], image: "nginx:1.27" });
    });
    await assert.rejects(
      expectPullable(resources),
      /PrivateDeployment "app": 1 problem\n {2}image: no server/,
    );
  });

  it("rejects with all errors of the program if there are several", async () => {
    const resources = await record(() => {
      const failing = (message: string) => pulumi.output(Promise.reject<string>(new Error(message)));
      new k8s.core.v1.ConfigMap("one", { metadata: { name: failing("first") } });
      new k8s.core.v1.ConfigMap("two", { metadata: { name: failing("second") } });
    });
    await assert.rejects(expectPullable(resources), (error: Error) => {
      assert.ok(error instanceof AggregateError);
      assert.deepEqual(
        error.errors.map((one: Error) => one.message),
        ["first", "second"].map((message) => `error serializing property "metadata": ${message}`),
      );
      return error.message === error.errors.map((one: Error) => one.message).join("\n");
    });
  });

  it("names the components that failed before it was called, whose errors nobody saw", async () => {
    const ignore = (): void => undefined;
    process.on("unhandledRejection", ignore);
    const resources = await record(() => {
      const wrong = pulumi.output([{ ...login, server: "" }]);
      const pullSecret = new ImagePullSecret("login", { registries: [login] });
      new ImagePullSecret("wrong", { registries: wrong, namespaces: { a: "a" } });
      new PrivateDeployment("app", { pullSecrets: [pullSecret.reference], image: "nginx:1.27" });
      const deployments = { web: { image: "nginx:1.27" } };
      new PrivateWorkloads("shop", { registries: [login], deployments });
      deployment("good", podSpec(image, pullSecret.secretName));
    });
    await pulumi.runtime.disconnect();
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off("unhandledRejection", ignore);
    const lines = await problemsIn(resources);
    const reason =
      "made nothing, since its arguments are wrong. Its error is an unhandled rejection, which mocha does not show: run the program and expectPullable in one test to see it.";
    assert.deepEqual(lines.toSorted(), [
      `ImagePullSecret "wrong": ${reason}`,
      `PrivateDeployment "app": ${reason}`,
      `PrivateWorkloads "shop": ${reason}`,
    ]);
  });
});

describe("expectPullable, used wrongly", () => {
  const app = { type: "kubernetes:core/v1:Pod", name: "app", inputs: { spec: podSpec() } };

  before(() => record(() => undefined));

  for (const [what, resources, reason] of [
    [
      "no list",
      { app },
      "resources: is an object: give the list to which newResource of the mocks adds what it is given.",
    ],
    [
      "nothing",
      undefined,
      "resources: is nothing: give the list to which newResource of the mocks adds what it is given.",
    ],
    [
      "an empty list",
      [],
      "resources: is empty, so nothing was checked: have newResource of the mocks add its argument to it, and run the program before.",
    ],
    [
      "no workload",
      [{ ...app, type: "kubernetes:core/v1:Secret" }],
      "resources: has 1 resources, and none is a workload, so nothing was checked. Mocks don't show what is in a helm.v4.Chart, a Release, a yaml.v2.ConfigGroup or another remote component.",
    ],
    [
      "a list of names",
      [app, "app"],
      "resources[1]: is not what newResource of the mocks is given: push its argument, with type, name and inputs.",
    ],
    [
      "a list of inputs",
      [app.inputs],
      "resources[0]: is not what newResource of the mocks is given: push its argument, with type, name and inputs.",
    ],
  ] as const) {
    it(`is an error for ${what}`, async () => {
      await assert.rejects(expectPullable(resources as unknown as Recorded[]), {
        message: `expectPullable: 1 problem\n  ${reason}`,
      });
    });
  }

  it("is an error for wrong options", async () => {
    const wrong = (options: unknown) => expectPullable([app], options as ExpectPullableOptions);
    await assert.rejects(wrong({ serversWithoutSecret: "docker.io" }), /options\.serversWithoutSecret: /);
    await assert.rejects(wrong({ serversWithoutSecret: ["DOCKER.IO"] }), /serversWithoutSecret\[0\]: /);
    await assert.rejects(wrong({ serverWithoutSecret: [] }), /did you mean "serversWithoutSecret"/);
    await assert.rejects(wrong({ serversWithoutSecret: undefined }), assert.AssertionError);
  });
});
