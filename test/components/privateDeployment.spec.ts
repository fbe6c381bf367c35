import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PrivateDeployment, type PrivateDeploymentArgs, type PullSecretReference } from "../../components";
import {
  inputsOf,
  isSecret,
  type MockOptions,
  type Outcome,
  runWithMocks,
  secretOf,
  valueOf,
} from "../support/mocks";

const image = "www.3rdregistry.com/janedoe/awesomeapp:v1";
const pullSecrets = [{ secretNames: ["regcred-0a1b2c3d"], servers: ["www.3rdregistry.com"] }];
const deploymentType = "kubernetes:apps/v1:Deployment";

function make(
  args: Partial<PrivateDeploymentArgs>,
  options?: MockOptions,
): Promise<Outcome<PrivateDeployment>> {
  return runWithMocks(() => new PrivateDeployment("awesomeapp", { pullSecrets, ...args }), options);
}

interface DeploymentInputs {
  metadata: Record<string, unknown>;
  spec: { replicas: number; template: { metadata: Record<string, unknown>; spec: Record<string, unknown> } };
}

async function made(args: Partial<PrivateDeploymentArgs>): Promise<DeploymentInputs> {
  const outcome = await make(args);
  assert.deepEqual(outcome.errors, []);
  return inputsOf(outcome, deploymentType)["awesomeapp"] as unknown as DeploymentInputs;
}

async function podSpecOf(args: Partial<PrivateDeploymentArgs>): Promise<Record<string, unknown>> {
  return (await made(args)).spec.template.spec;
}

async function problemsOf(args: Partial<PrivateDeploymentArgs>): Promise<string[]> {
  const outcome = await make(args);
  assert.deepEqual(inputsOf(outcome, deploymentType), {});
  return outcome.errors;
}

