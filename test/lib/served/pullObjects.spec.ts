import assert from "node:assert/strict";
import { encodeDockerConfigJson } from "../../../components/lib/kubelet/dockerConfigJson";
import { notKnown } from "../../../components/lib/served/known";
import { isPullObject, type PullSecret, readPullObjects } from "../../../components/lib/served/pullObjects";

const dockerConfigJson = encodeDockerConfigJson([
  { server: "registry.example.com", username: "janedoe", password: "hunter2" },
  { server: "https://index.docker.io/v1/", username: "janedoe", password: "hunter2" },
]);
const servers = ["https://index.docker.io/v1/", "registry.example.com"];
const metadata = { name: "registry-login", namespace: "apps" };
const type = "kubernetes.io/dockerconfigjson";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

function secretOf(props: unknown): PullSecret | undefined {
  return readPullObjects([{ type: "kubernetes:core/v1:Secret", props }]).secrets[0];
}

function contentOf(props: object): Pick<PullSecret, "servers" | "unreadable"> | undefined {
  const { namespace, name, ...content } = secretOf({ metadata, ...props }) ?? ({} as PullSecret);
  assert.deepEqual([namespace, name], ["apps", "registry-login"]);
  return content;
}

describe("isPullObject", () => {
  const kinds: [type: string, isOne: boolean][] = [
    ["core/v1:Pod", true],
    ["apps/v1:DeploymentList", true],
    ["apps/v1:DeploymentPatch", true],
    ["core/v1:ServiceAccountPatch", true],
    ["core/v1:Secret", true],
    ["core/v1:SecretList", true],
    ["core/v1:SecretPatch", false],
    ["core/v1:Service", false],
  ];
  for (const [type, isOne] of kinds) {
    it(`is ${String(isOne)} for ${type}`, () => {
      assert.equal(isPullObject({ type: `kubernetes:${type}` }), isOne);
    });
  }
});

