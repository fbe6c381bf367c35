import assert from "node:assert/strict";
import { planChecks, type PlannedImageCheck } from "../../../components/lib/preflight/checks";
import { type Logins, type PlacedWorkload, planWorkloads } from "../../../components/lib/pullPlan";
import { checkLogins } from "../../../components/lib/secretContents";

const server = "registry.example.com";
const login = { server, username: "janedoe", password: "new" };
const outgoing = { ...login, password: "old" };
const image = `${server}/shop/web:v1`;

type PinnableWorkload = PlacedWorkload & { pinDigest: boolean };

function checksOf(logins: Logins, workloads: PinnableWorkload[], namespaceKeys: string[], verify: boolean) {
  const { result: generations } = checkLogins(logins, namespaceKeys);
  const { extraPullSecrets } = logins;
  const { result } = planWorkloads({
    generations,
    extraPullSecrets,
    serversWithoutSecret: ["public.ecr.aws", server],
    workloads,
    namespaceKeys,
  });
  const pinned = workloads.filter(({ pinDigest }) => pinDigest).map(({ name }) => name);
  return planChecks(result, { namespaceKeys, verify, pinned });
}

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

function passwordsOf(images: PlannedImageCheck[]) {
  return images.map(({ attempts }) => attempts.map(({ check }) => check.password));
}

