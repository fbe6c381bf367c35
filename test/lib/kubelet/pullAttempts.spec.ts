import assert from "node:assert/strict";
import {
  isMovingTag,
  nearMiss,
  pullAttempts,
  unheldReason,
} from "../../../components/lib/kubelet/pullAttempts";

const remedy =
  "Add a registry for it, correct the image or the server, or name its server in `serversWithoutSecret` if it needs no pull Secret.";
const hub = "https://index.docker.io/v1/";

describe("pullAttempts", () => {
  it("answers in kubelet's order with the Secret of each server", () => {
    const servers = [
      { server: "*.example.com", pullSecret: "current" },
      { server: "registry.example.com", pullSecret: "current" },
      { server: "other.example.org", pullSecret: "current" },
      { server: "registry.example.com", pullSecret: "previous" },
      { server: "registry.example.com/team", pullSecret: "theirs" },
    ];
    assert.deepEqual(pullAttempts("registry.example.com/team/app:v1", servers, false), {
      attempts: [
        { server: "registry.example.com/team", pullSecret: "theirs" },
        { server: "registry.example.com", pullSecret: "current" },
        { server: "registry.example.com", pullSecret: "previous" },
        { server: "*.example.com", pullSecret: "current" },
      ],
    });
  });

  it("permits a pull without a credential where that is allowed", () => {
    assert.deepEqual(attemptsWith("nginx", true, "registry.example.com"), { attempts: [] });
  });

  it("keeps the credentials of an image that may be pulled without", () => {
    assert.deepEqual(attemptsWith("nginx", true, hub), {
      attempts: [{ server: hub, pullSecret: "current" }],
    });
  });

  for (const image of ["", "registry.example.com/Team/app", "a b", "a.b/c:", "nginx@sha256:0"]) {
    it(`refuses the reference ${JSON.stringify(image)}, also where a pull without a credential is allowed`, () => {
      const { attempts, reason } = attemptsWith(image, true, "registry.example.com");
      assert.deepEqual(attempts, []);
      assert.match(reason ?? "", new RegExp(`^${JSON.stringify(image)} is not an image reference: `));
    });
  }

  const uncovered: [image: string, servers: string[], why: string][] = [
    ["registry.example.com/app", [], 'no server matches "registry.example.com/app"; there is none.'],
    [
      "janedoe/app",
      ["registry.example.com"],
      'no server matches "janedoe/app" (on Docker Hub, as it names no other host); the nearest, "registry.example.com", does not: its host has 3 dot-separated parts and the image\'s has 2; "*" matches within one part.',
    ],
    [
      "registry.example.org/app",
      ["swr.*.myhuaweicloud.com", "registry.example.com"],
      'no server matches "registry.example.org/app"; the nearest, "registry.example.com", does not: its host is not "registry.example.org".',
    ],
    [
      "a.b.example.com/app",
      ["*.example.com"],
      'no server matches "a.b.example.com/app"; the nearest, "*.example.com", does not: its host has 3 dot-separated parts and the image\'s has 4; "*" matches within one part.',
    ],
    [
      "registry.example.com:443/app",
      ["other.example.com", "https://registry.example.com"],
      'no server matches "registry.example.com:443/app"; the nearest, "https://registry.example.com", does not: its port is not given and the image\'s 443, and kubelet compares them as text.',
    ],
    [
      "registry.example.com/app",
      ["registry.example.com:443"],
      'no server matches "registry.example.com/app"; the nearest, "registry.example.com:443", does not: its port is 443 and the image\'s not given, and kubelet compares them as text.',
    ],
    [
      "registry.example.com/team/app",
      ["registry.example.com/other", "other.example.com"],
      'no server matches "registry.example.com/team/app"; the nearest, "registry.example.com/other", does not: its path "/other" is not how the image\'s "/team/app" begins.',
    ],
    [
      "registry.example.com/team",
      ["registry.example.com/team/", "registry.example.net"],
      'no server matches "registry.example.com/team"; the nearest, "registry.example.com/team/", does not: its path "/team/" is not how the image\'s "/team" begins.',
    ],
    [
      "registry.example.com/app",
      ["régistry.example.com"],
      'no server matches "registry.example.com/app"; the nearest, "régistry.example.com", does not: kubelet can\'t read it.',
    ],
    [
      "[12345::1]:443/app",
      ["[12345::1]:443"],
      'no server matches "[12345::1]:443/app"; the nearest, "[12345::1]:443", does not: kubelet can\'t read it.',
    ],
    [
      "[12345::1]:443/app",
      ["registry.example.com"],
      'no server matches "[12345::1]:443/app"; the nearest, "registry.example.com", does not: kubelet can\'t read the host of the image.',
    ],
  ];
  const unlike = "does not: its host is not";
  for (const [what, image, servers, why] of [
    [
      "a server's scheme counts for nothing",
      "registry.example.com/app",
      ["registry.exam.com", "http://registry.example.co"],
      `"http://registry.example.co", ${unlike} "registry.example.com"`,
    ],
    [
      "a server without a path is compared with the image's host alone",
      "registry.example.org/app",
      ["registry.exam.org/app", "registry.example.or"],
      `"registry.example.or", ${unlike} "registry.example.org"`,
    ],
    [
      "a server beside Docker Hub is one like any other",
      "registry.example.com/app",
      ["registry-1.docker.io"],
      `"registry-1.docker.io", ${unlike} "registry.example.com"`,
    ],
  ] as const) {
    it(`names the nearest server, where ${what}`, () => {
      assert.equal(
        attemptsWith(image, false, ...servers).reason,
        `no server matches "${image}"; the nearest, ${why}. ${remedy}`,
      );
    });
  }

  for (const [image, servers, why] of uncovered) {
    it(`says why ${JSON.stringify(servers)} don't match ${image}`, () => {
      assert.deepEqual(attemptsWith(image, false, ...servers), {
        attempts: [],
        reason: `${why} ${remedy}`,
      });
    });
  }

  const mixedUp: [image: string, servers: string[], reason: string][] = [
    [
      "registry-1.docker.io/janedoe/app:v1",
      [hub],
      'no server matches "registry-1.docker.io/janedoe/app:v1": kubelet treats "registry-1.docker.io" as a separate host, not as Docker Hub. Add a login whose server is "registry-1.docker.io", write the image as "docker.io/janedoe/app:v1", or name its server in `serversWithoutSecret` if it needs no pull Secret.',
    ],
    [
      "registry.hub.docker.com/janedoe/app",
      [],
      'no server matches "registry.hub.docker.com/janedoe/app": kubelet treats "registry.hub.docker.com" as a separate host, not as Docker Hub. Add a login whose server is "registry.hub.docker.com", write the image as "docker.io/janedoe/app", or name its server in `serversWithoutSecret` if it needs no pull Secret.',
    ],
    [
      "hub.docker.com/janedoe/app",
      [hub],
      'no server matches "hub.docker.com/janedoe/app": nothing is pulled from "hub.docker.com". Write the image as "docker.io/janedoe/app", or name its server in `serversWithoutSecret` if it needs no pull Secret.',
    ],
    [
      "janedoe/app",
      ["quay.io", "https://registry-1.docker.io/v2/"],
      'no server matches "janedoe/app": kubelet treats the server "registry-1.docker.io" as a separate host, and the image is on Docker Hub. Write "docker.io" as the login\'s server, or name its server in `serversWithoutSecret` if it needs no pull Secret.',
    ],
    [
      "registry-1.docker.io/janedoe/app",
      ["registry-1.docker.io/team"],
      `no server matches "registry-1.docker.io/janedoe/app"; the nearest, "registry-1.docker.io/team", does not: its path "/team" is not how the image's "/janedoe/app" begins. ${remedy}`,
    ],
  ];
  for (const [image, servers, reason] of mixedUp) {
    it(`says what to write for ${image} under ${JSON.stringify(servers)}`, () => {
      assert.deepEqual(attemptsWith(image, false, ...servers), { attempts: [], reason });
    });
  }

  it("serves images of the hosts beside Docker Hub with a login for them", () => {
    for (const server of [
      "registry-1.docker.io",
      "registry.hub.docker.com",
      "https://registry-1.docker.io/v2/",
    ]) {
      const image = `${server.replace("https://", "").replace("/v2/", "")}/janedoe/app`;
      assert.deepEqual(attemptsWith(image, false, hub, server), {
        attempts: [{ server, pullSecret: "current" }],
      });
    }
  });

  it("takes a server of the image's host for nearer than one that is written more like it", () => {
    const { reason } = attemptsWith(
      "registry.example.com/team",
      false,
      "registry.example.co",
      "*.*.com:5000",
    );
    assert.match(reason ?? "", /; the nearest, "\*\.\*\.com:5000", does not: its port is 5000/);
  });

  it("takes the server whose path is most like the image's for the nearest of a host", () => {
    for (const prefix of ["", "https://", "http://"]) {
      const servers = ["b", "shop/job", "web/ui"].map((path) => `${prefix}registry.example.com/${path}`);
      const { reason = "" } = attemptsWith("registry.example.com/web/us", false, ...servers);
      const nearest = `; the nearest, "${prefix}registry.example.com/web/ui", does not: its path`;
      assert.ok(reason.includes(nearest), reason);
    }
  });

  it("says why in few words, however long image and server are", () => {
    const long = "a".repeat(1024 * 1024);
    const { reason } = attemptsWith(`${long}.b/app`, false, `${long}.c`, `${long}.d/team`);
    assert.match(reason ?? "", /^no server matches/);
  });
});

