import assert from "node:assert/strict";
import { parseImageReference } from "../../../components/lib/kubelet/imageReference";
import {
  isAmbiguousServer,
  parseRegistryKey,
  type RegistryKey,
  registryKeyMatches,
  repositoryKey,
} from "../../../components/lib/kubelet/serverMatching";
import { loginsInKubeletOrder } from "../../../components/lib/kubelet/keyring";

describe("parseRegistryKey", () => {
  const keys: [string, RegistryKey][] = [
    [
      "registry.example.com",
      { labels: ["registry", "example", "com"], port: "", path: "", indexKey: "registry.example.com" },
    ],
    ["https://a.b/v1/", { labels: ["a", "b"], port: "", path: "", indexKey: "a.b" }],
    ["http://a.b/v2/team", { labels: ["a", "b"], port: "", path: "/team", indexKey: "a.b/team" }],
    ["a.b/v1/v2/", { labels: ["a", "b"], port: "", path: "/v2/", indexKey: "a.b/v2/" }],
    ["a.b/v1", { labels: ["a", "b"], port: "", path: "/v1", indexKey: "a.b/v1" }],
    ["a.b/v3/", { labels: ["a", "b"], port: "", path: "/v3/", indexKey: "a.b/v3/" }],
    ["a.b/", { labels: ["a", "b"], port: "", path: "", indexKey: "a.b" }],
    ["a.b/team/", { labels: ["a", "b"], port: "", path: "/team/", indexKey: "a.b/team/" }],
    ["a.b:", { labels: ["a", "b"], port: "", path: "", indexKey: "a.b:" }],
    ["a.b:0443/c", { labels: ["a", "b"], port: "0443", path: "/c", indexKey: "a.b:0443/c" }],
    ["*.b-*.c_d", { labels: ["*", "b-*", "c_d"], port: "", path: "", indexKey: "*.b-*.c_d" }],
    ["[::1]:5000/a", { labels: ["::1"], port: "5000", path: "/a", indexKey: "[::1]:5000/a" }],
    ["[::1]", { labels: ["[::1]"], port: "", path: "", indexKey: "[::1]" }],
    ["oci://a.b", { labels: ["oci"], port: "", path: "//a.b", indexKey: "oci://a.b" }],
    [
      "docker-https://a.b",
      { labels: ["docker-https"], port: "", path: "//a.b", indexKey: "docker-https://a.b" },
    ],
    ["", { labels: [""], port: "", path: "", indexKey: "" }],
  ];
  for (const [server, key] of keys) {
    it(`reads ${JSON.stringify(server)}`, () => {
      assert.deepEqual(parseRegistryKey(server), key);
    });
  }

  const unreadable = [
    " a.b",
    "a.b\n",
    "a.b:http",
    "a.b:443:443",
    "a.b:*",
    "a.b/*",
    "a.b/team:latest",
    "é.b",
    "a[0-9].b",
    "[12345::1]:443",
    "[]",
    "a.b?",
    "a.b/%2F",
    "user:password@a.b",
  ];
  for (const server of unreadable) {
    it(`does not read ${JSON.stringify(server)}`, () => {
      assert.equal(parseRegistryKey(server), undefined);
    });
  }
});

describe("isAmbiguousServer", () => {
  for (const server of [
    "a.b?",
    "a.b/%2F",
    "a.b#x",
    "u:p@a.b",
    "https://u@a.b/c",
    "@[::1]:80",
    "*]",
    "http://a]",
  ]) {
    it(`is true for ${server}`, () => {
      assert.equal(isAmbiguousServer(server), true);
    });
  }
  for (const server of [
    "a.b",
    "https://[::1]:80/c",
    "a[0-9].b",
    "[u@a.b",
    "a.b/c@sha256:0",
    "a.b/c]",
    " a.b",
    "*.b:*",
  ]) {
    it(`is false for ${server}`, () => {
      assert.equal(isAmbiguousServer(server), false);
    });
  }
});

describe("repositoryKey", () => {
  it("is the repository without tag and digest", () => {
    assert.deepEqual(repositoryKey(parseImageReference("nginx:1.27")), {
      labels: ["docker", "io"],
      port: "",
      path: "/library/nginx",
      indexKey: "docker.io/library/nginx",
    });
  });

  it("keeps a path that begins like the API's", () => {
    assert.equal(repositoryKey(parseImageReference("a.b/v2/c"))?.path, "/v2/c");
  });

  it("takes the first part of a name without domain for the host", () => {
    assert.deepEqual(repositoryKey(parseImageReference("a_b.test/c"))?.labels, ["a_b", "test"]);
  });

  it("is undefined for an impossible IPv6 address", () => {
    assert.equal(repositoryKey(parseImageReference("[12345::1]:443/c")), undefined);
  });
});