describe("planChecks", () => {
  it("asks nobody where nothing is to be verified or pinned", () => {
    assert.deepEqual(checksOf({ registries: [login] }, [workload()], ["default"], false), {
      registries: [],
      images: [],
      unpinnable: [],
    });
  });

  it("asks for no image that needs no pull Secret, but to pin it, and for one that has a login all the same", () => {
    const nginx = "public.ecr.aws/nginx:1.27";
    const workloads = [workload(), workload({ name: "public", ...imageOf(nginx) })];
    const { images } = checksOf({ registries: [login] }, workloads, ["default"], true);
    assert.deepEqual(
      images.map((check) => check.image),
      [image],
    );
    const pinned = workload({ ...imageOf(nginx), pinDigest: true });
    for (const verify of [false, true]) {
      assert.deepEqual(checksOf({ registries: [login] }, [pinned], ["default"], verify).images, [
        {
          path: "deployments.web.image",
          deployment: "web",
          image: nginx,
          attempts: [{ check: { image: nginx } }],
          isPin: true,
        },
      ]);
    }
  });

  it("checks each registry with what it takes to connect, and leaves servers with * to their images", () => {
    const hub = { username: "whale", password: "p", insecure: true };
    const logins = {
      registries: [login, { ...login, server: "*.example.com" }],
      previousRegistries: [hub],
    };
    assert.deepEqual(checksOf(logins, [], ["default"], true).registries, [
      { path: "registries[0]", check: checkOf(login), serves: ['["default","registry.example.com"]'] },
      {
        path: "previousRegistries[0]",
        serves: ['["default","index.docker.io"]'],
        check: {
          ...checkOf({ ...login, server: "https://index.docker.io/v1/", username: "whale", password: "p" }),
          insecure: true,
        },
      },
    ]);
  });

  it("asks no registry with a login that is not known yet", () => {
    const logins = {
      registries: [
        { ...login, password: "" },
        { ...login, server: "quay.io" },
      ],
    };
    assert.deepEqual(
      checksOf(logins, [], ["default"], true).registries.map(({ path }) => path),
      ["registries[1]"],
    );
  });

  it("says which logins are tried by the same pods: those of one namespace and one server to kubelet", () => {
    const logins = {
      registries: [
        { ...login, namespaces: ["a"] },
        { ...login, namespaces: ["b", "c"] },
      ],
      previousRegistries: [{ ...outgoing, server: `https://${server}/v2/` }],
    };
    assert.deepEqual(
      checksOf(logins, [], ["a", "b", "c"], true).registries.map(({ serves }) => serves),
      [["a"], ["b", "c"], ["a", "b", "c"]].map((keys) => keys.map((key) => JSON.stringify([key, server]))),
    );
  });

  it("checks each image with all logins that kubelet tries, in its order", () => {
    const narrower = { ...login, server: `${server}/shop`, password: "narrower" };
    const logins = { registries: [login, narrower], previousRegistries: [outgoing] };
    const { images } = checksOf(logins, [workload()], ["default"], true);
    assert.deepEqual(images, [
      {
        path: "deployments.web.image",
        deployment: "web",
        image,
        attempts: [
          { path: "registries[1]", check: { image, ...checkOf(narrower) } },
          { path: "registries[0]", check: { image, ...checkOf(login) } },
          { path: "previousRegistries[0]", check: { image, ...checkOf(outgoing) } },
        ],
        isPin: false,
      },
    ]);
  });

  it("uses the logins of the workload's namespace only", () => {
    const logins = {
      registries: [
        { ...login, namespaces: ["a"] },
        { ...outgoing, namespaces: ["b"] },
      ],
    };
    const { images } = checksOf(logins, [workload({ namespace: "b" })], ["a", "b"], true);
    assert.deepEqual(passwordsOf(images), [["old"]]);
  });

  it("checks an image that no login is for without one", () => {
    const { images } = checksOf(
      { registries: [login] },
      [workload(imageOf("quay.io/open/app:1"))],
      ["default"],
      true,
    );
    assert.deepEqual(
      images.map(({ attempts }) => attempts),
      [[{ check: { image: "quay.io/open/app:1" } }]],
    );
  });

  it("names every container's image by its path", () => {
    const images = [
      { list: "initContainers", index: 0, name: "migrate", image },
      { list: "containers", index: 1, name: "side", image },
    ] as const;
    const planned = checksOf({ registries: [login] }, [workload({ images: [...images] })], ["default"], true);
    assert.deepEqual(
      planned.images.map(({ path }) => path),
      ["deployments.web.initContainers[0].image", "deployments.web.containers[1].image"],
    );
  });

  const extraPullSecrets = [{ secretNames: ["default-secret"], servers: [`${server}/shop`] }];

  it("checks no image whose first login is in somebody else's Secret, and pins it with one of ours", () => {
    const logins = { registries: [login], extraPullSecrets };
    assert.deepEqual(checksOf(logins, [workload()], ["default"], true).images, []);
    const { images } = checksOf(logins, [workload({ pinDigest: true })], ["default"], true);
    assert.deepEqual(passwordsOf(images), [["new"]]);
    assert.deepEqual(
      images.map(({ isPin, unread }) => [isPin, unread]),
      [[true, "default-secret"]],
    );
  });

  it("checks an image with all logins of ours when the first is one, and says whose Secret is tried as well", () => {
    const theirs = [{ secretNames: ["default-secret"], servers: [server] }];
    const logins = {
      registries: [
        { ...login, server: `${server}/shop` },
        { ...login, server: "*.example.com", password: "wide" },
      ],
      extraPullSecrets: theirs,
    };
    const { images } = checksOf(logins, [workload()], ["default"], true);
    assert.deepEqual(passwordsOf(images), [["new", "wide"]]);
    assert.deepEqual(
      images.map(({ unread }) => unread),
      ["default-secret"],
    );
  });

  it("can't pin an image whose logins are all somebody else's", () => {
    const logins = { registries: [{ ...login, server: "quay.io" }], extraPullSecrets };
    const { images, unpinnable } = checksOf(logins, [workload({ pinDigest: true })], ["default"], true);
    assert.deepEqual(images, []);
    assert.deepEqual(unpinnable, [
      {
        path: "deployments.web.image",
        reason:
          'can\'t be pinned: its login is in the Secret "default-secret", which is not read here. Write the digest into the image, or leave `pinDigest` out.',
      },
    ]);
  });

  it("finds no image that can't be pinned where none is to be, or a login of ours or none at all will do", () => {
    const pinned = workload({ pinDigest: true });
    const elsewhere = { registries: [{ ...login, server: "quay.io" }], extraPullSecrets };
    for (const [logins, planned] of [
      [elsewhere, workload()],
      [{ registries: [login], extraPullSecrets }, pinned],
      [{ registries: [{ ...login, server: "quay.io" }] }, pinned],
    ] as const) {
      assert.deepEqual(checksOf(logins, [planned], ["default"], true).unpinnable, []);
    }
  });

  it("leaves an image with a digest of the user's own to `verify`", () => {
    const own = workload({ pinDigest: true, ...imageOf(`${image}@sha256:${"a".repeat(64)}`) });
    assert.deepEqual(checksOf({ registries: [login] }, [own], ["default"], false).images, []);
    const { images } = checksOf({ registries: [login] }, [own], ["default"], true);
    assert.deepEqual(
      images.map(({ isPin }) => isPin),
      [false],
    );
  });
});