describe("isMovingTag", () => {
  const images: [image: string, isMoving: boolean][] = [
    ["nginx", true],
    ["nginx:latest", true],
    ["registry.example.com:5000/app", true],
    ["nginx:1.27", false],
    [`nginx@sha256:${"0".repeat(64)}`, false],
    [`nginx:latest@sha256:${"0".repeat(64)}`, false],
    ["no image", false],
  ];
  for (const [image, isMoving] of images) {
    it(`is ${isMoving} for ${image}`, () => {
      assert.equal(isMovingTag(image), isMoving);
    });
  }
});

function attemptsWith(image: string, allowAnonymous: boolean, ...servers: string[]) {
  const held = servers.map((server) => ({ server, pullSecret: "current" }));
  return pullAttempts(image, held, allowAnonymous);
}

describe("nearMiss", () => {
  const image = "registry.example.com/shop/web:v1";

  for (const [servers, why] of [
    [
      ["registry.example.com:5000"],
      "its port is 5000 and the image's not given, and kubelet compares them as text",
    ],
    [["registery.example.com", "quay.io"], 'its host is not "registry.example.com"'],
    [["registery.example.co"], 'its host is not "registry.example.com"'],
    [["registery.example.cn"], undefined],
    [["régistry.example.com"], undefined],
    [["registry.example.com/other"], undefined],
    [["quay.io"], undefined],
    [[], undefined],
  ] as const) {
    it(`of ${image} under ${JSON.stringify(servers)}: ${why ?? "none"}`, () => {
      const [server] = servers;
      assert.deepEqual(nearMiss(image, servers), why === undefined ? undefined : { server, why });
    });
  }

  it("compares the hosts without the port, if they differ", () => {
    const server = "registery.example.com:5000";
    const why = 'its host is not "registry.example.com"';
    assert.deepEqual(nearMiss("registry.example.com:5000/app", [server]), { server, why });
  });

  it("has nothing to say of an image with an impossible IPv6 address", () => {
    assert.equal(nearMiss("[12345::1]:443/app", ["registry.example.com"]), undefined);
  });

  it("has nothing to say of an invalid image", () => {
    assert.equal(nearMiss("Nginx", ["nginx.example.com"]), undefined);
  });
});

describe("unheldReason", () => {
  const image = "registry.example.com/shop/web:v1";
  const at = (...servers: string[]) => servers.map((server) => ({ server, pullSecret: "current" }));

  it("says that the pull Secrets lack the login of a server that matches", () => {
    assert.equal(
      unheldReason(image, at("registry.example.com"), at("quay.io")),
      '`servers` matches "registry.example.com/shop/web:v1", but no server of `pullSecrets` does, so kubelet would pull it without a login. Add the pull Secret that holds the login to `pullSecrets`, and take `servers` from its outputs.',
    );
  });

  for (const [what, servers, held] of [
    ["the pull Secrets are not known", at("registry.example.com"), undefined],
    ["a pull Secret holds a login that matches", at("registry.example.com"), at("*.example.com")],
    ["no server matches in any case", at("quay.io"), at("ghcr.io")],
  ] as const) {
    it(`says nothing where ${what}`, () => {
      assert.equal(unheldReason(image, servers, held), undefined);
    });
  }
});
