import assert from "node:assert/strict";
import fc from "fast-check";
import { parseImageReference } from "../../../components/lib/kubelet/imageReference";
import {
  isAmbiguousServer,
  parseRegistryKey,
  registryKeyMatches,
  repositoryKey,
} from "../../../components/lib/kubelet/serverMatching";
import { loginsInKubeletOrder } from "../../../components/lib/kubelet/keyring";
import { anyText, textOf } from "../../support/data/arbitraries";

const label = textOf("ab0", { minLength: 1, maxLength: 6 });
const host = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join("."));
const path = fc.array(label, { minLength: 1, maxLength: 3 }).map((components) => components.join("/"));
const glob = textOf("ab*", { maxLength: 6 });

function matches(server: string, image: string): boolean {
  const key = parseRegistryKey(server);
  const repository = repositoryKey(parseImageReference(image));
  return key !== undefined && repository !== undefined && registryKeyMatches(key, repository);
}

describe("registryKeyMatches, any server", () => {
  it("takes * for any part of a label, as a regular expression does", () => {
    fc.assert(
      fc.property(glob, textOf("ab", { minLength: 1, maxLength: 8 }), (glob, label) => {
        const expected = new RegExp(`^${glob.replaceAll("*", ".*")}$`).test(label);
        assert.equal(matches(`${glob}.test`, `${label}.test/app`), expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it("matches every prefix of the path and no other text", () => {
    fc.assert(
      fc.property(host, path, path, (host, path, other) => {
        assert.equal(matches(`${host}/${other}`, `${host}/${path}`), path.startsWith(other));
        for (let length = 0; length <= path.length; length += 1) {
          assert.ok(matches(`https://${host}/${path.slice(0, length)}`, `${host}/${path}`));
        }
      }),
    );
  });

  it("matches no image of another host or port", () => {
    fc.assert(
      fc.property(host, host, fc.nat(9), fc.nat(9), path, (host, other, port, otherPort, path) => {
        const same = host === other && port === otherPort;
        assert.equal(matches(`${other}:${otherPort}`, `${host}:${port}/${path}`), same);
      }),
    );
  });

  it("reads any text as a key, or not, and never a key that is ambiguous", () => {
    const server = fc.oneof(
      anyText,
      textOf(["a", ".", ":", "/", "*", "[", "]", "@", "?", "%", "https://", "[::1]"]),
    );
    fc.assert(
      fc.property(server, (server) => {
        const key = parseRegistryKey(server);
        assert.ok(key === undefined || !isAmbiguousServer(server));
        assert.ok(key === undefined || server.includes(key.path));
      }),
      { numRuns: 5_000 },
    );
  });

  for (const unit of ["*", "*a", "a", "a.", "a*b", "/", "[", "[:", "]", "@", "https://", "%"]) {
    it(`compares a megabyte of ${unit} before the test times out`, () => {
      const server = unit.repeat(2 ** 20 / unit.length);
      matches(server, `${"a".repeat(2 ** 20)}.b/c`);
      matches(`${server}b.b`, `${"a".repeat(2 ** 20)}.b/c`);
      isAmbiguousServer(server);
    });
  }
});

describe("loginsInKubeletOrder, any servers", () => {
  it("returns what matches, once each, by index key from high to low", () => {
    const server = fc.tuple(
      fc.constantFrom("a.b", "*.b", "a.*", "c.d"),
      fc.constantFrom("", "/", "/a", "/a/b", "/v2/a"),
    );
    fc.assert(
      fc.property(fc.array(server), (parts) => {
        const logins = parts.map(([host, path], index) => ({ server: host + path, index }));
        const found = loginsInKubeletOrder(parseImageReference("a.b/a/c"), logins);
        const expected = logins.filter(({ server }) => matches(server, "a.b/a/c"));
        assert.deepEqual(new Set(found), new Set(expected));
        assert.equal(found.length, expected.length);
        for (const [position, login] of found.slice(1).entries()) {
          const previous = found[position];
          assert.ok(previous);
          const [high, low] = [indexKey(previous.server), indexKey(login.server)];
          assert.ok(high > low || (high === low && previous.index < login.index));
        }
      }),
    );
  });

  function indexKey(server: string): string {
    return parseRegistryKey(server)?.indexKey ?? "";
  }
});