describe("PrivateDeployment", () => {
  it("makes a Deployment of the component's name that lists the pull Secrets and loses no pod in a rollout", async () => {
    const deployment = await made({
      image,
      namespace: "shop",
      replicas: 3,
      ports: [{ containerPort: 8080, name: "http" }],
      env: { LOG_LEVEL: "info" },
      resources: { requests: { cpu: "100m" }, limits: { memory: "256Mi" } },
      readinessProbe: { httpGet: { port: 8080, path: "/healthz" }, periodSeconds: 5 },
    });
    const labels = { "app.kubernetes.io/name": "awesomeapp" };
    assert.deepEqual(deployment, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "awesomeapp", namespace: "shop", labels },
      spec: {
        replicas: 3,
        selector: { matchLabels: labels },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: "25%" } },
        template: {
          metadata: { labels },
          spec: {
            automountServiceAccountToken: false,
            securityContext: { seccompProfile: { type: "RuntimeDefault" } },
            imagePullSecrets: [{ name: "regcred-0a1b2c3d" }],
            containers: [
              {
                name: "awesomeapp",
                image,
                ports: [{ containerPort: 8080, name: "http" }],
                env: [{ name: "LOG_LEVEL", value: "info" }],
                resources: { requests: { cpu: "100m" }, limits: { memory: "256Mi" } },
                readinessProbe: { httpGet: { port: 8080, path: "/healthz" }, periodSeconds: 5 },
                securityContext: { allowPrivilegeEscalation: false },
              },
            ],
          },
        },
      },
    });
  });

  it("leaves the number of pods to others where none is given", async () => {
    for (const replicas of [undefined, pulumi.output(undefined)]) {
      const { spec } = await made({ image, replicas: replicas as unknown as pulumi.Input<number> });
      assert.deepEqual(Object.keys(spec).toSorted(), ["selector", "strategy", "template"]);
    }
    assert.equal((await made({ image, replicas: 0 })).spec.replicas, 0);
  });

  it("lists every pull Secret once, in the given order", async () => {
    const spec = await podSpecOf({
      image,
      pullSecrets: [
        { secretNames: ["current", "previous"], servers: ["www.3rdregistry.com"] },
        { secretNames: ["previous", "default-secret"], servers: ["swr.*.myhuaweicloud.com"] },
      ],
    });
    assert.deepEqual(spec["imagePullSecrets"], [
      { name: "current" },
      { name: "previous" },
      { name: "default-secret" },
    ]);
  });

  it("adds labels to the Deployment and its pods, but never to the selector", async () => {
    const { metadata, spec } = await made({
      image,
      labels: { tier: "web", "app.kubernetes.io/name": "mine" },
      annotations: { note: "of the pods" },
    });
    const labels = { tier: "web", "app.kubernetes.io/name": "awesomeapp" };
    assert.deepEqual(metadata["labels"], labels);
    assert.deepEqual(spec.template.metadata, { labels, annotations: { note: "of the pods" } });
  });

  it("merges podSpec last: by name into the containers, and keeps the pull Secrets", async () => {
    const spec = await podSpecOf({
      image,
      podSpec: {
        automountServiceAccountToken: true,
        nodeSelector: { pool: "spot" },
        imagePullSecrets: [{ name: "by-hand" }],
        containers: [{ name: "awesomeapp", tty: true }],
      },
    });
    assert.equal(spec["automountServiceAccountToken"], true);
    assert.deepEqual(spec["nodeSelector"], { pool: "spot" });
    assert.deepEqual(spec["imagePullSecrets"], [{ name: "by-hand" }, { name: "regcred-0a1b2c3d" }]);
    assert.deepEqual(spec["containers"], [
      { name: "awesomeapp", image, securityContext: { allowPrivilegeEscalation: false }, tty: true },
    ]);
  });

  it("takes Outputs and promises wherever a value is an Input", async () => {
    const spec = await podSpecOf({
      containers: pulumi.output([{ name: "app", image: pulumi.output(image) }]),
      initContainers: [{ name: "migrate", image: Promise.resolve(image) }],
      podSpec: pulumi.output({ hostNetwork: true }),
    });
    const securityContext = { allowPrivilegeEscalation: false };
    assert.equal(spec["hostNetwork"], true);
    assert.deepEqual(spec["containers"], [{ name: "app", image, securityContext }]);
    assert.deepEqual(spec["initContainers"], [{ name: "migrate", image, securityContext }]);
  });

  it("keeps a secret value of a variable secret", async () => {
    const outcome = await make({ image, env: { TOKEN: pulumi.secret("t0ken") } });
    const { spec } = inputsOf(outcome, deploymentType)["awesomeapp"] ?? {};
    assert.deepEqual(spec, secretOf((spec as { value: unknown }).value));
    assert.match(JSON.stringify(spec), /"name":"TOKEN","value":"t0ken"/);
  });

  it("outputs its name, the first container's image and the ready pods", async () => {
    const { value } = await make({ image });
    assert.equal(await valueOf(value.name), "awesomeapp");
    assert.equal(await valueOf(value.image), image);
    assert.equal(await valueOf(value.readyReplicas), 0);
  });

  it("rolls out in 5 minutes, or in what customTimeouts says", async () => {
    const timeoutsWith = async (customTimeouts?: pulumi.CustomTimeouts): Promise<unknown> => {
      let found: unknown;
      const transformations = [
        ({ type, opts }: pulumi.ResourceTransformationArgs): undefined => {
          found = type === deploymentType ? (opts as pulumi.CustomResourceOptions).customTimeouts : found;
        },
      ];
      await runWithMocks(
        () =>
          new PrivateDeployment("awesomeapp", { pullSecrets, image }, { customTimeouts, transformations }),
      );
      return found;
    };
    assert.deepEqual(await timeoutsWith(), { create: "5m", update: "5m" });
    assert.deepEqual(await timeoutsWith({ create: "90s" }), { create: "90s" });
  });

  it("warns of an image without a fixed tag", async () => {
    const { warnings } = await make({
      containers: [
        { name: "latest", image: "www.3rdregistry.com/a:latest" },
        { name: "untagged", image: "www.3rdregistry.com/a" },
        { name: "tagged", image: "www.3rdregistry.com/a:1" },
        { name: "pinned", image: `www.3rdregistry.com/a@sha256:${"0".repeat(64)}` },
      ],
      podSpec: { volumes: [{ name: "model", image: { reference: "www.3rdregistry.com/model" } }] },
    });
    assert.deepEqual(warnings, [
      'awesomeapp: the image of latest, "www.3rdregistry.com/a:latest", has no fixed tag: give a version, or each node may run a different one.',
      'awesomeapp: the image of untagged, "www.3rdregistry.com/a", has no fixed tag: give a version, or each node may run a different one.',
      'awesomeapp: the image of model, "www.3rdregistry.com/model", has no fixed tag: give a version, or each node may run a different one.',
    ]);
  });
});

