import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";
import {
  encodeDockerConfigJson,
  ImagePullSecret,
  type ImagePullSecretArgs,
  PrivateWorkloads,
  type PrivateWorkloadsArgs,
  registryPresets,
  Rotation,
} from "../../components";
import { base64, ecrTokenUntil, googleKeyOf, huaweiKeys } from "../support/secrets/cloudSecrets";
import {
  inputsOf,
  isSecret,
  type MockOptions,
  type Outcome,
  runWithMocks,
  secretOf,
  valueOf,
} from "../support/mocks";

const login = { server: "www.3rdregistry.com", username: "janedoe", password: "c4n4ry-password" };
const cloud = { server: "registry.example.com", username: "c4n4ry-token", password: "c4n4ry-token" };
const config = encodeDockerConfigJson([cloud]);
const secretType = "kubernetes:core/v1:Secret";
const secretsOfNone = "is missing, and so is `dockerConfigJson`: give at least one of them.";

function dataOf(...logins: (typeof login)[]): unknown {
  return secretOf({ ".dockerconfigjson": base64(encodeDockerConfigJson(logins)) });
}

function make(args: ImagePullSecretArgs, options?: MockOptions): Promise<Outcome<ImagePullSecret>> {
  return runWithMocks(() => new ImagePullSecret("regcred", args), options);
}

function makeWorkloads(
  args: Omit<PrivateWorkloadsArgs, "deployments"> & Partial<PrivateWorkloadsArgs>,
  options?: MockOptions,
): Promise<Outcome<PrivateWorkloads>> {
  const deployments = { web: { image: "registry.example.com/shop/web:v1" } };
  return runWithMocks(() => new PrivateWorkloads("apps", { deployments, ...args }), options);
}

/** What was registered but the components themselves. */
function madeTypes({ resources }: Outcome<unknown>): string[] {
  return resources.map(({ type }) => type).filter((type) => !type.startsWith("kubernetes-private-registry:"));
}

/** An Output that a preview does not know: of a resource that does not exist yet. */
const unknown = (): pulumi.Output<string> => new RandomId("later", { byteLength: 1 }).hex;

/** What came of a program whose component may throw. */
function outcomeOf(program: () => unknown): Promise<Outcome<unknown>> {
  return runWithMocks(async () => {
    await Promise.resolve();
    return program();
  });
}

