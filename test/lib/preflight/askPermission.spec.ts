import assert from "node:assert/strict";
import {
  askedRegistry,
  askVariable,
  notAskedNotes,
  parseAskPermission,
  permittedChecks,
  requireAskPermission,
} from "../../../components/lib/preflight/askPermission";
import { PreflightError } from "../../../components/registry/preflightError";

const allowed =
  'Allowed are `off`, or hosts separated by commas, such as "docker.io,registry.example.com:5000".';

function permittedOf(value: string | undefined, registries: string[]): string[] {
  return registries.filter(parseAskPermission(value));
}

describe("parseAskPermission", () => {
  it("knows the variable by its name", () => {
    assert.equal(askVariable, "KUBERNETES_PRIVATE_REGISTRY_ASK");
  });

  it("permits every registry where the variable is not set, and none where it is off", () => {
    const registries = ["docker.io", "registry.example.com:5000", "http://localhost:5000"];
    assert.deepEqual(permittedOf(undefined, registries), registries);
    for (const off of ["off", " off\n"]) {
      assert.deepEqual(permittedOf(off, registries), []);
    }
  });

  const lists: [value: string, permitted: string[], refused: string[]][] = [
    [
      "registry.example.com",
      ["registry.example.com"],
      ["a.registry.example.com", "docker.io", "example.com"],
    ],
    [
      " a.example.com ,\n\tb.example.com:5000",
      ["a.example.com", "b.example.com:5000"],
      ["b.example.com", "a.example.com:5000"],
    ],
    ["a.example.com", [], ["http://a.example.com", "a.example.com:443", "A.example.com"]],
    ["a.example.com:443", ["a.example.com:443"], ["a.example.com", "a.example.com:0443"]],
    ["https://a.example.com", ["a.example.com"], ["http://a.example.com"]],
    ["https://a.example.com/v2/,b.example.com/", ["a.example.com", "b.example.com"], []],
    ["http://localhost:5000", ["http://localhost:5000", "localhost:5000"], ["localhost"]],
    ["docker.io", ["docker.io"], ["registry-1.docker.io", "http://docker.io", "index.docker.io"]],
    ["https://index.docker.io/v1/", ["docker.io"], []],
    ["http://hub.docker.com", ["docker.io"], ["http://docker.io", "hub.docker.com"]],
    ["registry-1.docker.io", ["registry-1.docker.io"], ["docker.io"]],
  ];
  for (const [value, permitted, refused] of lists) {
    it(`permits ${JSON.stringify(permitted)} and none of ${JSON.stringify(refused)} by ${JSON.stringify(value)}`, () => {
      assert.deepEqual(permittedOf(value, [...permitted, ...refused]), permitted);
    });
  }

  const unusable: [value: string, problem: string][] = [
    ["", "its entry 1 is empty."],
    [" ", "its entry 1 is empty."],
    ["a.example.com,", "its entry 2 is empty."],
    [
      "off,a.example.com",
      'its entry 1 has a host without a dot or port, and an image named "host/app" is on Docker Hub.',
    ],
    ["OFF", "its entry 1 has upper case in its host, and kubelet compares hosts letter by letter."],
    ["a.example.com,*.example.com", "its entry 2 has a `*`: list each host."],
    ["*", "its entry 1 has a `*`: list each host."],
    ["a.example.com/team", "its entry 1 has a path: give only the host."],
    ["docker.io/janedoe", "its entry 1 has a path: give only the host."],
    ["a.example.com b.example.com", "its entry 1 contains white space."],
    ["a.example.com;b.example.com", "its entry 1 is not host[:port][/path]."],
    ["janedoe:hunter2@a.example.com", "its entry 1 contains user information (an @)."],
    ["oci://a.example.com", "its entry 1 has a scheme that kubelet does not know."],
    ["a.example.com:port", "its entry 1 has an impossible port."],
  ];
  for (const [value, problem] of unusable) {
    it(`can't use ${JSON.stringify(value)}, and does not repeat it`, () => {
      assert.throws(() => parseAskPermission(value), {
        name: "AskPermissionError",
        message: `The environment variable KUBERNETES_PRIVATE_REGISTRY_ASK can't be used: ${problem} ${allowed}`,
      });
    });
  }
});

describe("askedRegistry", () => {
  const login = { username: "u", password: "p" };
  const servers: [server: string, insecure: boolean, registry: string | undefined][] = [
    ["registry.example.com/team", false, "registry.example.com"],
    ["https://registry.example.com:5000/v2/", true, "registry.example.com:5000"],
    ["registry.example.com", true, "http://registry.example.com"],
    ["http://registry.example.com/team", false, "http://registry.example.com"],
    ["index.docker.io", true, "docker.io"],
    ["docker.io/janedoe", true, "docker.io"],
    ["registry-1.docker.io", false, "registry-1.docker.io"],
    ["Registry.example.com", false, undefined],
  ];
  for (const [server, insecure, registry] of servers) {
    it(`is ${registry ?? "none"} for the server ${server}${insecure ? " with insecure" : ""}`, () => {
      assert.equal(askedRegistry({ server, insecure, ...login }), registry);
    });
  }

  const images: [
    image: string,
    server: string | undefined,
    insecure: boolean,
    registry: string | undefined,
  ][] = [
    ["nginx", undefined, false, "docker.io"],
    ["nginx", "https://index.docker.io/v1/", true, "docker.io"],
    ["a.example.com:5000/app:1", "*.example.com:5000", false, "a.example.com:5000"],
    ["a.example.com/app:1", "*.example.com", true, "http://a.example.com"],
    ["a.example.com/app:1", "http://a.example.com", false, "http://a.example.com"],
    ["Not/An:Image", undefined, false, undefined],
  ];
  for (const [image, server, insecure, registry] of images) {
    it(`is ${registry ?? "none"} for the image ${image} under ${server ?? "no server"}`, () => {
      assert.equal(askedRegistry({ image, server, insecure }), registry);
    });
  }
});

