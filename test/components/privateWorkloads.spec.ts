import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PrivateWorkloads, type PrivateWorkloadsArgs } from "../../components";
import {
  inputsOf,
  isSecret,
  type MockOptions,
  type Outcome,
  runWithMocks,
  secretOf,
  valueOf,
  versionHex,
} from "../support/mocks";

const login = { server: "www.3rdregistry.com", username: "janedoe", password: "correct horse" };
const hub = { username: "whale", password: "battery staple" };
const image = "www.3rdregistry.com/janedoe/awesomeapp:v1";

const args: PrivateWorkloadsArgs = {
  registries: [login, hub],
  namespace: "shop",
  deployments: { awesomeapp: { image, replicas: 2 }, cache: { image: "whale/cache:7" } },
};

function make(
  changes: Partial<PrivateWorkloadsArgs>,
  options?: MockOptions,
): Promise<Outcome<PrivateWorkloads>> {
  return runWithMocks(() => new PrivateWorkloads("apps", { ...args, ...changes }), options);
}

interface Deployment {
  metadata: { name: string; namespace?: string };
  spec: { template: { spec: { imagePullSecrets: unknown } } };
}

function deploymentsOf(outcome: Outcome<unknown>): Record<string, Deployment> {
  return inputsOf(outcome, "kubernetes:apps/v1:Deployment") as unknown as Record<string, Deployment>;
}

