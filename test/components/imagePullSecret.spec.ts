import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  encodeDockerConfigJson,
  ImagePullSecret,
  type ImagePullSecretArgs,
  Rotation,
} from "../../components";
import {
  inputsOf,
  isSecret,
  type Outcome,
  runWithMocks,
  secretOf,
  valueOf,
  versionHex,
} from "../support/mocks";

const login = { server: "www.3rdregistry.com", username: "janedoe", password: "correct horse" };
const other = { server: "10.10.10.10:443", username: "puller", password: "battery staple" };

const secretType = "kubernetes:core/v1:Secret";
const randomIdType = "random:index/randomId:RandomId";

function make(args: ImagePullSecretArgs, preview = false): Promise<Outcome<ImagePullSecret>> {
  return runWithMocks(() => new ImagePullSecret("regcred", args), { preview });
}

function dataOf(...logins: (typeof login)[]): unknown {
  return secretOf({ ".dockerconfigjson": Buffer.from(encodeDockerConfigJson(logins)).toString("base64") });
}

describe("ImagePullSecret", () => {
  it("makes one immutable Secret, byte for byte kubectl's, under a versioned name", async () => {
    const made = await make({ registries: [login], namespace: "shop" });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(inputsOf(made, secretType), {
      regcred: {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: `regcred-${versionHex}`, namespace: "shop" },
        type: "kubernetes.io/dockerconfigjson",
        data: dataOf(login),
        immutable: true,
      },
    });
  });

  it("only names Secrets that are created elsewhere, and checks their logins", async () => {
    const args = {
      registries: [login],
      namespaces: { web: "shop-web", jobs: "shop-jobs" },
      rotation: Rotation.InPlace,
      createSecrets: false,
    };
    const made = await make(args);
    assert.deepEqual(made.errors, []);
    assert.deepEqual(inputsOf(made, secretType), {});
    const reference = { secretNames: ["regcred"], servers: ["www.3rdregistry.com"] };
    assert.deepEqual(await valueOf(made.value.references), { web: reference, jobs: reference });
    const wrong = await make({ ...args, registries: [{ ...login, username: "a:b" }] });
    assert.match(wrong.errors.join("\n"), /registries\[0\]\.username: contains ":"/);
  });

  it("names the version by a RandomId whose keeper, a digest of the content, is secret", async () => {
    const made = await make({ registries: [login] });
    const { byteLength, keepers } = inputsOf(made, randomIdType)["regcred"] ?? {};
    assert.equal(byteLength, 4);
    const { content } = (keepers as { value: { content: string } }).value;
    assert.match(content, /^[0-9a-f]{64}$/);
    assert.deepEqual(keepers, secretOf({ content }));
  });

  it("keeps the version when registries change places, and takes a new one when a password changes", async () => {
    const keeperOf = async (registries: (typeof login)[]): Promise<unknown> =>
      inputsOf(await make({ registries }), randomIdType)["regcred"]?.["keepers"];
    const keeper = await keeperOf([login, other]);
    assert.deepEqual(await keeperOf([other, login]), keeper);
    assert.notDeepEqual(await keeperOf([{ ...login, password: "another" }, other]), keeper);
  });

  it("leaves the namespace to the provider when none is given", async () => {
    const made = await make({ registries: [login] });
    assert.deepEqual(inputsOf(made, secretType)["regcred"]?.["metadata"], { name: `regcred-${versionHex}` });
  });

  it("makes one Secret for each namespace key, of one name, with only the logins meant for it", async () => {
    const made = await make({
      registries: [login, { ...other, namespaces: ["b"] }],
      namespaces: { a: "team-a", b: "team-b" },
      secretName: "pull",
      labels: { tier: "platform" },
      annotations: { note: "rotated monthly" },
    });
    const secrets = inputsOf(made, secretType);
    assert.deepEqual(Object.keys(secrets), ["regcred-a", "regcred-b"]);
    assert.deepEqual(secrets["regcred-a"]?.["metadata"], {
      name: `pull-${versionHex}`,
      namespace: "team-a",
      labels: { tier: "platform" },
      annotations: { note: "rotated monthly" },
    });
    assert.deepEqual(secrets["regcred-a"]["data"], dataOf(login));
    assert.deepEqual(secrets["regcred-b"]?.["data"], dataOf(login, other));
    assert.equal(Object.keys(inputsOf(made, randomIdType)).length, 1);
    assert.deepEqual(await valueOf(made.value.references), {
      a: { secretNames: [`pull-${versionHex}`], servers: [login.server], stableNames: false },
      b: { secretNames: [`pull-${versionHex}`], servers: [login.server, other.server], stableNames: false },
    });
    assert.deepEqual(await valueOf(made.value.reference), {
      secretNames: [`pull-${versionHex}`],
      servers: [login.server],
      stableNames: false,
    });
  });

  it("makes a second Secret for the outgoing logins, and lists it after the current one", async () => {
    const outgoing = { ...login, password: "the old one" };
    const made = await make({ registries: [login], previousRegistries: [outgoing] });
    const secrets = inputsOf(made, secretType);
    assert.deepEqual(Object.keys(secrets), ["regcred", "regcred-previous"]);
    assert.deepEqual(secrets["regcred-previous"]?.["metadata"], { name: `regcred-previous-${versionHex}` });
    assert.deepEqual(secrets["regcred-previous"]["data"], dataOf(outgoing));
    assert.deepEqual(await valueOf(made.value.reference), {
      secretNames: [`regcred-${versionHex}`, `regcred-previous-${versionHex}`],
      servers: [login.server],
      stableNames: false,
    });
  });

  it("has outputs without secrets: the name, canonical servers, references", async () => {
    const { value } = await make({ registries: [{ ...login, server: "docker.io" }] });
    assert.equal(await valueOf(value.secretName), `regcred-${versionHex}`);
    assert.deepEqual(await valueOf(value.servers), ["https://index.docker.io/v1/"]);
    for (const output of [value.secretName, value.reference, value.references, value.servers]) {
      assert.equal(await isSecret(output), false);
    }
  });

  it("hands the engine its logins as secrets only", async () => {
    const made = await make({ registries: [login], previousRegistries: [other], namespace: "shop" });
    const inputs = inputsOf(made, "kubernetes-private-registry:index:ImagePullSecret")["regcred"];
    assert.deepEqual(inputs, {
      registries: secretOf([login]),
      previousRegistries: secretOf([other]),
      namespace: "shop",
    });
  });

  it("knows its servers at preview, when the name of the Secret is not known yet", async () => {
    const { value, errors } = await make({ registries: [login] }, true);
    assert.deepEqual(errors, []);
    assert.equal(await valueOf(value.secretName), undefined);
    assert.deepEqual(await valueOf(value.reference.servers), [login.server]);
    assert.deepEqual(await valueOf(value.servers), [login.server]);
  });

  it("waits for logins that are not known at preview", async () => {
    const unknown = pulumi.output(pulumi.unknown as typeof login);
    const made = await runWithMocks(() => new ImagePullSecret("regcred", { registries: [unknown] }), {
      preview: true,
    });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(Object.keys(inputsOf(made, secretType)), ["regcred"]);
  });

  it("refuses wrong arguments with all problems at once, without secrets, and makes nothing", async () => {
    const made = await make({
      registries: [
        { ...login, username: "jane:doe" },
        { ...other, server: "oci://10.10.10.10" },
      ],
      previousRegistries: [],
      namespace: "Shop",
      secretName: "default-secret",
    });
    assert.deepEqual(made.errors.toSorted(), [
      [
        'ImagePullSecret "regcred": 2 problems',
        '  secretName: "default-secret" is created and refreshed by the cluster itself (Huawei CCE): choose another name, and list that Secret by a reference.',
        '  namespace: "Shop" is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.',
      ].join("\n"),
      [
        'ImagePullSecret "regcred": 3 problems',
        '  registries[0].username: contains ":", where kubelet splits username from password: a username can\'t have one.',
        '  registries[1].server: "oci://10.10.10.10" has a scheme that kubelet does not know: write the host alone, or https:// before it.',
        "  previousRegistries: is empty: give at least one registry.",
      ].join("\n"),
    ]);
    assert.deepEqual(
      made.resources.map(({ type }) => type),
      ["kubernetes-private-registry:index:ImagePullSecret"],
    );
  });
});