describe("requireAskPermission", () => {
  const check = { server: "http://a.example.com", username: "u", password: "p" };

  it("is silent for what is permitted", () => {
    requireAskPermission(check, undefined);
    requireAskPermission(check, "http://a.example.com");
    requireAskPermission({ image: "b.example.com/app" }, "b.example.com");
  });

  for (const [value, message] of [
    [
      "off",
      /^The registry "http:\/\/a\.example\.com" is not asked: .*KUBERNETES_PRIVATE_REGISTRY_ASK does not permit it/,
    ],
    ["a.example.com", /KUBERNETES_PRIVATE_REGISTRY_ASK does not permit it/],
    ["*", /KUBERNETES_PRIVATE_REGISTRY_ASK can't be used/],
  ] as const) {
    it(`is a PreflightError for ${value}`, () => {
      assert.throws(
        () => {
          requireAskPermission(check, value);
        },
        (error) => {
          assert.ok(error instanceof PreflightError);
          assert.deepEqual([error.reason, error.registry], ["invalid", "a.example.com"]);
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});

describe("requireAskPermission of a check that can't reach any registry", () => {
  const check = { image: "Not/An:Image" };

  it("leaves it to the check to say what is wrong", () => {
    requireAskPermission(check, undefined);
    requireAskPermission(check, "off");
  });

  it("is a PreflightError without a registry where the variable is invalid", () => {
    assert.throws(
      () => {
        requireAskPermission(check, "*");
      },
      (error) => {
        assert.ok(error instanceof PreflightError);
        assert.deepEqual([error.reason, error.registry], ["invalid", ""]);
        return true;
      },
    );
  });
});

describe("permittedChecks", () => {
  const login = { username: "u", password: "p" };
  const registry = (path: string, server: string) => ({ path, check: { server, ...login }, serves: [] });
  const image = (deployment: string, isPin: boolean, ...servers: string[]) => ({
    path: `deployments.${deployment}.image`,
    deployment,
    image: "a.example.com/app",
    attempts: servers.map((server) => ({
      path: "registries[0]",
      check: { image: "a.example.com/app", server },
    })),
    isPin,
  });
  const planned = {
    registries: [registry("registries[0]", "a.example.com"), registry("registries[1]", "b.example.com")],
    images: [
      image("one", false, "a.example.com"),
      image("two", false, "a.example.com", "http://a.example.com"),
      image("three", true, "http://a.example.com"),
    ],
    unpinnable: [{ path: "deployments.c.image", reason: "so." }],
  };

  it("leaves all as it is where every registry may be asked", () => {
    assert.deepEqual(
      permittedChecks(planned, () => true),
      { checks: planned, notAsked: [] },
    );
  });

  it("leaves what can't reach any registry to the checks, which say why", () => {
    const unreachable = {
      registries: [registry("registries[0]", "Registry.example.com")],
      images: [],
      unpinnable: [],
    };
    assert.deepEqual(permittedChecks(unreachable, parseAskPermission("off")), {
      checks: unreachable,
      notAsked: [],
    });
  });

  it("takes out what may not be asked, and an image unless all of its logins may", () => {
    const { checks, notAsked } = permittedChecks(planned, parseAskPermission("a.example.com"));
    assert.deepEqual(
      [checks.registries.map(({ path }) => path), checks.images.map(({ deployment }) => deployment)],
      [["registries[0]"], ["one"]],
    );
    assert.deepEqual(notAsked, ["http://a.example.com", "b.example.com"]);
    assert.deepEqual(checks.unpinnable, [
      ...planned.unpinnable,
      {
        path: "deployments.three.image",
        reason:
          "can't be pinned (pinDigest): the environment variable KUBERNETES_PRIVATE_REGISTRY_ASK does not permit asking its registry. Name the registry there, write the digest into the image, or leave `pinDigest` out.",
      },
    ]);
  });
});

describe("notAskedNotes", () => {
  const because =
    "not asked, because the environment variable KUBERNETES_PRIVATE_REGISTRY_ASK does not permit it:";

  it("is one line with as many registries as fit", () => {
    assert.deepEqual(notAskedNotes([]), []);
    assert.deepEqual(notAskedNotes(["a"]), [{ path: "verify", reason: `1 registry is ${because} "a".` }]);
    const ten = Array.from({ length: 10 }, (_, index) => `r${index}`);
    assert.deepEqual(notAskedNotes(ten.slice(0, 8)), [
      {
        path: "verify",
        reason: `8 registries are ${because} "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7".`,
      },
    ]);
    assert.deepEqual(notAskedNotes(ten), [
      {
        path: "verify",
        reason: `10 registries are ${because} "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7" and 2 more.`,
      },
    ]);
  });
});