describe("PrivateDeployment, images that no pull Secret serves", () => {
  it("names every one, init containers' too, the nearest server and why it does not match", async () => {
    assert.deepEqual(
      await problemsOf({
        containers: [
          { name: "a", image: "www.3rdregistry.com:5000/app:1" },
          { name: "b", image: "nginx:1.27" },
        ],
        initContainers: [{ name: "c", image: "3rdregistry.com/app:1" }],
      }),
      [
        [
          'PrivateDeployment "awesomeapp": 3 problems',
          '  initContainers[0].image: no server matches "3rdregistry.com/app:1"; the nearest, "www.3rdregistry.com", does not: its host has 3 dot-separated parts and the image\'s has 2; "*" matches within one part. Add a registry for it, correct the image or the server, or name its server in `serversWithoutSecret` if it needs no pull Secret.',
          '  containers[0].image: no server matches "www.3rdregistry.com:5000/app:1"; the nearest, "www.3rdregistry.com", does not: its port is not given and the image\'s 5000, and kubelet compares them as text. Add a registry for it, correct the image or the server, or name its server in `serversWithoutSecret` if it needs no pull Secret.',
          '  containers[1].image: no server matches "nginx:1.27" (on Docker Hub, as it names no other host); the nearest, "www.3rdregistry.com", does not: its host has 3 dot-separated parts and the image\'s has 2; "*" matches within one part. Add a registry for it, correct the image or the server, or name its server in `serversWithoutSecret` if it needs no pull Secret.',
        ].join("\n"),
      ],
    );
  });

  it("permits them with allowAnonymous", async () => {
    assert.deepEqual((await make({ image: "nginx:1.27", allowAnonymous: true })).errors, []);
  });

  it("finds them at preview, when the Secret's name is not known yet", async () => {
    const secretName = pulumi.output(pulumi.unknown as string);
    const reference = pulumi.output({ secretNames: [secretName], servers: ["www.3rdregistry.com"] });
    const { errors } = await make({ image: "quay.io/app:1", pullSecrets: [reference] }, { preview: true });
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /^ {2}image: no server matches "quay\.io\/app:1"/m);
  });

  it("says in one line that images are not checked at a preview where one, or the servers, are not known yet", async () => {
    const unknown = pulumi.output(pulumi.unknown as string);
    const unchecked = 'PrivateDeployment "awesomeapp": the images are not checked at this preview:';
    const lateImage = [`${unchecked} one comes from a resource that does not exist yet. \`up\` checks them.`];
    const lateSecrets = [
      `${unchecked} the servers of \`pullSecrets\` are not known yet. \`up\` checks them; to have them checked now, give \`servers\`, such as those of the ImagePullSecret.`,
    ];
    const lateServers = [`${unchecked} \`servers\` is not known yet. \`up\` checks them.`];
    const theirs = [{ secretNames: ["regcred"], servers: pulumi.output(pulumi.unknown as string[]) }];
    const name = pulumi.output({ secretNames: [unknown], servers: ["www.3rdregistry.com"] });
    for (const [args, preview, infos] of [
      [{ image: unknown }, true, lateImage],
      [
        { containers: [{ name: "a", image: unknown }], initContainers: [{ name: "b", image: unknown }] },
        true,
        lateImage,
      ],
      [{ image, pullSecrets: pulumi.output(theirs) }, true, lateSecrets],
      [{ image: unknown, pullSecrets: pulumi.output(theirs) }, true, lateSecrets],
      [{ image, pullSecrets: pulumi.output(theirs), servers: pulumi.output([unknown]) }, true, lateServers],
      [{ image, pullSecrets: pulumi.output(theirs), servers: ["www.3rdregistry.com"] }, true, []],
      [{ image: unknown, servers: ["www.3rdregistry.com"] }, true, lateImage],
      [{ image: unknown }, false, []],
      [{ image: pulumi.output(image), pullSecrets: [name] }, true, []],
    ] as const) {
      const outcome = await make(args as Partial<PrivateDeploymentArgs>, { preview });
      assert.deepEqual([outcome.errors, outcome.infos], [[], infos]);
    }
  });

  it("looks into podSpec too", async () => {
    const [error] = await problemsOf({
      image,
      podSpec: { initContainers: [{ name: "x", image: "quay.io/x:1" }] },
    });
    assert.match(error ?? "", /initContainers\[0\]\.image: no server matches "quay\.io\/x:1"/);
  });
});