describe("a config.json, by the components", () => {
  it("makes the Secret, alone or beside a list, and is secret among the inputs", async () => {
    const alone = await make({ dockerConfigJson: config });
    assert.deepEqual(alone.errors, []);
    assert.deepEqual(inputsOf(alone, secretType)["regcred"]?.["data"], dataOf(cloud));
    const [component] = alone.resources;
    assert.deepEqual(component?.inputs, { dockerConfigJson: secretOf(config) });
    assert.deepEqual(await valueOf(alone.value.servers), ["registry.example.com"]);
    assert.equal(await isSecret(alone.value.servers), false);

    const ofYaml = await make({ dockerConfigJson: JSON.parse(config) as string });
    assert.deepEqual(inputsOf(ofYaml, secretType)["regcred"]?.["data"], dataOf(cloud));

    const beside = await make({ registries: [login], dockerConfigJson: pulumi.secret(config) });
    assert.deepEqual(inputsOf(beside, secretType)["regcred"]?.["data"], dataOf(cloud, login));
  });

  it("makes a second Secret of outgoing logins, even while both are not known", async () => {
    const made = await make({ dockerConfigJson: config, previousDockerConfigJson: config });
    assert.deepEqual(Object.keys(inputsOf(made, secretType)), ["regcred", "regcred-previous"]);
    assert.deepEqual(inputsOf(made, secretType)["regcred-previous"]?.["data"], dataOf(cloud));

    const later = await runWithMocks(
      () => {
        const json = unknown();
        return new ImagePullSecret("regcred", { dockerConfigJson: json, previousDockerConfigJson: json });
      },
      { preview: true },
    );
    assert.deepEqual(later.errors, []);
    assert.deepEqual(Object.keys(inputsOf(later, secretType)), ["regcred", "regcred-previous"]);
  });

  it("is handed by PrivateWorkloads to its ImagePullSecret, and into the plan by its server alone", async () => {
    const made = await makeWorkloads({
      dockerConfigJson: config,
      previousDockerConfigJson: encodeDockerConfigJson([{ ...cloud, password: "c4n4ry-old" }]),
    });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(Object.keys(inputsOf(made, secretType)), ["apps", "apps-previous"]);
    const server = "registry.example.com";
    assert.deepEqual(await valueOf(made.value.pullPlan), [
      {
        deployment: "web",
        container: "web",
        image: "registry.example.com/shop/web:v1",
        attempts: [
          { server, pullSecret: "current" },
          { server, pullSecret: "previous" },
        ],
      },
    ]);
    assert.equal(await isSecret(made.value.pullPlan), false);
  });

  const wrong: [what: string, args: ImagePullSecretArgs, problems: string[]][] = [
    ["neither it nor a list", {}, [`registries: ${secretsOfNone}`]],
    [
      "both as nothing",
      { registries: undefined, dockerConfigJson: undefined },
      [`registries: ${secretsOfNone}`],
    ],
    ["outgoing logins alone", { previousDockerConfigJson: config }, [`registries: ${secretsOfNone}`]],
    [
      "an Output of nothing",
      { registries: [login], dockerConfigJson: pulumi.output(undefined as unknown as string) },
      ["dockerConfigJson: is missing."],
    ],
    [
      "a list",
      { dockerConfigJson: ["{}"] as unknown as string },
      ["dockerConfigJson: is a list: give the text of a Docker config.json."],
    ],
    [
      "what rejects",
      { dockerConfigJson: Promise.reject(new Error("vault is down")) },
      ["dockerConfigJson: could not be resolved: vault is down"],
    ],
    [
      "a text that is none",
      { dockerConfigJson: pulumi.secret("c4n4ry") },
      ["dockerConfigJson: is not JSON: give the text of a Docker config.json."],
    ],
    [
      "wrong ones of both generations",
      { dockerConfigJson: '{"auths":{"a.b":{"auth":"c4n4ry!"}}}', previousDockerConfigJson: "" },
      [
        'dockerConfigJson.auths["a.b"].auth: is not base64 (letters, digits, "+" and "/"): give the base64 of username:password.',
        "previousDockerConfigJson: is empty: give the text of a Docker config.json.",
      ],
    ],
  ];
  for (const [what, args, problems] of wrong) {
    it(`is refused for ${what}, once, and nothing is made`, async () => {
      const made = await outcomeOf(() => new ImagePullSecret("regcred", args));
      const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
      assert.deepEqual(made.errors, [
        [`ImagePullSecret "regcred": ${count}`, ...problems.map((problem) => `  ${problem}`)].join("\n"),
      ]);
      assert.deepEqual(madeTypes(made), []);
    });
  }

  it("is refused for a login of the same key, with both places", async () => {
    const made = await make({ registries: [cloud], dockerConfigJson: config });
    assert.equal(made.errors.length, 1);
    assert.match(
      made.errors[0] ?? "",
      /1 problem\n {2}dockerConfigJson\.auths\["registry\.example\.com"\]: is the same key to kubelet as registries\[0\]\.server: keep one of them\./,
    );
  });

  it("does not show its passwords where they were pasted into a Deployment", async () => {
    const image = "registry.example.com/c4n4ry-token:V1:2";
    const made = await makeWorkloads({ dockerConfigJson: config, deployments: { web: { image } } });
    assert.deepEqual(made.errors, [
      'PrivateWorkloads "apps": 1 problem\n  deployments.web.image: contains a password from the registries: remove it.',
    ]);
  });
});

describe("keys and tokens of clouds, by the components", () => {
  it("make the login that their presets make, from Outputs too", async () => {
    const { secretKey, ...keys } = huaweiKeys;
    const ecrToken = ecrTokenUntil("2999-01-01T00:00:00Z");
    const server = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
    const made = await make({
      registries: [
        { huaweiSwr: { ...keys, secretKey: pulumi.secret(secretKey) } },
        { server, ecrToken: pulumi.secret(ecrToken) },
        { server: "europe-west1-docker.pkg.dev", googleKey: googleKeyOf() },
      ],
    });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(
      inputsOf(made, secretType)["regcred"]?.["data"],
      dataOf(
        registryPresets.huaweiSwr(huaweiKeys),
        registryPresets.amazonEcr({ authorizationToken: ecrToken, proxyEndpoint: `https://${server}` }),
        registryPresets.googleArtifactRegistry({ location: "europe-west1", jsonKey: googleKeyOf() }),
      ),
    );
  });

  it("a token that lives for hours warns of nothing, an expired one is an error", async () => {
    const inHours = (hours: number): string =>
      new Date(Date.now() + hours * 3600_000).toISOString().replace(/\.\d+/, "");
    const server = "registry.example.com";
    const [soon, past] = [inHours(1), inHours(-1)];
    const fresh = await make({
      registries: [
        { server: "a.example.com", ecrToken: ecrTokenUntil(inHours(12)) },
        { server, username: "u", password: "p", expiresAt: soon },
      ],
    });
    assert.deepEqual([fresh.errors, fresh.warnings], [[], []]);
    const expired = await make({ registries: [{ server, ecrToken: ecrTokenUntil(past) }] });
    assert.match(
      expired.errors.join(),
      new RegExp(`registries\\[0\\]\\.ecrToken: expired at ${past}, so the registry`),
    );
    assert.deepEqual(madeTypes(expired), []);
  });
});

