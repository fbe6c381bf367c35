import assert from "node:assert/strict";
import {
  accountNameProblem,
  groupAndKind,
  isServiceAccount,
  kindName,
  kindNameProblem,
  pathProblem,
  pathText,
  transformedKind,
} from "../../components/lib/workloadKinds";

/** Where the pods of a type are, and what a new name does to them. */
function placeOf(type: string): string | undefined {
  const kind = transformedKind(type);
  return (
    kind && `${kind.podSpecs.map((path) => pathText([...kind.objects, ...path])).join()} ${kind.onNewName}`
  );
}

describe("transformedKind", () => {
  const template = "spec.template.spec";
  const types: Record<string, string | undefined> = {
    "kubernetes:core/v1:Pod": "spec goesDown",
    "kubernetes:core/v1:PodTemplate": "template.spec keepsOldName",
    "kubernetes:core/v1:ReplicationController": `${template} keepsOldName`,
    "kubernetes:apps/v1:Deployment": `${template} rolls`,
    "kubernetes:apps/v1beta1:Deployment": `${template} rolls`,
    "kubernetes:apps/v1beta2:StatefulSet": `${template} rolls`,
    "kubernetes:extensions/v1beta1:DaemonSet": `${template} rolls`,
    "kubernetes:apps/v1:ReplicaSet": `${template} keepsOldName`,
    "kubernetes:batch/v1:Job": `${template} runsAgain`,
    "kubernetes:batch/v1:CronJob": "spec.jobTemplate.spec.template.spec rolls",
    "kubernetes:batch/v2alpha1:CronJob": "spec.jobTemplate.spec.template.spec rolls",
    "kubernetes:argoproj.io/v1alpha1:Rollout": `${template} keepsOldName`,
    "kubernetes:serving.knative.dev/v1:Service": `${template} keepsOldName`,
    "kubernetes:apps.kruise.io/v1alpha1:CloneSet": `${template} keepsOldName`,
    "kubernetes:apps/v1:DeploymentPatch": `${template} rolls`,
    "kubernetes:apps/v1:DeploymentList": `items[].${template} rolls`,
    "kubernetes:core/v1:PodList": "items[].spec goesDown",
    "kubernetes:argoproj.io/v1alpha1:RolloutList": `items[].${template} keepsOldName`,
    "kubernetes:core/v1:Service": undefined,
    "kubernetes:apps/v1:Patch": undefined,
    "kubernetes:apps/v1:List": undefined,
    "kubernetes:example.com/v1:Deployment": undefined,
    "kubernetes:core/v1:constructor": undefined,
    "acme:apps/v1:Deployment": undefined,
    "kubernetes:helm.sh/v4:Chart": undefined,
    "acme/kubernetes:apps/v1:Deployment": undefined,
    "kubernetes:apps/v1:Deployment/status": undefined,
    "": undefined,
  };
  for (const [type, place] of Object.entries(types)) {
    it(`${type}: ${place ?? "none"}`, () => {
      assert.equal(placeOf(type), place);
    });
  }

  it("takes what users give, as pod specs or plain lists, beside what is known", () => {
    const given = {
      "acme.io/Widget": ["spec.tasks[].pod", "spec.imagePullSecrets", "spec.image.pullSecrets"],
      "acme.io/Gadget": ["spec.pullSecretsJob"],
      "apps/Deployment": ["spec.sidecar"],
    };
    assert.deepEqual(transformedKind("kubernetes:acme.io/v1:Widget", given), {
      objects: [],
      podSpecs: [["spec", "tasks", "[]", "pod"]],
      lists: [
        ["spec", "imagePullSecrets"],
        ["spec", "image", "pullSecrets"],
      ],
      onNewName: "keepsOldName",
      isPatch: false,
    });
    assert.deepEqual(transformedKind("kubernetes:acme.io/v1:Gadget", given)?.podSpecs, [
      ["spec", "pullSecretsJob"],
    ]);
    assert.deepEqual(transformedKind("kubernetes:acme.io/v2beta1:WidgetPatch", given)?.isPatch, true);
    assert.deepEqual(transformedKind("kubernetes:apps/v1:Deployment", given)?.podSpecs, [
      ["spec", "template", "spec"],
      ["spec", "sidecar"],
    ]);
    assert.equal(transformedKind("kubernetes:acme.io/v1:constructor", given), undefined);
  });
});

describe("names and paths of a transform", () => {
  it("are those of the types, without a version", () => {
    assert.equal(kindName("kubernetes:acme.io/v1:Widget"), "acme.io/Widget");
    const accounts = ["", "List", "Patch"].map((suffix) => `kubernetes:core/v1:ServiceAccount${suffix}`);
    assert.deepEqual(accounts.map(isServiceAccount), [true, true, true]);
    assert.equal(isServiceAccount("kubernetes:core/v1:ServiceAccountToken"), false);
    assert.equal(isServiceAccount("acme/kubernetes:core/v1:ServiceAccount"), false);
  });

  it("are empty for types of other providers", () => {
    assert.deepEqual(groupAndKind("kubernetes:acme.io/v1:Widget"), { group: "acme.io", kind: "Widget" });
    assert.deepEqual(groupAndKind("acme:acme.io/v1:Widget"), { group: "", kind: "" });
  });

  it("are refused where they can't be any", () => {
    for (const path of ["spec", "spec.pods[].spec", "spec.a-b_C1.imagePullSecrets"]) {
      assert.equal(pathProblem(path), undefined);
    }
    for (const path of ["", "spec.", ".spec", "spec..x", "spec[0]", "spec.[]", "spec x"]) {
      assert.equal(
        pathProblem(path),
        `"${path}" is not a path: write the names of members with dots between them, and [] after a list, such as "spec.podTemplate.spec".`,
      );
    }
    assert.equal(kindNameProblem("acme.io/Widget"), undefined);
    for (const kind of ["Widget", "acme.io/v1/Widget", "acme.io/", "kubernetes:acme.io/v1:Widget"]) {
      assert.equal(
        kindNameProblem(kind),
        `"${kind}" is not an API group and kind: write them without the version, such as "acme.io/Widget".`,
      );
    }
    assert.deepEqual(["default", "shop/default"].map(accountNameProblem), [undefined, undefined]);
    assert.match(accountNameProblem("Shop/default") ?? "", /^"Shop" is not a DNS-1123 subdomain/);
    assert.match(accountNameProblem("Shop/Default") ?? "", /^"Default" is not a DNS-1123 subdomain/);
    assert.equal(
      accountNameProblem("a/b/c"),
      '"a/b/c" is not the name of a ServiceAccount: write the name, or namespace/name.',
    );
  });
});