describe("PrivateDeployment with servers apart", () => {
  const unknownReference = pulumi.output(pulumi.unknown as { secretNames: string[]; servers: string[] });
  const servers = ["www.3rdregistry.com", "quay.io"];
  const unheld =
    '`servers` matches "quay.io/app:1", but no server of `pullSecrets` does, so kubelet would pull it without a login. Add the pull Secret that holds the login to `pullSecrets`, and take `servers` from its outputs.';

  it("finds an image that none of them matches at the preview where nothing is known of the pull Secrets", async () => {
    const args = {
      image: "quay.io/app:1",
      pullSecrets: [unknownReference],
      servers: [pulumi.output("ghcr.io")],
    };
    const { errors, infos, resources } = await make(args, { preview: true });
    assert.deepEqual(errors, [
      'PrivateDeployment "awesomeapp": 1 problem\n  image: no server matches "quay.io/app:1"; the nearest, "ghcr.io", does not: its host is not "quay.io". Add a registry for it, correct the image or the server, or name its server in `serversWithoutSecret` if it needs no pull Secret.',
    ]);
    assert.deepEqual(infos, []);
    assert.deepEqual(
      resources.filter(({ type }) => type === deploymentType),
      [],
    );
  });

  it("passes an image that one of them matches at that preview", async () => {
    const args = { image, pullSecrets: pulumi.output([unknownReference]), servers: pulumi.output(servers) };
    const { errors, infos } = await make(args, { preview: true });
    assert.deepEqual([errors, infos], [[], []]);
  });

  it("refuses every image that they alone match once the pull Secrets are known, anonymous pulls permitted or not", async () => {
    for (const allowAnonymous of [false, true]) {
      for (const given of [pullSecrets, pulumi.output(pullSecrets)]) {
        assert.deepEqual(
          await problemsOf({
            containers: [
              { name: "a", image },
              { name: "b", image: "quay.io/app:1" },
            ],
            podSpec: { initContainers: [{ name: "c", image: "quay.io/app:1" }] },
            pullSecrets: given,
            servers,
            allowAnonymous,
          }),
          [
            `PrivateDeployment "awesomeapp": 2 problems\n  initContainers[0].image: ${unheld}\n  containers[1].image: ${unheld}`,
          ],
        );
      }
    }
  });

  it("refuses it at a preview that knows the pull Secrets, and beside other problems", async () => {
    const containers = [
      { name: "a", image: "ghcr.io/app:1" },
      { name: "b", image: "quay.io/app:1" },
    ];
    const { errors } = await make({ containers, servers }, { preview: true });
    assert.match(
      errors.join(),
      /^PrivateDeployment "awesomeapp": 2 problems\n {2}containers\[0\]\.image: no server matches "ghcr.io\/app:1".*\n {2}containers\[1\]\.image: `servers` matches "quay.io\/app:1", but/,
    );
  });

  it("refuses an image that the pull Secrets match and they do not, as the preview does that knows only them", async () => {
    const [error] = await problemsOf({ image, servers: ["quay.io"] });
    assert.match(
      error ?? "",
      /^ {2}image: no server matches "www\.3rdregistry\.com\/janedoe\/awesomeapp:v1"/m,
    );
  });

  it("takes an image without a login whose server needs no pull Secret, and still refuses the others", async () => {
    const containers = [
      { name: "a", image },
      { name: "b", image: "quay.io/app:1" },
    ];
    const serversWithoutSecret = pulumi.output(["quay.io"]);
    assert.deepEqual((await make({ containers, serversWithoutSecret })).errors, []);
    assert.deepEqual((await make({ containers, servers, serversWithoutSecret })).errors, []);
    const [error] = await problemsOf({ containers, serversWithoutSecret: ["ghcr.io"] });
    assert.match(
      error ?? "",
      /^PrivateDeployment "awesomeapp": 1 problem\n {2}containers\[1\]\.image: no server matches "quay\.io\/app:1"/,
    );
  });

  it("says that images are not checked at a preview that does not know those servers", async () => {
    const serversWithoutSecret = pulumi.output(pulumi.unknown as string[]);
    const { errors, infos } = await make({ image, serversWithoutSecret }, { preview: true });
    assert.deepEqual(
      [errors, infos],
      [
        [],
        [
          'PrivateDeployment "awesomeapp": the images are not checked at this preview: `serversWithoutSecret` is not known yet. `up` checks them.',
        ],
      ],
    );
  });

  it("permits anonymous pulls of images that neither matches", async () => {
    assert.deepEqual((await make({ image: "nginx:1.27", servers, allowAnonymous: true })).errors, []);
  });

  it("compares by kubelet's rules, and takes an Output of undefined as not given", async () => {
    const wildcard = [{ secretNames: ["regcred"], servers: ["*.3rdregistry.com"] }];
    assert.deepEqual((await make({ image, pullSecrets: wildcard, servers })).errors, []);
    const nothing = pulumi.output<string[] | undefined>(undefined) as pulumi.Output<string[]>;
    assert.deepEqual((await make({ image, servers: nothing })).errors, []);
    assert.match(
      (await problemsOf({ image: "quay.io/app:1", servers: nothing }))[0] ?? "",
      /no server matches/,
    );
  });
});