describe("ImagePullSecret, a login that comes to its end", () => {
  const inDays = (days: number): string => new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString();

  it("warns from 14 days before, or from what expiryWarningDays says", async () => {
    const warningsOf = async (expiryWarningDays?: number): Promise<number> =>
      (await make({ registries: [{ ...login, expiresAt: inDays(20) }], expiryWarningDays })).warnings.length;
    assert.equal(await warningsOf(), 0);
    assert.equal(await warningsOf(21), 1);
  });

  it("is an error once its time is past, and makes nothing then", async () => {
    const { errors, resources } = await make({ registries: [login, { ...other, expiresAt: inDays(-1) }] });
    assert.match(
      errors[0] ?? "",
      /registries\[1\]\.expiresAt: .* has passed, so the registry rejects this login/,
    );
    assert.equal(resources.length, 1);
  });

  it("may be over for an outgoing login", async () => {
    const made = await make({
      registries: [login],
      previousRegistries: [{ ...other, expiresAt: inDays(-1) }],
    });
    assert.deepEqual([...made.errors, ...made.warnings], []);
  });
});

describe("ImagePullSecret, rotation inPlace", () => {
  const inPlace = { registries: [login], rotation: Rotation.InPlace };

  function makeInPlace(config?: Record<string, string>): Promise<Outcome<ImagePullSecret>> {
    return runWithMocks(() => new ImagePullSecret("regcred", inPlace), { config });
  }

  it("keeps one name and updates its data, which an immutable Secret could not", async () => {
    const made = await runWithMocks(
      () => new ImagePullSecret("regcred", { ...inPlace, previousRegistries: [other] }),
      { config: { "kubernetes:enableSecretMutable": "true" } },
    );
    const secrets = inputsOf(made, secretType);
    assert.deepEqual(secrets["regcred"], {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "regcred" },
      type: "kubernetes.io/dockerconfigjson",
      data: dataOf(login),
    });
    assert.deepEqual(secrets["regcred-previous"]?.["metadata"], { name: "regcred-previous" });
    assert.deepEqual(inputsOf(made, randomIdType), {});
  });

  it("takes the provider's setting from the environment too", async () => {
    process.env["PULUMI_K8S_ENABLE_SECRET_MUTABLE"] = "true";
    try {
      assert.deepEqual((await makeInPlace()).errors, []);
    } finally {
      delete process.env["PULUMI_K8S_ENABLE_SECRET_MUTABLE"];
    }
  });

  for (const config of [undefined, { "kubernetes:enableSecretMutable": "false" }]) {
    it(`is refused with ${config ? "enableSecretMutable false" : "no enableSecretMutable"}, naming the command that mends it`, async () => {
      await assert.rejects(
        makeInPlace(config),
        /^Error: ImagePullSecret ".*": 1 problem\n {2}rotation: inPlace needs a Kubernetes provider that updates Secrets.*run `pulumi config set kubernetes:enableSecretMutable true`/,
      );
    });
  }

  it("says nothing of an explicit provider, whose setting can't be seen: the Secret's hook refuses what harms", async () => {
    const { warnings, errors } = await runWithMocks(() => {
      const provider = new k8s.Provider("explicit", {});
      return new ImagePullSecret("regcred", inPlace, { provider });
    });
    assert.deepEqual([errors, warnings], [[], []]);
  });
});
