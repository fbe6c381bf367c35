import assert from "node:assert/strict";
import { podImages, podSpecProblems, pullSecretProblems } from "../../components/lib/podImages";

describe("podImages", () => {
  it("names every image that kubelet pulls for a pod, in the order of its lists", () => {
    const container = (name: string) => ({ name, image: `${name}:1` });
    const podSpec = {
      volumes: [
        { name: "a", emptyDir: {} },
        { name: "b", image: { reference: "b:1" } },
        { name: "c", image: {} },
      ],
      ephemeralContainers: [container("debug")],
      containers: [
        container("web"),
        null,
        { name: "odd", image: 5 },
        { image: "nameless:1" },
        { name: "x", image: null },
      ],
      initContainers: [container("migrate")],
    };
    assert.deepEqual(podImages(podSpec), [
      { list: "initContainers", index: 0, name: "migrate", image: "migrate:1" },
      { list: "containers", index: 0, name: "web", image: "web:1" },
      { list: "containers", index: 3, name: "", image: "nameless:1" },
      { list: "containers", index: 4, name: "x", image: "" },
      { list: "ephemeralContainers", index: 0, name: "debug", image: "debug:1" },
      { list: "volumes", index: 1, name: "b", image: "b:1" },
    ]);
  });

  it("finds none in what is not a pod spec", () => {
    for (const podSpec of [
      undefined,
      null,
      "x",
      [],
      {},
      { containers: {}, volumes: "x" },
      { volumes: [null, { image: "x" }] },
    ]) {
      assert.deepEqual(podImages(podSpec), []);
    }
  });
});

describe("podSpecProblems", () => {
  it("finds none where there are no lists", () => {
    for (const podSpec of [undefined, null, {}, { containers: null, imagePullSecrets: null, volumes: "x" }]) {
      assert.deepEqual(podSpecProblems(podSpec, "podSpec"), []);
    }
  });

  it("names the path of what is not a pod spec, even an empty path", () => {
    const reason = "is a list: give an object.";
    assert.deepEqual(podSpecProblems([], "spec.template.spec"), [{ path: "spec.template.spec", reason }]);
    assert.deepEqual(podSpecProblems([], ""), [{ path: "podSpec", reason }]);
  });

  it("names each item of each list, behind the path", () => {
    const podSpec = {
      containers: [{ name: "a", image: 5 }],
      ephemeralContainers: [{ name: 5, image: "a" }, { name: null }, {}],
      imagePullSecrets: [{ name: "a" }, { name: false }],
    };
    assert.deepEqual(podSpecProblems(podSpec, "spec"), [
      { path: "spec.containers[0].image", reason: "is a number: give a string." },
      { path: "spec.ephemeralContainers[0].name", reason: "is a number: give a string." },
      { path: "spec.imagePullSecrets[1].name", reason: "is a boolean: give the name of a Secret." },
    ]);
    assert.deepEqual(podSpecProblems({ initContainers: true }, ""), [
      { path: "initContainers", reason: "is a boolean: give a list of containers." },
    ]);
  });
});

describe("pullSecretProblems", () => {
  it("takes lists of objects with a name, and none", () => {
    for (const listed of [undefined, null, [], [{ name: "a" }, { name: "b", more: 1 }]]) {
      assert.deepEqual(pullSecretProblems(listed, "x"), []);
    }
  });

  it("says what a list of pull Secrets is where there is something else", () => {
    assert.deepEqual(pullSecretProblems("regcred", "imagePullSecrets"), [
      {
        path: "imagePullSecrets",
        reason: "is a string: give a list of pull Secrets, each an object with its name.",
      },
    ]);
  });

  it("names each item without a name", () => {
    const reason = "is missing: give the name of a Secret.";
    assert.deepEqual(
      pullSecretProblems([{}, { name: null }, { name: "" }, { name: "regcred" }], "x"),
      [0, 1, 2].map((index) => ({ path: `x[${index}].name`, reason })),
    );
  });
});