describe("PrivateWorkloads whose logins are all in Secrets created elsewhere", () => {
  const extraPullSecrets = [{ secretNames: ["default-secret"], servers: ["registry.example.com"] }];
  const none = { secretNames: [], servers: [] };

  it("makes no Secret, and Deployments that list those", async () => {
    const made = await makeWorkloads({ extraPullSecrets, namespace: "shop" });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(madeTypes(made), ["kubernetes:apps/v1:Deployment"]);
    const { spec } = inputsOf(made, "kubernetes:apps/v1:Deployment")["apps-web"] as {
      spec: { template: { spec: { imagePullSecrets: unknown } } };
    };
    assert.deepEqual(spec.template.spec.imagePullSecrets, [{ name: "default-secret" }]);
    const { secretName, reference, references, namespaces, servers, pullPlan } = made.value;
    assert.deepEqual(
      await Promise.all(
        [secretName, reference, references, namespaces, servers].map((output) => valueOf<unknown>(output)),
      ),
      ["", none, { default: none }, { default: "shop" }, []],
    );
    assert.deepEqual((await valueOf(pullPlan))?.[0]?.attempts, [
      { server: "registry.example.com", pullSecret: "default-secret" },
    ]);
  });

  it("does so in several namespaces that it creates, and in the provider's", async () => {
    const made = await makeWorkloads({
      extraPullSecrets,
      namespaces: { a: "team-a", b: "team-b" },
      createNamespace: true,
      deployments: { web: { image: "registry.example.com/web:v1", namespace: "b" } },
    });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(madeTypes(made).toSorted(), [
      "kubernetes:apps/v1:Deployment",
      "kubernetes:core/v1:Namespace",
      "kubernetes:core/v1:Namespace",
    ]);
    assert.deepEqual(await valueOf(made.value.namespaces), { a: "team-a", b: "team-b" });
    assert.deepEqual(await valueOf(made.value.references), { a: none, b: none });
    assert.deepEqual(await valueOf((await makeWorkloads({ extraPullSecrets })).value.namespaces), {
      default: "",
    });
  });

  it("does so while they are not known, and rolls no Deployment before they are checked", async () => {
    const made = await runWithMocks(
      () => {
        const later = unknown().apply(() => extraPullSecrets);
        const deployments = { web: { image: "registry.example.com/shop/web:v1" } };
        return new PrivateWorkloads("apps", { extraPullSecrets: later, deployments });
      },
      { preview: true },
    );
    assert.deepEqual(made.errors, []);
    assert.deepEqual(madeTypes(made), ["random:index/randomId:RandomId", "kubernetes:apps/v1:Deployment"]);
    const wrong = await makeWorkloads({
      extraPullSecrets: pulumi.output([{ secretNames: ["s"], servers: ["quay.io"] }]),
    });
    assert.match(wrong.errors.join(), /1 problem\n {2}deployments\.web\.image: no server matches/);
    assert.deepEqual(madeTypes(wrong), []);
  });

  const reason =
    "needs logins in `registries` or `dockerConfigJson`: with `extraPullSecrets` alone no Secret is made.";
  it("refuses what needs a Secret of its own", async () => {
    const made = await makeWorkloads({
      extraPullSecrets,
      previousRegistries: [login],
      rotation: Rotation.InPlace,
      namespace: "shop",
      adopt: true,
      serviceAccounts: { default: ["puller"] },
    });
    assert.deepEqual(made.errors, [
      `PrivateWorkloads "apps": 3 problems\n  previousRegistries: ${reason}\n  adopt: ${reason}\n  serviceAccounts: ${reason}`,
    ]);
    assert.deepEqual(madeTypes(made), []);
  });

  it("refuses no place of logins at all", async () => {
    const made = await outcomeOf(() => new PrivateWorkloads("apps", { deployments: {} }));
    assert.deepEqual(made.errors, [
      'PrivateWorkloads "apps": 1 problem\n  registries: is missing, and so are `dockerConfigJson` and `extraPullSecrets`: give at least one of them.',
    ]);
  });
});