describe("registryKeyMatches", () => {
  const matching: [string, string][] = [
    ["registry.example.com", "registry.example.com/team/app"],
    ["registry.example.com/team", "registry.example.com/team-b/app"],
    ["registry.example.com/team/", "registry.example.com/team/app"],
    ["registry.example.com:443", "registry.example.com:443/app"],
    ["registry.example.com:", "registry.example.com/app"],
    ["*.example.com", "registry.example.com/app"],
    ["reg*ry.*.*", "registry.example.com/app"],
    ["r*s*y.example.com", "registry.example.com/app"],
    ["a*bc*bc*d.example.com", "abcbcd.example.com/app"],
    ["**.example.com", "registry.example.com/app"],
    ["registry*.example.com", "registry.example.com/app"],
    ["swr.*.myhuaweicloud.com", "swr.cn-north-4.myhuaweicloud.com/org/app"],
    ["[::1]:5000", "[::1]:5000/app"],
    ["*:5000", "[::1]:5000/app"],
    ["*", "[::1]/app"],
    ["[::A]", "A/app"],
  ];
  for (const [server, image] of matching) {
    it(`gives ${server} to ${image}`, () => {
      assert.equal(matches(server, image), true);
    });
  }

  const different: [string, string][] = [
    ["registry.example.com", "registry.example.org/app"],
    ["a*bc*bc*d.example.com", "a-bc-d.example.com/app"],
    ["registry.example.com:443", "registry.example.com/app"],
    ["registry.example.com", "registry.example.com:443/app"],
    ["registry.example.com:0443", "registry.example.com:443/app"],
    ["registry.example.com/team/", "registry.example.com/team"],
    ["registry.example.com/team/", "registry.example.com/team-b/app"],
    ["registry.example.com/app/team", "registry.example.com/app"],
    ["Registry.example.com", "registry.example.com/app"],
    ["example.com", "registry.example.com/app"],
    ["*.example.com", "example.com/app"],
    ["*.example.com", "a.b.example.com/app"],
    ["*", "example.com/app"],
    ["reg*gistry.example.com", "registry.example.com/app"],
    ["*s*r*s*.example.com", "registry.example.com/app"],
    ["*e.example.com", "registry.example.com/app"],
    ["a*.example.com", "registry.example.com/app"],
    ["[::1]", "[::1]/app"],
    ["[::1]:", "[::1]/app"],
    ["[0:0:0:0:0:0:0:1]:5000", "[::1]:5000/app"],
    ["[::A]", "B/app"],
    ["oci://registry.example.com", "registry.example.com/app"],
  ];
  for (const [server, image] of different) {
    it(`does not give ${server} to ${image}`, () => {
      assert.equal(matches(server, image), false);
    });
  }

  function matches(server: string, image: string): boolean {
    const key = parseRegistryKey(server);
    const repository = repositoryKey(parseImageReference(image));
    assert.ok(key && repository);
    return registryKeyMatches(key, repository);
  }
});

describe("loginsInKubeletOrder", () => {
  const tables: { title: string; image: string; servers: string[]; expected: string[] }[] = [
    {
      title: "tries index keys from high to low, a literal before a glob with a longer path",
      image: "reg.example.com/team/app",
      servers: [
        "*.example.com/team/app",
        "reg.example.com",
        "reg.example.com/team/app",
        "reg.example.com/team",
      ],
      expected: [
        "reg.example.com/team/app",
        "reg.example.com/team",
        "reg.example.com",
        "*.example.com/team/app",
      ],
    },
    {
      title: "tries an empty port before a path",
      image: "a.b/c",
      servers: ["a.b/c", "a.b:"],
      expected: ["a.b:", "a.b/c"],
    },
    {
      title: "keeps the given order of one index key",
      image: "a.b/c",
      servers: ["https://a.b", "a.b/v2/", "a.b", "http://a.b/"],
      expected: ["https://a.b", "a.b/v2/", "a.b", "http://a.b/"],
    },
    {
      title: "leaves out what matches no image",
      image: "a.b/c",
      servers: ["a.b/*", " a.b", "a.b"],
      expected: ["a.b"],
    },
    {
      title: "gives Docker Hub's to its images",
      image: "janedoe/app",
      servers: [
        "index.docker.io/janedoe",
        "https://index.docker.io/v1",
        "https://index.docker.io/v1/",
        "a.b",
      ],
      expected: ["https://index.docker.io/v1/"],
    },
    {
      title: "prefers what matches docker.io to Docker Hub's",
      image: "janedoe/app",
      servers: ["https://index.docker.io/v1/", "*.io"],
      expected: ["*.io"],
    },
    {
      title: "gives Docker Hub's to a host without dot and port",
      image: "localhost/app",
      servers: ["index.docker.io"],
      expected: ["index.docker.io"],
    },
    {
      title: "gives Docker Hub's to no other host",
      image: "localhost:5000/app",
      servers: ["index.docker.io"],
      expected: [],
    },
    {
      title: "gives no server to an impossible IPv6 address",
      image: "[12345::1]:443/app",
      servers: ["[12345::1]:443", "*:443", "index.docker.io"],
      expected: [],
    },
    {
      title: "gives Docker Hub's to an impossible IPv6 address without colon",
      image: "[FE]/app",
      servers: ["[FE]", "*", "index.docker.io"],
      expected: ["index.docker.io"],
    },
  ];
  for (const { title, image, servers, expected } of tables) {
    it(title, () => {
      const logins = servers.map((server) => ({ server }));
      const found = loginsInKubeletOrder(parseImageReference(image), logins);
      assert.deepEqual(
        found.map(({ server }) => server),
        expected,
      );
    });
  }

  it("returns the logins themselves and leaves the list as it is", () => {
    const logins = [{ server: "a.b" }, { server: "a.b/c" }];
    const found = loginsInKubeletOrder(parseImageReference("a.b/c"), logins);
    assert.ok(found[0] === logins[1] && found[1] === logins[0]);
  });
});
