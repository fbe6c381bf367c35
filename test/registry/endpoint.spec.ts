import assert from "node:assert/strict";
import { parseImageReference } from "../../components/lib/kubelet/imageReference";
import { baseUrl, imageEndpoint, manifestUrl, serverEndpoint } from "../../components/registry/endpoint";
import type { PreflightError } from "../../components/registry/preflightError";

const dockerHub = { host: "registry-1.docker.io", origin: "https://registry-1.docker.io" };

describe("serverEndpoint", () => {
  for (const server of [
    "docker.io",
    "index.docker.io",
    "https://index.docker.io/v1/",
    "http://index.docker.io/v1/",
    "hub.docker.com",
    "docker.io/janedoe",
  ]) {
    it(`is Docker Hub's API for ${server}, by https whatever is asked for`, () => {
      assert.deepEqual(serverEndpoint(server), dockerHub);
      assert.deepEqual(serverEndpoint(server, true), dockerHub);
    });
  }

  const cases: [string, boolean, string, string][] = [
    ["registry.example.com", false, "registry.example.com", "https://registry.example.com"],
    [
      "registry.example.com:5000/team",
      false,
      "registry.example.com:5000",
      "https://registry.example.com:5000",
    ],
    ["https://registry.example.com/v2/", false, "registry.example.com", "https://registry.example.com"],
    ["http://localhost:5000", false, "localhost:5000", "http://localhost:5000"],
    ["registry.example.com", true, "registry.example.com", "http://registry.example.com"],
    ["https://registry.example.com", true, "registry.example.com", "https://registry.example.com"],
    ["registry.example.com:443", false, "registry.example.com", "https://registry.example.com"],
    ["http://[fd00::1]:5000/team", false, "[fd00::1]:5000", "http://[fd00::1]:5000"],
    ["registry-1.docker.io", false, "registry-1.docker.io", "https://registry-1.docker.io"],
    ["registry.hub.docker.com", false, "registry.hub.docker.com", "https://registry.hub.docker.com"],
  ];
  for (const [server, insecure, host, origin] of cases) {
    it(`is ${origin} for ${server}${insecure ? " with insecure" : ""}`, () => {
      assert.deepEqual(serverEndpoint(server, insecure), { host, origin });
    });
  }

  it("refuses a server that is not one host, and does not repeat its user information", () => {
    const invalid = { name: "PreflightError", reason: "invalid" };
    assert.throws(() => serverEndpoint("*.example.com"), {
      ...invalid,
      message: /^The server "\*\.example\.com" names many hosts/,
    });
    assert.throws(() => serverEndpoint("Registry.example.com"), { ...invalid, message: /upper case/ });
    assert.throws(
      () => serverEndpoint("jane:secret@registry.example.com"),
      (error: PreflightError) => {
        assert.equal(error.registry, "registry.example.com");
        assert.doesNotMatch(JSON.stringify([error, error.message]), /secret/);
        return true;
      },
    );
  });
});

describe("imageEndpoint", () => {
  it("is the host of the image, by the scheme of the server", () => {
    const image = parseImageReference("registry.example.com:5000/shop/web:v1");
    const { host, origin } = {
      host: "registry.example.com:5000",
      origin: "https://registry.example.com:5000",
    };
    assert.deepEqual(imageEndpoint(image), { host, origin });
    assert.deepEqual(imageEndpoint(image, host), { host, origin });
    assert.deepEqual(imageEndpoint(image, "*.example.com:5000/shop"), { host, origin });
    assert.deepEqual(imageEndpoint(image, `http://${host}`), { host, origin: `http://${host}` });
    assert.deepEqual(imageEndpoint(image, undefined, true), { host, origin: `http://${host}` });
  });

  it("is Docker Hub's API for an image that names no host", () => {
    assert.deepEqual(imageEndpoint(parseImageReference("nginx"), "index.docker.io"), dockerHub);
  });

  it("refuses a server whose login kubelet would not use for the image", () => {
    for (const server of ["other.example.com", "registry.example.com:5000", "registry.example.com/other"]) {
      assert.throws(() => imageEndpoint(parseImageReference("registry.example.com/shop/web"), server), {
        reason: "invalid",
        message: `The server "${server}" has no login for "registry.example.com/shop/web".`,
      });
    }
  });

  for (const [image, host] of [
    ["localhost/app:1", "localhost"],
    ["Registry/app:1", "Registry"],
    ["REGISTRY/team/app", "REGISTRY"],
  ] as const) {
    for (const server of ["docker.io", "https://index.docker.io/v1/", "hub.docker.com"]) {
      it(`never sends the login of Docker Hub (${server}) to ${host}, as kubelet would`, () => {
        const reference = parseImageReference(image);
        assert.throws(() => imageEndpoint(reference, server, true), {
          reason: "invalid",
          registry: host,
          message: `The image "${host}/${reference.path}" is not on Docker Hub, and kubelet would send the login of Docker Hub to the host "${host}", because that has neither a dot nor a port and no other login matches. Here it is never sent there. Name the image by a host with a dot or a port, and give that host a login of its own.`,
        });
      });
    }
  }

  it("has no login of Docker Hub for a host that kubelet does not send it to", () => {
    for (const image of ["registry.example.com/app", "localhost:5000/app", "docker.io:443/app"]) {
      assert.throws(() => imageEndpoint(parseImageReference(image), "docker.io"), {
        message: `The server "docker.io" has no login for "${image}".`,
      });
    }
  });

  it("refuses a domain that is not an address", () => {
    for (const host of ["registry.example.com:99999", "10.0.0.999"]) {
      assert.throws(() => imageEndpoint(parseImageReference(`${host}/web`)), {
        reason: "invalid",
        registry: host,
        message: `"${host}" is not a registry address: write host or host:port.`,
      });
    }
  });
});

describe("the URLs of the API", () => {
  const endpoint = serverEndpoint("registry.example.com:5000");
  const url = (image: string): string => manifestUrl(endpoint, parseImageReference(image)).href;
  const digest = `sha256:${"a".repeat(64)}`;

  it("are those of the OCI distribution-spec", () => {
    const manifests = "https://registry.example.com:5000/v2/shop/web/manifests";
    assert.equal(baseUrl(endpoint).href, "https://registry.example.com:5000/v2/");
    assert.equal(url("r.example.com/shop/web:v1"), `${manifests}/v1`);
    assert.equal(url("r.example.com/shop/web"), `${manifests}/latest`);
    assert.equal(url(`r.example.com/shop/web:v1@${digest}`), `${manifests}/${digest}`);
  });
});
