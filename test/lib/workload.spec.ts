import assert from "node:assert/strict";
import type { PullAttempt } from "../../components";
import {
  type ContainerImage,
  type PlannedPull,
  planEntry,
  planWorkload,
  type Workload,
} from "../../components/lib/workload";

const label =
  'is not a DNS-1123 label: use at most 63 lower-case letters, digits and "-", with a letter or digit at both ends.';
const servers = [{ server: "registry.example.com", pullSecret: "current" }];
const image = "registry.example.com/app:v1";

describe("planWorkload", () => {
  it("plans the pull of every container, also of init and ephemeral ones", () => {
    const images = [
      container("initContainers", 0, "migrate", "registry.example.com/migrate:v1"),
      container("containers", 0, "app"),
      container("ephemeralContainers", 0, "debug", "registry.example.com/debug:v1"),
    ];
    assert.deepEqual(planWorkload(workload({ images }), servers, ""), {
      result: [
        {
          path: "initContainers[0].image",
          deployment: "shop",
          container: "migrate",
          image: "registry.example.com/migrate:v1",
          logins: servers,
        },
        { path: "containers[0].image", deployment: "shop", container: "app", image, logins: servers },
        {
          path: "ephemeralContainers[0].image",
          deployment: "shop",
          container: "debug",
          image: "registry.example.com/debug:v1",
          logins: servers,
        },
      ],
      problems: [],
    });
  });

  it("plans the pull of an image volume, whose name may be a container's and need not be a label", () => {
    const images = [container("containers", 0, "app"), container("volumes", 1, "app")];
    const { result, problems } = planWorkload(workload({ images }), servers, "x");
    assert.deepEqual(problems, []);
    assert.deepEqual(
      result.map(({ path }) => path),
      ["x.containers[0].image", "x.podSpec.volumes[1].image.reference"],
    );
    const named = workload({ images: [container("volumes", 0, "A.B")] });
    assert.deepEqual(planWorkload(named, servers, "x").problems, []);
  });

  it("plans an anonymous pull where that is allowed", () => {
    const plan = planWorkload(
      workload({ images: [container("containers", 0, "app", "nginx:1.27")], allowAnonymous: true }),
      servers,
      "",
    );
    assert.deepEqual(plan, {
      result: [
        {
          path: "containers[0].image",
          deployment: "shop",
          container: "app",
          image: "nginx:1.27",
          logins: [],
        },
      ],
      problems: [],
    });
  });

  it("plans a pull without a pull Secret for a server that needs none, unless kubelet has a login to try", () => {
    const images = [
      container("containers", 0, "app"),
      container("containers", 1, "proxy", "quay.io/proxy:1"),
      container("containers", 2, "hub", "nginx:1.27"),
      container("volumes", 0, "model", "a.public.example/model:1"),
    ];
    const serversWithoutSecret = [
      "registry.example.com",
      "quay.io/proxy",
      "*.public.example",
      "hub.docker.com",
    ];
    const { result, problems } = planWorkload(workload({ images, serversWithoutSecret }), servers, "");
    assert.deepEqual(problems, []);
    assert.deepEqual(
      result.map(({ container, logins, serverWithoutSecret }) => [container, logins, serverWithoutSecret]),
      [
        ["app", servers, undefined],
        ["proxy", [], "quay.io/proxy"],
        ["hub", [], "hub.docker.com"],
        ["model", [], "*.public.example"],
      ],
    );
    assert.deepEqual(planEntry(result[1] as PlannedPull<PullAttempt>), {
      deployment: "shop",
      container: "proxy",
      image: "quay.io/proxy:1",
      attempts: [],
      serverWithoutSecret: "quay.io/proxy",
    });
  });

  it("still refuses every other image, and what is no reference", () => {
    const images = [
      container("containers", 0, "app", "quay.io/other:1"),
      container("containers", 1, "odd", "quay.io/A"),
    ];
    const serversWithoutSecret = ["quay.io/proxy"];
    const { problems } = planWorkload(workload({ images, serversWithoutSecret }), servers, "");
    assert.deepEqual(
      problems.map(({ path }) => path),
      ["containers[0].image", "containers[1].image"],
    );
  });

  it("needs no pull Secret for an image that only servers given apart match, where its server needs none", () => {
    const facts = { images: [container("containers", 0, "app")], held: [] };
    assert.equal(planWorkload(workload(facts), servers, "").problems.length, 1);
    const serversWithoutSecret = ["registry.example.com"];
    assert.deepEqual(planWorkload(workload({ ...facts, serversWithoutSecret }), servers, "").problems, []);
  });

  const onlyImage = ["image"];
  const wrong: [title: string, workload: Partial<Workload>, path: string, paths: Record<string, string>][] = [
    ["its name", { name: "Shop" }, "", { name: `"Shop" ${label}` }],
    [
      "the key that is its name",
      { name: "Shop" },
      "deployments.Shop",
      { "deployments.Shop": `"Shop" ${label}` },
    ],
    [
      "a name that the only container shares, once",
      { name: "Shop", given: onlyImage, images: [container("containers", 0, "Shop")] },
      "deployments.Shop",
      { "deployments.Shop": `"Shop" ${label}` },
    ],
    [
      "neither image nor containers",
      { given: [] },
      "x",
      { "x.image": "is missing, and so are `containers`: give one of the two." },
    ],
    [
      "both of them",
      { given: ["image", "containers"] },
      "x",
      { "x.image": "is given along with `containers`: give one of the two." },
    ],
    [
      "settings of a container beside containers, where they would be lost",
      { given: ["containers", "env", "livenessProbe"] },
      "x",
      {
        "x.env": "is given along with `containers`: move it to the container that it is for.",
        "x.livenessProbe": "is given along with `containers`: move it to the container that it is for.",
      },
    ],
    [
      "the names of containers",
      { images: [container("initContainers", 1, "Migrate"), container("containers", 0, "a.b")] },
      "x",
      { "x.initContainers[1].name": `"Migrate" ${label}`, "x.containers[0].name": `"a.b" ${label}` },
    ],
    [
      "a name that two containers have",
      { images: [container("initContainers", 0, "app"), container("containers", 0, "app")] },
      "",
      { "containers[0].name": '"app" is the name of another container.' },
    ],
    [
      "a container beside the only one",
      {
        given: onlyImage,
        images: [container("containers", 0, "shop"), container("containers", 1, "Side", "A B")],
      },
      "x",
      { "x.containers[1].name": `"Side" ${label}`, "x.containers[1].image": invalidReference("A B") },
    ],
    [
      "the only image",
      { given: onlyImage, images: [container("containers", 0, "shop", "a b")] },
      "x",
      { "x.image": invalidReference("a b") },
    ],
    [
      "the image of an init container beside the only image",
      {
        given: onlyImage,
        images: [container("initContainers", 0, "migrate", "a b"), container("containers", 0, "shop")],
      },
      "x",
      { "x.initContainers[0].image": invalidReference("a b") },
    ],
    [
      "the image of a volume",
      { images: [container("volumes", 2, "model", "a b")] },
      "x",
      { "x.podSpec.volumes[2].image.reference": invalidReference("a b") },
    ],
    [
      "the images of containers",
      {
        images: [container("initContainers", 0, "migrate", "a b"), container("containers", 0, "app", "c d")],
      },
      "",
      { "initContainers[0].image": invalidReference("a b"), "containers[0].image": invalidReference("c d") },
    ],
  ];
  for (const [title, facts, path, problems] of wrong) {
    it(`says what is wrong with ${title}`, () => {
      const found = planWorkload(workload(facts), servers, path).problems;
      assert.deepEqual(Object.fromEntries(found.map(({ path, reason }) => [path, reason])), problems);
      assert.equal(found.length, Object.keys(problems).length);
    });
  }

  it("names the image, the nearest server and why it does not match", () => {
    const images = [container("initContainers", 0, "migrate", "registry.example.org/migrate:v1")];
    assert.deepEqual(planWorkload(workload({ images }), servers, "x").problems, [
      {
        path: "x.initContainers[0].image",
        reason:
          'no server matches "registry.example.org/migrate:v1"; the nearest, "registry.example.com", does not: its host is not "registry.example.org". Add a registry for it, correct the image or the server, or name its server in `serversWithoutSecret` if it needs no pull Secret.',
      },
    ]);
  });
});

function workload(facts: Partial<Workload>): Workload {
  return {
    name: "shop",
    given: ["containers"],
    images: [],
    allowAnonymous: false,
    ...facts,
  };
}

function container(
  list: ContainerImage["list"],
  index: number,
  name: string,
  reference = image,
): ContainerImage {
  return { list, index, name, image: reference };
}

function invalidReference(reference: string): string {
  return reference === reference.toLowerCase()
    ? `"${reference}" is not an image reference: write [domain[:port]/]path[:tag][@digest], the path in lower-case letters and digits with "/", ".", "_", "__" or "-" between them.`
    : `"${reference}" is not an image reference: its path "library/${reference}" must be lower case.`;
}
