import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  ExternalPullSecret,
  type ExternalPullSecretArgs,
  GeneratorKind,
  PrivateDeployment,
  PrivateWorkloads,
  pullSecretTransform,
  SecretStoreKind,
  withPullSecrets,
} from "../../components";
import { withFailureHooks } from "../../components/internal/externalSecretHooks";
import {
  answerRegistrations,
  inputsOf,
  isSecret,
  type Outcome,
  runWithMocks,
  valueOf,
} from "../support/mocks";

const secretType = "kubernetes:external-secrets.io/v1:ExternalSecret";
const clusterType = "kubernetes:external-secrets.io/v1:ClusterExternalSecret";
const server = "www.3rdregistry.com";
const login = { server, username: "janedoe", passwordFrom: { key: "registries/a", property: "password" } };
const vault = { name: "vault" };

const template =
  '{"auths":{"www.3rdregistry.com":{"username":{{ "janedoe" | toJson }},"password":{{ .password0 | toJson }},"auth":"{{ printf "%s:%s" "janedoe" .password0 | b64enc }}"}}}';

function targetOf(text: string) {
  return {
    template: {
      engineVersion: "v2",
      type: "kubernetes.io/dockerconfigjson",
      data: { ".dockerconfigjson": text },
    },
  };
}

const spec = {
  refreshInterval: "1h",
  secretStoreRef: { kind: "SecretStore", name: "vault" },
  target: targetOf(template),
  data: [{ secretKey: "password0", remoteRef: { key: "registries/a", property: "password" } }],
};

const metadata = (name: string, namespace?: string) => ({
  name,
  annotations: { "pulumi.com/waitFor": "condition=Ready" },
  ...(namespace && { namespace }),
});

function make(args: ExternalPullSecretArgs, preview = false): Promise<Outcome<ExternalPullSecret>> {
  return runWithMocks(() => new ExternalPullSecret("login", args), { preview });
}

function outputsOf({ value }: Outcome<ExternalPullSecret>) {
  const { secretName, reference, references, namespaces, servers } = value;
  return valueOf(pulumi.output({ secretName, reference, references, namespaces, servers }));
}

