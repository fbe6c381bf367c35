import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeDockerConfigJson } from "../../../components/lib/kubelet/dockerConfigJson";
import { ImageReferenceError } from "../../../components/lib/kubelet/imageReference";
import { KeyringError, lookupCredentials } from "../../../components/lib/kubelet/keyring";
import { anyText, textOf } from "../../support/data/arbitraries";

const image = "registry.example.com/team/app:1";
const server = fc.constantFrom(
  "registry.example.com",
  "https://registry.example.com/team",
  "registry.example.com/team/app",
  "*.example.com/v2/team",
  "registry.*.com",
  "other.example.com",
  "registry.example.com:443",
);
const secrets = fc
  .array(fc.uniqueArray(server, { maxLength: 4 }), { maxLength: 4 })
  .map((serversOfSecrets) =>
    serversOfSecrets.map((servers, secret) =>
      encodeDockerConfigJson(
        servers.map((server, index) => ({ server, username: `${secret}-${index}`, password: "p" })),
      ),
    ),
  );

describe("lookupCredentials, any Secrets", () => {
  it("finds what encodeDockerConfigJson wrote for the image", () => {
    const text = fc.string({ unit: "binary", minLength: 1 });
    fc.assert(
      fc.property(text, text, (username, password) => {
        const json = encodeDockerConfigJson([{ server: "registry.example.com", username, password }]);
        const [first = "", ...rest] = username.split(":");
        const expected = { username: first, password: [...rest, password].join(":") };
        assert.deepEqual(lookupCredentials(image, [json]), [expected]);
      }),
    );
  });

  it("finds for several Secrets what it finds for each, and keeps the order of each", () => {
    fc.assert(
      fc.property(secrets, (secrets) => {
        const all = lookupCredentials(image, secrets);
        for (const [index, secret] of secrets.entries()) {
          const own = all.filter(({ username }) => username.startsWith(`${index}-`));
          assert.deepEqual(own, lookupCredentials(image, [secret]));
        }
        assert.ok(all.every(({ username }) => Number(username.split("-")[0]) < secrets.length));
      }),
    );
  });

  it("fails for a bad Secret at any place", () => {
    const bad = fc.constantFrom("{", "[]", '{"auths":{"x.y":{"auth":"!"}}}', '{"HttpHeaders":1}');
    fc.assert(
      fc.property(secrets, bad, fc.nat(4), (secrets, bad, place) => {
        assert.throws(() => lookupCredentials(image, secrets.toSpliced(place, 0, bad)), KeyringError);
      }),
    );
  });

  it("returns credentials or throws a documented error without a credential", () => {
    const token = textOf([
      '{"auths":{"registry.example.com":',
      '{"auth":"aHVudGVyMjpw',
      '{"username":"hunter2"',
      '"x":"hunter2"',
      ...['"', "}", "}}}", "{", ",", ":", "null", "1", "[", "]", "\\", "\ud800", " "],
    ]);
    fc.assert(
      fc.property(
        fc.oneof(fc.constant(image), anyText),
        fc.array(fc.oneof(anyText, token)),
        (image, secrets) => {
          checkTotal(image, secrets);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it("reads any server or throws a documented error", () => {
    const server = fc.oneof(
      anyText,
      textOf(["a", "registry.example.com", ".", ":", "/", "*", "[", "]", "[::1]", "@", "%", "https://", " "]),
    );
    fc.assert(
      fc.property(server, (server) => {
        checkTotal(image, [JSON.stringify({ auths: { [server]: { username: "hunter2" } } })]);
      }),
      { numRuns: 2_000 },
    );
  });

  function checkTotal(image: string, secrets: string[]): void {
    try {
      lookupCredentials(image, secrets);
    } catch (error) {
      assert.ok(error instanceof KeyringError || error instanceof ImageReferenceError, String(error));
      assert.doesNotMatch(error.message, /hunter2|aHVudGVyMg/);
    }
  }
});
