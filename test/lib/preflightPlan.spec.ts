import assert from "node:assert/strict";
import { type PinnableWorkload, planChecks } from "../../components/lib/preflightPlan";

const server = "registry.example.com";
const login = { server, username: "janedoe", password: "new" };
const outgoing = { ...login, password: "old" };
const image = `${server}/shop/web:v1`;

function workload(changes: Partial<PinnableWorkload> = {}): PinnableWorkload {
  return {
    name: "web",
    namespace: undefined,
    given: ["image"],
    images: [{ list: "containers", index: 0, name: "web", image }],
    allowAnonymous: true,
    pinDigest: false,
    ...changes,
  };
}

function imageOf(changed: string): Partial<PinnableWorkload> {
  return { images: [{ list: "containers", index: 0, name: "web", image: changed }] };
}

function checkOf({ server, username, password }: typeof login) {
  return { server, username, password, insecure: undefined, caBundle: undefined };
}

describe("planChecks", () => {
  it("asks nobody where nothing is to be verified or pinned", () => {
    assert.deepEqual(planChecks({ registries: [login] }, [workload()], ["default"], false), {
      registries: [],
      images: [],
      unpinnable: [],
    });
  });

  it("checks each registry with what it takes to connect, and leaves servers with * to their images", () => {
    const hub = { username: "whale", password: "p", insecure: true };
    const logins = {
      registries: [login, { ...login, server: "*.example.com" }],
      previousRegistries: [hub],
    };
    assert.deepEqual(planChecks(logins, [], ["default"], true).registries, [
      { path: "registries[0]", check: checkOf(login) },
      {
        path: "previousRegistries[0]",
        check: {
          ...checkOf({ ...login, server: "https://index.docker.io/v1/", username: "whale", password: "p" }),
          insecure: true,
        },
      },
    ]);
  });

  it("checks each image with the login that kubelet tries first", () => {
    const narrower = { ...login, server: `${server}/shop`, password: "narrower" };
    const { images } = planChecks({ registries: [login, narrower] }, [workload()], ["default"], true);
    assert.deepEqual(images, [
      {
        path: "deployments.web.image",
        deployment: "web",
        check: { image, ...checkOf(narrower) },
        isPin: false,
      },
    ]);
  });

  it("checks each image with the first outgoing login too", () => {
    const logins = { registries: [login], previousRegistries: [outgoing] };
    const { images } = planChecks(logins, [workload({ pinDigest: true })], ["default"], true);
    assert.deepEqual(
      images.map(({ check, isPin }) => [check.password, isPin]),
      [
        ["new", true],
        ["old", false],
      ],
    );
  });

  it("uses the logins of the workload's namespace only", () => {
    const logins = {
      registries: [
        { ...login, namespaces: ["a"] },
        { ...outgoing, namespaces: ["b"] },
      ],
    };
    const { images } = planChecks(logins, [workload({ namespace: "b" })], ["a", "b"], true);
    assert.deepEqual(
      images.map(({ check }) => check.password),
      ["old"],
    );
  });

  it("checks an image that no login is for without one", () => {
    const { images } = planChecks(
      { registries: [login] },
      [workload(imageOf("quay.io/open/app:1"))],
      ["default"],
      true,
    );
    assert.deepEqual(
      images.map(({ check }) => check),
      [{ image: "quay.io/open/app:1" }],
    );
  });

  it("names every container's image by its path", () => {
    const images = [
      { list: "initContainers", index: 0, name: "migrate", image },
      { list: "containers", index: 1, name: "side", image },
    ] as const;
    const planned = planChecks(
      { registries: [login] },
      [workload({ images: [...images] })],
      ["default"],
      true,
    );
    assert.deepEqual(
      planned.images.map(({ path }) => path),
      ["deployments.web.initContainers[0].image", "deployments.web.containers[1].image"],
    );
  });

  const extraPullSecrets = [{ secretNames: ["default-secret"], servers: [`${server}/shop`] }];

  it("checks no image whose first login is in somebody else's Secret, and pins it with one of ours", () => {
    const logins = { registries: [login], extraPullSecrets };
    assert.deepEqual(planChecks(logins, [workload()], ["default"], true).images, []);
    const pinned = planChecks(logins, [workload({ pinDigest: true })], ["default"], true);
    assert.deepEqual(
      pinned.images.map(({ check, isPin }) => [check.password, isPin]),
      [["new", true]],
    );
  });

  it("can't pin an image whose logins are all somebody else's", () => {
    const logins = { registries: [{ ...login, server: "quay.io" }], extraPullSecrets };
    const { images, unpinnable } = planChecks(logins, [workload({ pinDigest: true })], ["default"], true);
    assert.deepEqual(images, []);
    assert.deepEqual(unpinnable, [{ path: "deployments.web.image", pullSecret: "default-secret" }]);
  });

  it("finds no image that can't be pinned where none is to be, or a login of ours or none at all will do", () => {
    const pinned = workload({ pinDigest: true });
    const elsewhere = { registries: [{ ...login, server: "quay.io" }], extraPullSecrets };
    for (const [logins, planned] of [
      [elsewhere, workload()],
      [{ registries: [login], extraPullSecrets }, pinned],
      [{ registries: [{ ...login, server: "quay.io" }] }, pinned],
    ] as const) {
      assert.deepEqual(planChecks(logins, [planned], ["default"], true).unpinnable, []);
    }
  });

  it("checks an image with one login of each list, however many match", () => {
    const wide = { ...login, server: "*.example.com", password: "wide" };
    const logins = {
      registries: [wide, login],
      previousRegistries: [{ ...wide, password: "old wide" }, outgoing],
    };
    const { images } = planChecks(logins, [workload()], ["default"], true);
    assert.deepEqual(
      images.map(({ check }) => check.password),
      ["new", "old"],
    );
  });

  it("leaves an image with a digest of the user's own to `verify`", () => {
    const own = workload({ pinDigest: true, ...imageOf(`${image}@sha256:${"a".repeat(64)}`) });
    assert.deepEqual(planChecks({ registries: [login] }, [own], ["default"], false).images, []);
    const { images } = planChecks({ registries: [login] }, [own], ["default"], true);
    assert.deepEqual(
      images.map(({ isPin }) => isPin),
      [false],
    );
  });
});
