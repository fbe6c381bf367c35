import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeDockerConfigJson } from "../../../components/lib/kubelet/dockerConfigJson";
import { checkCredentials } from "../../../components/lib/logins/credentials";
import { anyText } from "../../support/data/arbitraries";

const canary = 'Hunter2\\Canary"';
const hostile = fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty");
const member = fc.oneof(
  fc.constantFrom("server", "username", "password", "email", "expiresAt", "namespaces"),
  hostile,
  anyText,
);
const text = fc.oneof(
  fc.constantFrom("registry.example.com", "docker.io", "janedoe", "", " a", "a\n", "2027-01-31T00:00:00Z"),
  anyText,
);
const value = fc.oneof({ arbitrary: text, weight: 4 }, fc.jsonValue(), fc.array(fc.oneof(text, hostile)));
const entry = fc.oneof({ arbitrary: fc.dictionary(member, value), weight: 6 }, fc.jsonValue());
const anyRegistries = fc.oneof({ arbitrary: fc.array(entry), weight: 6 }, fc.jsonValue());

describe("checkCredentials, for any value", () => {
  it("answers with logins that can be encoded, or with problems", () => {
    fc.assert(
      fc.property(anyRegistries, fc.option(fc.array(text), { nil: undefined }), (registries, keys) => {
        const { logins, problems } = checkCredentials(registries, "registries", keys);
        const credentials = logins.flatMap(({ credential }) => credential ?? []);
        assert.ok(problems.length > 0 || credentials.length > 0);
        for (const credential of credentials) {
          assert.equal(typeof encodeDockerConfigJson([credential]), "string");
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("gives every problem the path of the list, and a reason of one line", () => {
    fc.assert(
      fc.property(anyRegistries, (registries) => {
        for (const { path, reason } of checkCredentials(registries, "registries").problems) {
          assert.match(path, /^registries(\[\d+\][^\n]*)?$/);
          assert.match(reason, /^[^\n]+\.$/);
        }
      }),
    );
  });

  it("never shows a password, wherever it was pasted", () => {
    const around = fc.constantFrom("", "https://", "a.b/", "x ", "u:", "X");
    const pasted = fc.tuple(around, around).map(([before, after]) => `${before}${canary}${after}`);
    const spoilt = fc.dictionary(
      fc.oneof(member, fc.constant(canary)),
      fc.oneof(value, pasted, fc.array(pasted)),
    );
    const password = fc.constantFrom(canary, `${canary}\n`, ` ${canary}`);
    fc.assert(
      fc.property(fc.array(spoilt), spoilt, password, (others, own, written) => {
        const registries = [...others, { ...own, password: written }];
        const { problems } = checkCredentials(registries, "registries", ["shop"]);
        const shown = problems.map(({ path, reason }) => `${path}: ${reason}`).join("\n");
        assert.doesNotMatch(shown, /canary/i);
      }),
      { numRuns: 1000 },
    );
  });
});