describe("PrivateWorkloads", () => {
  it("makes the pull Secret and the Deployments that list it, named from their keys", async () => {
    const made = await make({});
    assert.deepEqual(made.errors, []);
    assert.deepEqual(made.resources.map(({ type, name }) => `${type} ${name}`).toSorted(), [
      "kubernetes-private-registry:index:ImagePullSecret apps",
      "kubernetes-private-registry:index:PrivateWorkloads apps",
      "kubernetes:apps/v1:Deployment apps-awesomeapp",
      "kubernetes:apps/v1:Deployment apps-cache",
      "kubernetes:core/v1:Secret apps",
      "random:index/randomId:RandomId apps",
    ]);
    const { "apps-awesomeapp": app } = deploymentsOf(made);
    assert.equal(app?.metadata.name, "awesomeapp");
    assert.equal(app.metadata.namespace, "shop");
    assert.deepEqual(app.spec.template.spec.imagePullSecrets, [{ name: `apps-${versionHex}` }]);
  });

  it("creates the namespaces if asked to, and puts everything into them", async () => {
    const made = await make({
      namespace: undefined,
      namespaces: { a: "team-a", b: "team-b" },
      createNamespace: true,
      deployments: { app: { image, namespace: "b" } },
    });
    assert.deepEqual(made.errors, []);
    const namespaces = inputsOf(made, "kubernetes:core/v1:Namespace");
    assert.deepEqual(namespaces["apps-a"]?.["metadata"], { name: "team-a" });
    assert.deepEqual(namespaces["apps-b"]?.["metadata"], { name: "team-b" });
    assert.deepEqual(Object.keys(inputsOf(made, "kubernetes:core/v1:Secret")), ["apps-a", "apps-b"]);
    assert.equal(deploymentsOf(made)["apps-app"]?.metadata.namespace, "team-b");
  });

  it("rolls no Deployment before the Secrets of all namespaces are there", async () => {
    const { resources } = await make(
      {
        namespace: undefined,
        namespaces: { a: "team-a", b: "team-b" },
        deployments: { app: { image, namespace: "a" } },
      },
      { failing: "kubernetes:core/v1:Secret apps-b" },
    );
    const names = resources.map(({ type, name }) => `${type} ${name}`);
    assert.ok(names.includes("kubernetes:core/v1:Secret apps-a"));
    assert.deepEqual(
      names.filter((name) => name.includes("Deployment")),
      [],
    );
  });

  it("names what is in the namespace of the key default as a single namespace does", async () => {
    const made = await make({
      namespace: undefined,
      namespaces: { default: "shop", eu: "shop-eu" },
      createNamespace: true,
      deployments: { app: { image, namespace: "default" } },
    });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(Object.keys(inputsOf(made, "kubernetes:core/v1:Namespace")).toSorted(), [
      "apps",
      "apps-eu",
    ]);
    assert.deepEqual(Object.keys(inputsOf(made, "kubernetes:core/v1:Secret")).toSorted(), [
      "apps",
      "apps-eu",
    ]);
  });

  it("gives labels and annotations to Secrets and to the namespaces that it makes", async () => {
    const [labels, annotations] = [{ team: "shop" }, { "example.com/owner": "Jane Doe" }];
    const made = await make({ createNamespace: true, labels, annotations });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(inputsOf(made, "kubernetes:core/v1:Namespace")["apps"]?.["metadata"], {
      name: "shop",
      labels,
      annotations,
    });
    const name = `apps-${versionHex}`;
    assert.deepEqual(inputsOf(made, "kubernetes:core/v1:Secret")["apps"]?.["metadata"], {
      name,
      namespace: "shop",
      labels,
      annotations,
    });
    assert.deepEqual(deploymentsOf(made)["apps-cache"]?.metadata, {
      name: "cache",
      namespace: "shop",
      labels: { "app.kubernetes.io/name": "cache" },
    });
  });

  it("lists the outgoing Secret and those that somebody else makes after the current one", async () => {
    const made = await make({
      previousRegistries: [{ ...login, password: "the old one" }],
      extraPullSecrets: [{ secretNames: ["default-secret"], servers: ["swr.*.myhuaweicloud.com"] }],
    });
    assert.deepEqual(deploymentsOf(made)["apps-cache"]?.spec.template.spec.imagePullSecrets, [
      { name: `apps-${versionHex}` },
      { name: `apps-previous-${versionHex}` },
      { name: "default-secret" },
    ]);
  });

  it("plans the pull of each container: the servers in kubelet's order, and the Secret of each", async () => {
    const { value } = await make({
      registries: [login, { ...login, server: "www.3rdregistry.com/janedoe" }, hub],
      previousRegistries: [login],
      extraPullSecrets: [{ secretNames: ["default-secret"], servers: ["*.3rdregistry.com"] }],
      deployments: {
        awesomeapp: { image, initContainers: [{ name: "migrate", image: "whale/migrate:1" }] },
        open: { image: "quay.io/open/app:1", allowAnonymous: true },
        sidecar: { image: "public.ecr.aws/nginx:1.27" },
      },
      serversWithoutSecret: [pulumi.output("public.ecr.aws")],
    });
    assert.deepEqual(await valueOf(value.pullPlan), [
      {
        deployment: "awesomeapp",
        container: "migrate",
        image: "whale/migrate:1",
        attempts: [{ server: "https://index.docker.io/v1/", pullSecret: "current" }],
      },
      {
        deployment: "awesomeapp",
        container: "awesomeapp",
        image,
        attempts: [
          { server: "www.3rdregistry.com/janedoe", pullSecret: "current" },
          { server: "www.3rdregistry.com", pullSecret: "current" },
          { server: "www.3rdregistry.com", pullSecret: "previous" },
          { server: "*.3rdregistry.com", pullSecret: "default-secret" },
        ],
      },
      { deployment: "open", container: "open", image: "quay.io/open/app:1", attempts: [] },
      {
        deployment: "sidecar",
        container: "sidecar",
        image: "public.ecr.aws/nginx:1.27",
        attempts: [],
        serverWithoutSecret: "public.ecr.aws",
      },
    ]);
  });

  it("has outputs without secrets", async () => {
    const { value } = await make({});
    assert.equal(await valueOf(value.secretName), `apps-${versionHex}`);
    assert.deepEqual(await valueOf(value.deployments), {
      awesomeapp: "apps-awesomeapp-id",
      cache: "apps-cache-id",
    });
    assert.deepEqual(await valueOf(value.servers), ["www.3rdregistry.com", "https://index.docker.io/v1/"]);
    for (const output of [
      value.secretName,
      value.reference,
      value.references,
      value.servers,
      value.deployments,
    ]) {
      assert.equal(await isSecret(output), false);
    }
    assert.equal(await isSecret(value.pullPlan), false);
  });

  it("hands the engine its logins as secrets only", async () => {
    const { "kubernetes-private-registry:index:PrivateWorkloads": inputs } = Object.fromEntries(
      (await make({ previousRegistries: [login] })).resources.map((resource) => [
        resource.type,
        resource.inputs,
      ]),
    );
    assert.deepEqual(inputs, {
      namespace: "shop",
      registries: secretOf([login, hub]),
      previousRegistries: secretOf([login]),
    });
  });

  it("takes images that are Outputs", async () => {
    const made = await make({ deployments: { app: { image: pulumi.output(image) } } });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(Object.keys(deploymentsOf(made)), ["apps-app"]);
    const wrong = await make({ deployments: { app: { image: pulumi.output("quay.io/app:1") } } });
    assert.match(wrong.errors[0] ?? "", /deployments\.app\.image: no server matches "quay\.io\/app:1"/);
  });

  it("plans the pulls at preview, when the Secret's name is not known yet", async () => {
    const { value, errors } = await make({}, { preview: true });
    assert.deepEqual(errors, []);
    assert.equal((await valueOf(value.pullPlan))?.length, 2);
    assert.equal(await valueOf(value.secretName), undefined);
  });

  it("checks the logins at preview also while the namespace is not known", async () => {
    const namespace = pulumi.output(pulumi.unknown as string);
    const { errors } = await make({ namespace, registries: [{ ...login, password: "" }] }, { preview: true });
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /registries\[0\]\.password: is empty/);
  });
});