describe("PrivateDeployment, wrong arguments", () => {
  it("refuses an image reference that Kubernetes refuses", async () => {
    const [error] = await problemsOf({ image: "www.3rdregistry.com/JaneDoe/app" });
    assert.match(error ?? "", /image: "www\.3rdregistry\.com\/JaneDoe\/app"/);
  });

  it("wants image or containers, not both and not neither", async () => {
    const containers = [{ name: "app", image }];
    const reasons = [await problemsOf({ image, containers }), await problemsOf({})];
    assert.match(reasons[0]?.[0] ?? "", /image: is given along with `containers`: give one of the two\./);
    assert.match(reasons[1]?.[0] ?? "", /image: is missing, and so are `containers`: give one of the two\./);
  });

  it("wants the settings of a container with it, where there are several", async () => {
    const [error] = await problemsOf({ containers: [{ name: "app", image }], env: { PORT: "80" } });
    assert.match(
      error ?? "",
      /env: is given along with `containers`: move it to the container that it is for\./,
    );
  });

  it("wants DNS-1123 names, and each container's once", async () => {
    const outcome = await runWithMocks(
      () =>
        new PrivateDeployment("Awesome_App", {
          pullSecrets,
          containers: [
            { name: "app", image },
            { name: "app", image },
            { name: "-", image },
          ],
        }),
    );
    const rule =
      'is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.';
    assert.deepEqual(outcome.errors, [
      [
        'PrivateDeployment "Awesome_App": 3 problems',
        `  name: "Awesome_App" ${rule}`,
        '  containers[1].name: "app" is the name of another container.',
        `  containers[2].name: "-" ${rule}`,
      ].join("\n"),
    ]);
  });

  it("gives nothing secret away in its outputs", async () => {
    const { value } = await make({ image, env: { TOKEN: pulumi.secret("t0ken") } });
    for (const output of [value.name, value.image, value.readyReplicas]) {
      assert.equal(await isSecret(output), false);
    }
  });

  it("warns where a Secret of another stack changes its name when that rotates", async () => {
    const warningsOf = async (reference: object): Promise<string[]> => {
      const { errors, warnings } = await runWithMocks(
        () => {
          const platform = new pulumi.StackReference("organization/platform/prod");
          const pullSecrets = [platform.requireOutput("reference") as pulumi.Output<PullSecretReference>];
          new PrivateDeployment("web", { image: "registry.example.com/app:1", pullSecrets });
        },
        { stackOutputs: { reference } },
      );
      assert.deepEqual(errors, []);
      return warnings;
    };
    const reference = { secretNames: ["login"], servers: ["registry.example.com"] };
    assert.deepEqual(await warningsOf({ ...reference, stableNames: false }), [
      'PrivateDeployment "web": its pull Secrets come from another stack, which gives them new names when it rotates. Bring this stack up right after that one, or give that one rotation: inPlace.',
    ]);
    assert.deepEqual(await warningsOf(reference), []);
  });
});
