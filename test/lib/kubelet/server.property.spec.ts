import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeDockerConfigJson } from "../../../components/lib/kubelet/dockerConfigJson";
import { dockerHubServer } from "../../../components/lib/kubelet/dockerHub";
import { lookupCredentials } from "../../../components/lib/kubelet/keyring";
import { canonicalServer, ServerError } from "../../../components/lib/kubelet/server";
import { anyText, textOf } from "../../support/data/arbitraries";

const hubHosts = ["docker.io", "index.docker.io", "www.docker.io", "hub.docker.com", "registry-1.docker.io"];
const label = textOf("ab1*-", { minLength: 1, maxLength: 4 });
const host = fc.oneof(
  fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join(".")),
  fc.constantFrom("localhost", "10.10.10.10", "swr.*.myhuaweicloud.com", "[fd00::1]", "[::]"),
);
const port = fc.oneof(
  fc.constant(""),
  fc.nat(70000).map((number) => `:${number}`),
  textOf(":05*a", { maxLength: 4 }),
);
const path = fc.oneof(
  fc.constantFrom("", "/", "/v1", "/v1/", "/v2/", "/v1/v2/"),
  textOf(["/", "a", "b1", "_", ".", "-", "v1", "*", "A"], { maxLength: 6 }).map((text) => `/${text}`),
);
const longPath = textOf("ab-_", { minLength: 250, maxLength: 260 }).map((text) => `/${text}`);
const scheme = fc.constantFrom("", "https://", "http://", "oci://");
const nearServer = fc
  .oneof(
    fc.tuple(scheme, host, port, fc.oneof({ arbitrary: path, weight: 3 }, longPath)),
    fc.tuple(scheme, fc.constantFrom(...hubHosts), port, path),
  )
  .map((parts) => parts.join(""));
const anyServer = fc.oneof({ arbitrary: nearServer, weight: 4 }, anyText, textOf("ab.*-:/_1v@ A?[]%"));

describe("canonicalServer, for any text", () => {
  it("answers with a server or a ServerError", () => {
    fc.assert(
      fc.property(anyServer, (server) => {
        assert.equal(typeof (accepted(server) ?? ""), "string");
      }),
      { numRuns: 2000 },
    );
  });

  it("changes nothing but the spelling of Docker Hub", () => {
    fc.assert(
      fc.property(anyServer, (server) => {
        const canonical = accepted(server);
        fc.pre(canonical !== undefined);
        assert.ok(canonical === server || canonical === dockerHubServer);
      }),
    );
  });

  it("keeps what it has once answered", () => {
    fc.assert(
      fc.property(anyServer, (server) => {
        const canonical = accepted(server);
        fc.pre(canonical !== undefined);
        assert.equal(canonicalServer(canonical), canonical);
      }),
    );
  });

  it("accepts only servers that kubelet matches with an image", () => {
    fc.assert(
      fc.property(anyServer, (server) => {
        const canonical = accepted(server);
        fc.pre(canonical !== undefined);
        const login = { server: canonical, username: "janedoe", password: "hunter2" };
        assert.deepEqual(lookupCredentials(imageOf(canonical), [encodeDockerConfigJson([login])]), [
          { username: "janedoe", password: "hunter2" },
        ]);
      }),
      { numRuns: 2000 },
    );
  });

  it("refuses Docker Hub's other names with one that it accepts", () => {
    fc.assert(
      fc.property(fc.constantFrom("hub.docker.com", "index.docker.io"), path, (hubHost, hubPath) => {
        const refusal = refusalOf(`${hubHost}${hubPath}`);
        const advised = /write "(docker\.io[^"]*)"/.exec(refusal ?? "")?.[1];
        fc.pre(advised !== undefined);
        assert.equal(canonicalServer(advised), advised);
      }),
    );
  });
});

function accepted(server: string): string | undefined {
  try {
    return canonicalServer(server);
  } catch (error) {
    assert.ok(error instanceof ServerError);
    return undefined;
  }
}

function refusalOf(server: string): string | undefined {
  try {
    canonicalServer(server);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ServerError);
    return error.message;
  }
}

/** An image that the server should match. */
function imageOf(server: string): string {
  if (server === dockerHubServer) {
    return "janedoe/app";
  }
  const [host = "", ...parts] = server
    .replace(/^https?:\/\//, "")
    .replace(/^([^/]*)\/v[12]\//, "$1/")
    .split("/");
  const begun = parts.join("/");
  const path = /[a-z0-9]$/.test(begun) ? begun : `${begun}a`;
  // A single label is only read as a host if it has a capital letter, and an image of Docker Hub has two parts.
  return `${host.replaceAll("*", "A")}/${path}${host === "docker.io" && !path.includes("/") ? "/a" : ""}`;
}