describe("PrivateWorkloads, wrong arguments", () => {
  async function errorsOf(changes: Partial<PrivateWorkloadsArgs>): Promise<string[]> {
    const made = await make(changes);
    assert.deepEqual(
      made.resources.map(({ type }) => type),
      ["kubernetes-private-registry:index:PrivateWorkloads"],
    );
    return made.errors;
  }

  it("reports the logins and every Deployment at once, and makes nothing", async () => {
    const [error, ...others] = await errorsOf({
      createNamespace: true,
      registries: [{ ...login, password: " padded " }],
      deployments: {
        Upper: { image },
        lost: { image, namespace: "elsewhere" },
        uncovered: { image: "quay.io/app:1" },
      },
    });
    assert.deepEqual(others, []);
    assert.equal(
      error,
      [
        'PrivateWorkloads "apps": 4 problems',
        "  registries[0].password: begins or ends with white space: remove it.",
        '  deployments.Upper: "Upper" is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.',
        '  deployments.lost.namespace: "elsewhere" is not a key of `namespaces`. Expected one of: default.',
        '  deployments.uncovered.image: no server matches "quay.io/app:1"; the nearest, "www.3rdregistry.com", does not: its host has 3 dot-separated parts and the image\'s has 2; "*" matches within one part. Add a registry for it, correct the image or the server, or name its server in `serversWithoutSecret` if it needs no pull Secret.',
      ].join("\n"),
    );
  });

  it("refuses a login whose time is past", async () => {
    const expiresAt = "2020-01-01T00:00:00Z";
    const [error] = await errorsOf({ createNamespace: true, registries: [{ ...login, expiresAt }, hub] });
    assert.match(error ?? "", /registries\[0\]\.expiresAt: 2020-01-01T00:00:00Z has passed/);
  });

  it("wants a namespace key where there are several", async () => {
    const [error] = await errorsOf({ namespace: undefined, namespaces: { a: "team-a", b: "team-b" } });
    assert.match(
      error ?? "",
      /deployments\.cache\.namespace: is missing: give one of the keys of `namespaces`: a, b\./,
    );
  });

  it("does not show a password that was pasted into an image or a name", async () => {
    const password = "hunter2-canary";
    const [error] = await errorsOf({
      registries: [{ ...login, password }],
      previousRegistries: [{ ...login, password: "Hunter1-Canary" }],
      deployments: { app: { image: `quay.io/${password}:v1` }, "Hunter1-Canary": { image } },
    });
    assert.match(
      error ?? "",
      /deployments\.app\.image: contains a password from the registries: remove it\.\n.*deployments: contains a password/,
    );
    assert.doesNotMatch(error ?? "", /hunter/i);
  });

  it("wants the name of a namespace that it shall create", async () => {
    const [error] = await errorsOf({ namespace: undefined, createNamespace: true });
    assert.match(error ?? "", /namespace: is missing: createNamespace needs its name\./);
  });

  it("refuses two keys for one namespace", async () => {
    const [error] = await errorsOf({
      namespace: undefined,
      namespaces: { a: "team", b: "team" },
      deployments: {},
    });
    assert.match(error ?? "", /namespaces\.b: is "team", as namespaces\.a is: keep one of them\./);
  });

  for (const [what, deployment] of [
    ["an Output", pulumi.output({ image })],
    ["a Promise", Promise.resolve({ image })],
  ] as const) {
    it(`refuses a Deployment that is ${what}, since it decides what is made`, async () => {
      await assert.rejects(
        make({ deployments: { app: deployment } }),
        /^Error: PrivateWorkloads "apps": 1 problem\n {2}deployments\.app: is an Output: give a plain object, whose members may be Outputs\.$/,
      );
    });
  }
});
