import assert from "node:assert/strict";
import {
  newNameWarning,
  releaseWarning,
  unchangeablePodWarning,
  unknownKindWarning,
  unseenAccountNotice,
} from "../../components/lib/transformNotices";
import type { OnNewName } from "../../components/lib/workloadKinds";

describe("newNameWarning", () => {
  const inPlace =
    "Give its ImagePullSecret rotation: inPlace, or, to keep Deployments versioned, a second ImagePullSecret with rotation: inPlace to this workload.";
  const warnings: Record<OnNewName, string | undefined> = {
    rolls: undefined,
    runsAgain: `Job web: each rotation gives the pull Secret a new name, which replaces the Job: it runs again. ${inPlace} Or make it a CronJob.`,
    goesDown: `Job web: each rotation gives the pull Secret a new name, which replaces the Pod: it goes down until the new one is ready. ${inPlace} Or make it a Deployment.`,
    keepsOldName: `Job web: each rotation gives the pull Secret a new name and deletes the old Secret, which pods of this workload may still list: they can't pull images then. ${inPlace}`,
  };
  for (const [onNewName, warning] of Object.entries(warnings)) {
    it(`says ${warning === undefined ? "nothing" : "what happens and what to do"} of a workload that ${onNewName}`, () => {
      assert.equal(newNameWarning("Job web", onNewName as OnNewName), warning);
    });
  }
});

describe("unknownKindWarning", () => {
  it("names the image, the paths, and the option that takes them", () => {
    assert.equal(
      unknownKindWarning("web", "acme.io/Widget", ["spec.pod"], "a.b/c:v1"),
      'web: a pull Secret serves the image "a.b/c:v1" of its spec.pod, but pullSecretTransform does not know this kind and adds nothing. If it takes imagePullSecrets there, give the option podTemplates: { "acme.io/Widget": ["spec.pod"] }; if elsewhere, that path.',
    );
  });

  it("names several paths, and escapes a hostile image", () => {
    assert.equal(
      unknownKindWarning("web", "acme.io/Widget", ["spec.pod", "spec.tasks[].pod"], 'a.b/c"\n'),
      String.raw`web: a pull Secret serves the image "a.b/c\"\n" of its spec.pod and spec.tasks[].pod, but pullSecretTransform does not know this kind and adds nothing. If it takes imagePullSecrets there, give the option podTemplates: { "acme.io/Widget": ["spec.pod", "spec.tasks[].pod"] }; if elsewhere, that path.`,
    );
  });
});

describe("what is said of resources that a transform leaves without pull Secrets", () => {
  const notices: [what: string, noticeOf: (subject: string) => string, notice: string][] = [
    [
      "a patch to a pod that exists",
      unchangeablePodWarning,
      "web: lists no pull Secrets, as Kubernetes does not change them once a Pod or Job exists. List them where it is made.",
    ],
    [
      "a pod that may have had those of its ServiceAccount",
      unseenAccountNotice,
      "web: listed no pull Secrets before, so Kubernetes gave it those of its ServiceAccount, if any, and no longer does. If it needs them, name them in `serviceAccountSecrets` of pullSecretTransform. This may hold for other workloads of the same parent too.",
    ],
    [
      "a chart that Helm installs",
      releaseWarning,
      "web: pullSecretTransform can't reach its workloads, as Helm makes them within the provider. Give the chart the pull Secrets by its values, which are often imagePullSecrets, global.imagePullSecrets or image.pullSecrets (see `helm show values`), or use helm.v4.Chart.",
    ],
  ];
  for (const [what, noticeOf, notice] of notices) {
    it(`says of ${what} why, and where to list them`, () => {
      assert.equal(noticeOf("web"), notice);
    });
  }
});