describe("ExternalPullSecret", () => {
  it("makes an ExternalSecret, waits for it, and has the outputs of an ImagePullSecret", async () => {
    const made = await make({ namespace: "shop", secretStoreRef: vault, logins: [login] });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(inputsOf(made, secretType), {
      login: {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: metadata("login", "shop"),
        spec,
      },
    });
    const reference = { secretNames: ["login"], servers: [server] };
    assert.deepEqual(await outputsOf(made), {
      secretName: "login",
      reference,
      references: { default: reference },
      namespaces: { default: "shop" },
      servers: [server],
    });
  });

  it("makes one of a name in each of several namespaces, with a generator that needs no store", async () => {
    const made = await make({
      namespaces: { default: "team-a", b: pulumi.output("team-b") },
      secretName: "ecr",
      generator: { kind: GeneratorKind.ClusterGenerator, name: "ecr-eu" },
      servers: ["*.dkr.ecr.eu-central-1.amazonaws.com", "docker.io"],
    });
    assert.deepEqual(made.errors, []);
    const entry =
      '{"username":{{ .username | toJson }},"password":{{ .password | toJson }},"auth":"{{ printf "%s:%s" .username .password | b64enc }}"}';
    const generatorRef = {
      apiVersion: "generators.external-secrets.io/v1alpha1",
      kind: "ClusterGenerator",
      name: "ecr-eu",
    };
    const expected = (namespace: string) => ({
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: metadata("ecr", namespace),
      spec: {
        refreshInterval: "30m",
        target: targetOf(
          `{"auths":{"*.dkr.ecr.eu-central-1.amazonaws.com":${entry},"https://index.docker.io/v1/":${entry}}}`,
        ),
        dataFrom: [{ sourceRef: { generatorRef } }],
      },
    });
    assert.deepEqual(inputsOf(made, secretType), {
      login: expected("team-a"),
      "login-b": expected("team-b"),
    });
    const reference = {
      secretNames: ["ecr"],
      servers: ["*.dkr.ecr.eu-central-1.amazonaws.com", "https://index.docker.io/v1/"],
    };
    assert.deepEqual(await outputsOf(made), {
      secretName: "ecr",
      reference,
      references: { default: reference, b: reference },
      namespaces: { default: "team-a", b: "team-b" },
      servers: reference.servers,
    });
  });

  it("makes a ClusterExternalSecret for a selector, whose reference holds in every selected namespace", async () => {
    const made = await make({
      namespaceSelector: { "example.com/team": "true" },
      secretStoreRef: { name: "vault", kind: SecretStoreKind.ClusterSecretStore },
      dockerConfigJsonFrom: { key: "docker-config", version: "2" },
      servers: [server],
      refreshInterval: "5m",
    });
    assert.deepEqual(made.errors, []);
    assert.deepEqual(inputsOf(made, clusterType), {
      login: {
        apiVersion: "external-secrets.io/v1",
        kind: "ClusterExternalSecret",
        metadata: metadata("login"),
        spec: {
          namespaceSelectors: [{ matchLabels: { "example.com/team": "true" } }],
          externalSecretSpec: {
            refreshInterval: "5m",
            secretStoreRef: { kind: "ClusterSecretStore", name: "vault" },
            target: targetOf("{{ .dockerConfigJson }}"),
            data: [{ secretKey: "dockerConfigJson", remoteRef: { key: "docker-config", version: "2" } }],
          },
        },
      },
    });
    assert.deepEqual(inputsOf(made, secretType), {});
    assert.deepEqual(await outputsOf(made), {
      secretName: "login",
      reference: { secretNames: ["login"], servers: [server] },
      references: {},
      namespaces: {},
      servers: [server],
    });
  });

  it("leaves the namespace to the provider, and knows all but its values at preview", async () => {
    const key = pulumi.output(pulumi.unknown as string);
    const made = await make({ secretStoreRef: vault, logins: [{ ...login, passwordFrom: { key } }] }, true);
    assert.deepEqual(made.errors, []);
    assert.deepEqual(inputsOf(made, secretType)["login"]?.["metadata"], metadata("login"));
  });

  it("refuses wrong arguments with all problems at once, and makes nothing", async () => {
    const wrong = {
      namespace: "Shop",
      namespaceSelector: {},
      secretName: "default-secret",
      logins: [
        { ...login, username: "jane:doe" },
        { ...login, server: `https://${server}` },
      ],
      dockerConfigJsonFrom: { key: "a" },
      servers: ["docker.io", "index.docker.io"],
    };
    const made = await make(wrong);
    assert.deepEqual(made.errors, [
      [
        'ExternalPullSecret "login": 10 problems',
        '  secretName: "default-secret" is created and refreshed by the cluster itself (Huawei CCE): choose another name, and list that Secret by a reference.',
        '  namespace: "Shop" is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.',
        "  namespaceSelector: is given along with names of namespaces: keep one of the two.",
        "  namespaceSelector: is empty: give at least one label, or every namespace would get the login.",
        "  arguments: has 2 of logins, dockerConfigJsonFrom, generator: give one of them.",
        "  secretStoreRef: is missing: name the SecretStore or ClusterSecretStore that holds the login.",
        "  servers: is given along with `logins`, which name their servers: leave it out.",
        '  logins[0].username: contains ":", where kubelet splits username from password: a username can\'t have one.',
        "  logins[1].server: is the same key to kubelet as logins[0].server: keep one of them.",
        "  servers[1]: is the same key to kubelet as servers[0]: keep one of them.",
      ].join("\n"),
    ]);
    assert.deepEqual(
      made.resources.map(({ type }) => type),
      ["kubernetes-private-registry:index:ExternalPullSecret"],
    );
  });

  it("refuses values of a wrong shape with all problems at once", async () => {
    const wrong = {
      secretStoreRef: { name: "Vault", kind: "Store" },
      logins: [
        { server: "oci://host", usernameFrom: { key: "a" }, username: "b", passwordFrom: { property: "p" } },
        { server: "{{.password0}}", passwordFrom: { key: "b", file: "c" } },
      ],
      generator: { kind: "Fake", name: "x" },
      servers: [],
      refreshInterval: "0s",
    } as unknown as ExternalPullSecretArgs;
    const message = [
      'ExternalPullSecret "login": 11 problems',
      '  secretStoreRef.name: "Vault" is not a DNS-1123 subdomain: use at most 253 lower-case letters, digits, "-" and ".", with a letter or digit at both ends of each part.',
      '  secretStoreRef.kind: is "Store": give one of SecretStore, ClusterSecretStore.',
      "  logins[0]: has 2 of username, usernameFrom: give one of them.",
      '  logins[0].server: "oci://host" has a scheme that kubelet does not know: write the host alone, or https:// before it.',
      "  logins[0].passwordFrom.key: is missing.",
      "  logins[1]: has 0 of username, usernameFrom: give one of them.",
      '  logins[1].server: "{{.password0}}" is not host[:port][/path]: a host has letters, digits, "-" and ".", and "*" for a part of a label.',
      "  logins[1].passwordFrom.file: is not a known name. Expected one of: key, property, version.",
      '  generator.kind: is "Fake": give one of ECRAuthorizationToken, GCRAccessToken, ACRAccessToken, ClusterGenerator.',
      "  servers: is empty: name the servers that the login is for.",
      '  refreshInterval: is not a time of at least a second: write it in hours, minutes and seconds, such as "30m" or "1h30m".',
    ].join("\n");
    await assert.rejects(make(wrong), { message });
  });

  it("has no public output that a secret argument makes secret", async () => {
    const { value } = await make({
      secretStoreRef: vault,
      logins: [{ ...login, username: pulumi.secret("janedoe") }],
    });
    const outputs = [value.secretName, value.reference, value.references, value.namespaces, value.servers];
    assert.deepEqual(await Promise.all(outputs.map(isSecret)), [false, false, false, false, false]);
  });

  it("holds back what lists it until the operator has made the Secret", async () => {
    const made = await runWithMocks(
      () => {
        const { reference } = new ExternalPullSecret("login", { secretStoreRef: vault, logins: [login] });
        const image = `${server}/janedoe/app:v1`;
        new PrivateDeployment("app", { pullSecrets: [reference], image });
      },
      { failing: `${secretType} login` },
    );
    assert.ok(Object.keys(inputsOf(made, secretType)).includes("login"));
    assert.deepEqual(inputsOf(made, "kubernetes:apps/v1:Deployment"), {});
  });

  it("explains what the operator did not do: with the command that shows why, and from the state", async () => {
    const shown: string[] = [];
    const { error } = pulumi.log;
    Object.assign(pulumi.log, { error: (message: string) => Promise.resolve(shown.push(message)) });
    const of = { urn: "urn:pulumi:test::unit::type::login", id: "", name: "login", type: "" };
    const newInputs = { kind: "ExternalSecret", metadata: { name: "login", namespace: "shop\u001b" } };
    const conditions = [{ type: "Ready", status: "False", message: "no such key \u001b" }];
    try {
      const made = await runWithMocks(() => {
        answerRegistrations(null);
        const { onError = [], beforeUpdate = [] } = withFailureHooks({});
        const [onTimeout] = onError;
        const [onUpdate] = beforeUpdate as pulumi.ResourceHook[];
        assert.equal(onUpdate?.opts?.onDryRun, true);
        for (const status of [{}, { conditions }]) {
          pulumi.output(onUpdate.callback({ ...of, oldOutputs: { status } }));
        }
        const failure = { ...of, newInputs, failedOperation: "create" };
        return Promise.all(
          ["timed out waiting for the condition", "no matches for kind"].map((newest) =>
            Promise.resolve(onTimeout?.callback({ ...failure, errors: [newest, "timed out waiting"] })),
          ),
        );
      });
      assert.deepEqual(await made.value, [false, false]);
      assert.deepEqual(made.warnings, [
        "External Secrets Operator could not sync the Secret when Pulumi last looked: no such key \\u001b. Unless that has been corrected since, this `up` times out too.",
      ]);
    } finally {
      Object.assign(pulumi.log, { error });
    }
    assert.equal(shown.length, 1);
    assert.match(shown[0] ?? "", /kubectl describe externalsecret\/login --namespace shop\\u001b shows why/);
  });

  it("gives PrivateWorkloads, withPullSecrets and pullSecretTransform what they check and list", async () => {
    const image = `${server}/janedoe/app:v1`;
    const made = await runWithMocks(() => {
      const pullSecret = new ExternalPullSecret("login", {
        namespace: "shop",
        secretStoreRef: vault,
        logins: [login],
      });
      const shop = new PrivateWorkloads("shop", {
        registries: [{ server: "registry.example.com", username: "a", password: "c4n4ry" }],
        extraPullSecrets: [pullSecret.reference],
        namespace: "shop",
        deployments: { app: { image } },
      });
      new k8s.core.v1.Pod("mine", {
        metadata: { namespace: "shop" },
        spec: withPullSecrets({ containers: [{ name: "app", image }] }, pullSecret),
      });
      return { pullPlan: shop.pullPlan, transform: pullSecretTransform(pullSecret) };
    });
    assert.deepEqual(made.errors, []);
    const [deployment] = Object.values(inputsOf(made, "kubernetes:apps/v1:Deployment")) as {
      spec: { template: { spec: { imagePullSecrets: { name: string }[] } } };
    }[];
    assert.deepEqual(deployment?.spec.template.spec.imagePullSecrets.at(-1), { name: "login" });
    const [pod] = Object.values(inputsOf(made, "kubernetes:core/v1:Pod")) as { spec: object }[];
    assert.deepEqual(pod?.spec, {
      containers: [{ name: "app", image }],
      imagePullSecrets: [{ name: "login" }],
    });
  });
});
