import assert from "node:assert/strict";
import { dockerHubServer } from "../../../components/lib/kubelet/dockerHub";
import { canonicalServer, ServerError } from "../../../components/lib/kubelet/server";

describe("canonicalServer", () => {
  const hubHosts = ["docker.io", "www.docker.io", "index.docker.io", "hub.docker.com"];
  for (const host of hubHosts) {
    for (const scheme of ["", "http://", "https://"]) {
      for (const path of ["", "/", "/v1", "/v1/", "/v2", "/v2/"]) {
        const server = `${scheme}${host}${path}`;
        it(`makes ${server} the one key of Docker Hub`, () => {
          assert.equal(canonicalServer(server), "https://index.docker.io/v1/");
        });
      }
    }
  }

  it("knows Docker Hub's key as kubectl's default server", () => {
    assert.equal(dockerHubServer, "https://index.docker.io/v1/");
  });

  const kept = [
    "registry.example.com",
    "www.3rdregistry.com",
    "http://registry.example.com",
    "https://registry.example.com",
    "registry.example.com/",
    "https://registry.example.com/v1/",
    "https://registry.example.com/v2/team",
    "registry.example.com/v1/v1",
    "registry.example.com/v3",
    "registry.example.com/team",
    "registry.example.com/team/",
    "registry.example.com/team/app_",
    "registry.example.com/team/app__",
    "registry.example.com/team/app--",
    "registry.example.com/team/app.",
    "registry.example.com/a.b_c__d---e",
    "10.10.10.10:443",
    "10.10.10.10",
    "localhost",
    "localhost:5000",
    "registry:5000",
    "registry:1",
    "registry:65535",
    "registry:0443",
    "*",
    "*:5000",
    "*.example.com",
    "reg*ry-*.example.com",
    "swr.*.myhuaweicloud.com",
    "docker.io/janedoe",
    "https://docker.io/v1/janedoe/",
    "docker.io:443",
    "https://[FD00::1]:5000/team",
    "a--b.example.com",
    "registry-1.docker.io",
    "https://registry-1.docker.io/v2/",
    "registry-1.docker.io/janedoe",
    "http://registry-1.docker.io",
    "registry.hub.docker.com",
    "registry.hub.docker.com/v1/",
    "www.docker.io:443",
    "[fd00::1]:5000",
    "[FE80::1]:5000/team",
    "https://[::1]:5000/v2/",
  ];
  for (const server of kept) {
    it(`keeps ${server}`, () => {
      assert.equal(canonicalServer(server), server);
    });
  }

  const impossiblePort =
    "has an impossible port: use a number from 1 to 65535, the one that the images name, or none.";
  const noHost =
    'is not host[:port][/path]: a host has letters, digits, "-" and ".", and "*" for a part of a label.';
  const noHostOfImages =
    "has a host that no image can name: each part between dots begins and ends with a letter or digit.";
  const noPort =
    'is an IPv6 address without a port, which kubelet matches with no image: write the port here and in the image, such as "[fd00::1]:443".';
  const noAddress =
    'is not an IPv6 address that an image can name: write hexadecimal digits and ":" in brackets, then the port, such as "[fd00::1]:5000".';
  const noScheme = "has a scheme that kubelet does not know: write the host alone, or https:// before it.";
  const noPath =
    'has a path that no image\'s path begins with: use lower-case letters, digits, ".", "_", "-" and "/".';
  const noWildcard =
    'has a "*" in its path, where it is not a wildcard: a path matches every image whose path it begins, so leave the "*" out.';
  const refused: [server: string, reason: string][] = [
    ["oci://registry.example.com", noScheme],
    ["docker://registry.example.com", noScheme],
    ["HTTPS://registry.example.com", noScheme],
    ["://registry.example.com", noScheme],
    [" registry.example.com", "contains white space: remove it."],
    ["registry.example.com\n", "contains white space: remove it."],
    ["registry .example.com", "contains white space: remove it."],
    ["registry.example.com/te\u00a0am", "contains white space: remove it."],
    [
      "Registry.Example.com/team",
      'has upper case in its host, and kubelet compares hosts letter by letter: write "registry.example.com" here and in the image.',
    ],
    ["reg?stry.example.com", noHost],
    ["registry[0-9].example.com", noHost],
    ["[fd00::1]", noPort],
    ["https://[fd00::1]/team", noPort],
    ["[fd00::1%25eth0]:5000", noAddress],
    ["[::ffff:10.0.0.1]:5000", noAddress],
    ["[fd00::1::2]:5000", noAddress],
    ["[*]:5000", noAddress],
    ["[]:5000", noAddress],
    ["[fd00::1", noAddress],
    ["fd00::1", impossiblePort],
    ["[fd00::1]:", impossiblePort],
    ["[fd00::1]:5000/Team", noPath],
    ["my_registry.example.com", noHost],
    ["régistry.example.com", noHost],
    ["registry\u0000.example.com", noHost],
    ["https://", noHost],
    ["/team", noHost],
    ["-registry.example.com", noHostOfImages],
    ["registry-.example.com", noHostOfImages],
    ["registry..com", noHostOfImages],
    [".example.com", noHostOfImages],
    ["example.com.", noHostOfImages],
    ["-*.example.com", noHostOfImages],
    [
      "registry",
      'has a host without a dot or port, and an image named "host/app" is on Docker Hub: write the full host name or the port.',
    ],
    ["registry.example.com:", impossiblePort],
    ["registry.example.com:0", impossiblePort],
    ["registry.example.com:65536", impossiblePort],
    ["registry.example.com:https", impossiblePort],
    ["registry.example.com:*", impossiblePort],
    ["registry.example.com:443:443", impossiblePort],
    ["registry.example.com:000443", impossiblePort],
    ["registry.example.com:443?a", impossiblePort],
    ["https:/registry.example.com", impossiblePort],
    ["registry.example.com/v1", 'never matches: write "/v1/" with the trailing slash, or neither.'],
    ["https://registry.example.com/v2", 'never matches: write "/v2/" with the trailing slash, or neither.'],
    ["registry.example.com/*", noWildcard],
    ["registry.example.com/team-*/app", noWildcard],
    ["registry.example.com/Team", noPath],
    ["registry.example.com//team", noPath],
    ["registry.example.com/v1//", noPath],
    ["registry.example.com/-team", noPath],
    ["registry.example.com/te___am", noPath],
    ["registry.example.com/team?", noPath],
    ["registry.example.com/team#a", noPath],
    ["registry.example.com/te%61m", noPath],
    ["registry.example.com/team]", noPath],
    ["registry.example.com/app:v1", noPath],
    [
      "index.docker.io/janedoe",
      'never matches an image: write "docker.io/janedoe" for that part of Docker Hub, or "docker.io" for all of it.',
    ],
    [
      "https://hub.docker.com/v2/janedoe",
      'never matches an image: write "docker.io/v2/janedoe" for that part of Docker Hub, or "docker.io" for all of it.',
    ],
    ["registry-1.docker.io/v2", 'never matches: write "/v2/" with the trailing slash, or neither.'],
    ["hub.docker.com/*", noWildcard],
    ["docker.io/Janedoe", noPath],
  ];
  for (const [server, reason] of refused) {
    it(`refuses ${JSON.stringify(server)}: ${reason}`, () => {
      assert.equal(refusal(server).message, `${JSON.stringify(server)} ${reason}`);
    });
  }

  it("refuses an empty server without quoting it", () => {
    assert.equal(refusal("").message, `is empty: write the registry's host, such as "registry.example.com".`);
  });

  for (const server of ["janedoe:hunter2@registry.example.com", "https://hunter2@a.b", "me@example.com"]) {
    it(`refuses user information without showing it: ${server}`, () => {
      assert.equal(
        refusal(server).message,
        "contains user information (an @): put it in username and password.",
      );
    });
  }

  it("gives the reason of a refusal without any part of the server", () => {
    assert.equal(
      refusal("Registry.example.com").reason,
      "has upper case in its host, and kubelet compares hosts letter by letter",
    );
  });

  it("names its error", () => {
    assert.equal(refusal("").name, "ServerError");
  });

  it("takes a path as long as that of an image can be", () => {
    const longest = `registry.example.com/${"a".repeat(255)}`;
    assert.equal(canonicalServer(longest), longest);
    assert.throws(() => canonicalServer(`${longest}a`), ServerError);
  });

  it("counts no /v1/ or /v2/ at the beginning of a path, which kubelet leaves out", () => {
    const longest = "a".repeat(255);
    for (const version of ["v1", "v2"]) {
      const server = `registry.example.com/${version}/${longest}`;
      assert.equal(canonicalServer(server), server);
      assert.throws(() => canonicalServer(`${server}a`), ServerError);
      const within = `registry.example.com/${`team/${version}/`.padEnd(255, "a")}`;
      assert.equal(canonicalServer(within), within);
      assert.throws(() => canonicalServer(`${within}a`), ServerError);
    }
    assert.throws(() => canonicalServer(`registry.example.com/v3/${longest}`), ServerError);
  });

  it("leaves room for the character that an image has after a separator at the end", () => {
    const longest = `registry.example.com/${"a".repeat(253)}/`;
    assert.equal(canonicalServer(longest), longest);
    assert.throws(() => canonicalServer(`registry.example.com/${"a".repeat(254)}/`), ServerError);
  });

  const size = 1024 * 1024;
  const hostile: [title: string, server: string][] = [
    ["letters", "a".repeat(size)],
    ["upper case", "A".repeat(size)],
    ["dots", ".".repeat(size)],
    ["labels", `${"a.".repeat(size)}-`],
    ["hyphens", `a${"-".repeat(size)}`],
    ["wildcards", `${"*".repeat(size)}-`],
    ["colons", ":".repeat(size)],
    ["slashes", "/".repeat(size)],
    ["almost a scheme", ":/".repeat(size)],
    ["schemes", "https://".repeat(size)],
    ["digits in the port", `a.b:${"1".repeat(size)}`],
    ["a path", `a.b/${"a/".repeat(size)}`],
    ["a path of separators", `a.b/${"a_".repeat(size)}-`],
    ["a path of Docker Hub", `hub.docker.com/${"a-".repeat(size)}`],
  ];
  for (const [title, server] of hostile) {
    it(`refuses a megabyte of ${title} at once and in few words`, () => {
      assert.ok(refusal(server).message.length < 1000);
    });
  }

  function refusal(server: string): ServerError {
    try {
      canonicalServer(server);
    } catch (error) {
      assert.ok(error instanceof ServerError);
      return error;
    }
    return assert.fail("it is accepted");
  }
});