describe("readPullObjects", () => {
  it("reads the servers of a pull Secret", () => {
    assert.deepEqual(contentOf({ type, data: { ".dockerconfigjson": base64(dockerConfigJson) } }), {
      servers,
    });
    assert.deepEqual(contentOf({ type, stringData: { ".dockerconfigjson": dockerConfigJson } }), { servers });
  });

  it("prefers stringData, as the API server does", () => {
    const data = { ".dockerconfigjson": base64("{}") };
    assert.deepEqual(contentOf({ type, data, stringData: { ".dockerconfigjson": dockerConfigJson } }), {
      servers,
    });
  });

  it("reads the old form", () => {
    const { auths } = JSON.parse(dockerConfigJson) as { auths: object };
    const data = { ".dockercfg": base64(JSON.stringify(auths)) };
    assert.deepEqual(contentOf({ type: "kubernetes.io/dockercfg", data }), { servers });
    for (const broken of ["{}},{", '{},"more":{}']) {
      assert.deepEqual(
        contentOf({ type: "kubernetes.io/dockercfg", data: { ".dockercfg": base64(broken) } }),
        {
          servers: [],
          unreadable: "docker config is not JSON: give the text of a Docker config.json.",
        },
      );
    }
  });

  it("knows which Secrets kubelet ignores", () => {
    const data = { ".dockerconfigjson": base64(dockerConfigJson) };
    for (const ignored of [
      { data },
      { type: "Opaque", data },
      { type: "Opaque", data: notKnown },
      { type: 1, data },
      { type },
      { type, data: null },
      { type, data: [] },
      { type, data: { ".dockerconfigjson": "" } },
      { type, data: { ".dockerconfigjson": {} } },
      { type, data: { ".dockercfg": base64("{}") } },
    ]) {
      assert.deepEqual(contentOf(ignored), { servers: [], isIgnored: true });
    }
  });

  it("leaves out servers without a whole login", () => {
    const auths = {
      "a.example.com": {},
      "b.example.com": { username: "janedoe" },
      "b2.example.com": { password: "hunter2" },
      "c.example.com": { auth: base64("janedoe:hunter2") },
    };
    assert.deepEqual(contentOf({ type, stringData: { ".dockerconfigjson": JSON.stringify({ auths }) } }), {
      servers: ["c.example.com"],
    });
  });

  it("says why kubelet can't read a Secret, without its content", () => {
    const unreadable = (text: string): string | undefined =>
      contentOf({ type, stringData: { ".dockerconfigjson": text } })?.unreadable;
    assert.equal(unreadable("hunter2"), "docker config is not JSON: give the text of a Docker config.json.");
    assert.equal(
      unreadable(base64(dockerConfigJson)),
      "docker config is base64, as the data of a Secret is shown: decode it first.",
    );
    assert.equal(unreadable('["hunter2"]'), "docker config is a list: give an object.");
    assert.equal(
      unreadable('{"auths":{"a.example.com":{"auth":"hunter2!"}}}'),
      'auths["a.example.com"].auth is not base64 (letters, digits, "+" and "/"): give the base64 of username:password.',
    );
  });

  it("knows what is not known", () => {
    const unknown = { servers: notKnown };
    assert.deepEqual(contentOf({ type: notKnown }), unknown);
    assert.deepEqual(contentOf({ type, data: notKnown }), unknown);
    assert.deepEqual(contentOf({ type, data: { ".dockerconfigjson": notKnown } }), unknown);
    assert.deepEqual(contentOf({ type, stringData: { ".dockerconfigjson": notKnown } }), unknown);
    assert.deepEqual(secretOf(notKnown), { namespace: notKnown, name: notKnown, ...unknown });
    assert.deepEqual(secretOf({ metadata: notKnown, type, stringData: { ".dockerconfigjson": "{}" } }), {
      namespace: notKnown,
      name: notKnown,
      servers: [],
    });
    assert.deepEqual(secretOf({ metadata: { generateName: "a-" } }), {
      namespace: "",
      name: notKnown,
      servers: [],
      isIgnored: true,
    });
  });

  it("reads workloads of every kind, with the path of their pod spec", () => {
    const podSpec = { containers: [] };
    const inTemplate = { template: { spec: podSpec } };
    const sources = [
      { type: "kubernetes:core/v1:Pod", props: { metadata, spec: podSpec } },
      { type: "kubernetes:apps/v1:Deployment", props: { metadata, spec: inTemplate } },
      {
        type: "kubernetes:batch/v1:CronJob",
        props: { metadata, spec: { jobTemplate: { spec: inTemplate } } },
      },
      { type: "kubernetes:apps/v1:StatefulSetList", props: { items: [{}, { metadata, spec: inTemplate }] } },
      { type: "kubernetes:apps/v1:DaemonSetPatch", props: { metadata, spec: notKnown } },
      { type: "kubernetes:apps/v1:ReplicaSetList", props: { items: notKnown } },
      { type: "kubernetes:core/v1:Service", props: { metadata, spec: podSpec } },
      { type: "random:index/randomId:RandomId", props: {} },
    ];
    const read = readPullObjects(sources);
    assert.deepEqual(
      read.workloads.map(({ namespace, podSpec, path, source }) => [
        sources.indexOf(source),
        namespace,
        path,
        podSpec,
      ]),
      [
        [0, "apps", "spec", podSpec],
        [1, "apps", "spec.template.spec", podSpec],
        [2, "apps", "spec.jobTemplate.spec.template.spec", podSpec],
        [3, "", "items[0].spec.template.spec", undefined],
        [3, "apps", "items[1].spec.template.spec", podSpec],
        [4, "apps", "spec.template.spec", notKnown],
        [5, notKnown, "items.spec.template.spec", notKnown],
      ],
    );
    assert.deepEqual([read.secrets, read.serviceAccounts], [[], []]);
  });

  it("reads Secrets and ServiceAccounts in lists and patches", () => {
    const imagePullSecrets = [{ name: "registry-login" }, { name: notKnown }, { name: "" }, null];
    const account = { metadata, imagePullSecrets };
    const { secrets, serviceAccounts } = readPullObjects([
      { type: "kubernetes:core/v1:SecretList", props: { items: [{ metadata }] } },
      { type: "kubernetes:core/v1:SecretList", props: { items: notKnown } },
      { type: "kubernetes:core/v1:SecretList", props: { items: "none" } },
      { type: "kubernetes:core/v1:ServiceAccount", props: { metadata } },
      { type: "kubernetes:core/v1:ServiceAccountList", props: { items: [account] } },
      { type: "kubernetes:core/v1:ServiceAccountPatch", props: { metadata, imagePullSecrets: notKnown } },
      { type: "kubernetes:core/v1:ServiceAccountPatch", props: { metadata } },
    ]);
    const named = { namespace: "apps", name: "registry-login" };
    assert.deepEqual(secrets, [
      { ...named, servers: [], isIgnored: true },
      { namespace: notKnown, name: notKnown, servers: notKnown },
    ]);
    assert.deepEqual(serviceAccounts, [
      { ...named, secretNames: [] },
      { ...named, secretNames: ["registry-login", notKnown] },
      { ...named, secretNames: notKnown },
    ]);
  });

  it("takes the given namespace where an object names none", () => {
    const read = (defaultNamespace: string | typeof notKnown, metadata: object): unknown =>
      readPullObjects([{ type: "kubernetes:core/v1:Pod", props: { metadata }, defaultNamespace }])
        .workloads[0]?.namespace;
    assert.equal(read("shop", {}), "shop");
    assert.equal(read("shop", { namespace: "" }), "shop");
    assert.equal(read("shop", { namespace: "apps" }), "apps");
    assert.equal(read(notKnown, {}), notKnown);
  });

  it("survives properties of any shape", () => {
    for (const props of [
      undefined,
      null,
      1,
      "x",
      [],
      { metadata: [] },
      { metadata: { name: 1 }, spec: [] },
    ]) {
      for (const kind of [
        "core/v1:Secret",
        "core/v1:SecretList",
        "apps/v1:Deployment",
        "core/v1:ServiceAccount",
      ]) {
        readPullObjects([{ type: `kubernetes:${kind}`, props }]);
      }
    }
  });
});
