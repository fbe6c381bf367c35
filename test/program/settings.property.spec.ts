import assert from "node:assert/strict";
import fc from "fast-check";
import { encodeDockerConfigJson, type RegistryLogin } from "../../components/lib/kubelet/dockerConfigJson";
import { parseSettings, SettingsError } from "../../program/settings";
import { anyText } from "../support/data/arbitraries";

const canary = "Hunter2-Canary";
const hostile = fc.constantFrom("__proto__", "constructor", "toString", "valueOf", "", "a.b", "a b");
const text = fc.oneof(
  fc.constantFrom("shop", "registry.example.com", "registry.example.com/app", "nginx"),
  anyText,
);
const pasted = fc
  .constantFrom("", "https://", "registry.example.com/", "x ")
  .map((before) => before + canary);
const scalar = fc.oneof(text, pasted, fc.boolean(), fc.integer(), fc.constant(null));

function membersOf(names: string[], value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const name = fc.oneof({ arbitrary: fc.constantFrom(...names), weight: 6 }, hostile, anyText);
  return fc.oneof({ arbitrary: fc.dictionary(name, value), weight: 8 }, fc.jsonValue(), scalar);
}

const login = membersOf(
  ["server", "username", "email", "expiresAt", "namespaces"],
  fc.oneof(scalar, fc.array(text)),
).map((value) =>
  typeof value === "object" && value !== null ? { ...value, password: canary } : { password: canary },
);
const container = membersOf(["name", "image", "env", "ports", "command"], fc.oneof(scalar, fc.jsonValue()));
const containers = fc.oneof({ arbitrary: fc.array(container), weight: 3 }, container);
const workload = membersOf(
  ["image", "replicas", "port", "namespace", "allowAnonymous", "containers", "initContainers", "podSpec"],
  fc.oneof(scalar, containers),
);
const reference = membersOf(["secretNames", "servers"], fc.oneof(fc.array(text), scalar));
const namesOfPlain = ["namespace", "secretName", "rotation", "rolloutTimeout", "renderTo"];
const config = fc
  .tuple(
    fc.array(login, { minLength: 1 }),
    fc.dictionary(fc.constantFrom(...namesOfPlain), fc.oneof(text, pasted)),
    fc.record(
      {
        previousRegistries: fc.array(login),
        extraPullSecrets: fc.oneof(fc.array(reference), reference),
        namespaces: membersOf(["shop", "default"], scalar),
        createNamespace: scalar,
        workloads: membersOf(["app", "job"], workload),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([registries, plain, values]) => {
    const json = Object.entries({ ...values, registries }).map(([key, value]) => [
      key,
      JSON.stringify(value),
    ]);
    return { ...plain, ...(Object.fromEntries(json) as Record<string, string>) };
  });

describe("parseSettings, for any config", function () {
  this.timeout(120_000); // thousands of configs
  it("answers with settings or a SettingsError, whatever the keys and texts are", () => {
    const key = fc.oneof(
      fc.constantFrom(...namesOfPlain, "registries", "namespaces", "workloads"),
      hostile,
      anyText,
    );
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(fc.json(), anyText)), anyText, (values, defaultName) => {
        outcomeOf(values, defaultName);
      }),
      { numRuns: 1000 },
    );
  });

  it("answers with settings or a SettingsError, whatever the values are, and never shows a password", () => {
    fc.assert(
      fc.property(config, (values) => {
        const { message } = outcomeOf(values, "pull");
        assert.doesNotMatch(message ?? "", /canary/i);
      }),
      { numRuns: 500 },
    );
  });

  it("accepts only logins that can be encoded", () => {
    const server = fc.constantFrom("registry.example.com", "docker.io", "registry", "a.b/C");
    const word = fc.constantFrom("janedoe", "a:b", "", " a", canary);
    const logins = fc.array(fc.record({ server, username: word, password: word }), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(logins, (registries) => {
        const { settings } = outcomeOf({ registries: JSON.stringify(registries) }, "pull");
        fc.pre(settings !== undefined);
        const accepted = (settings.registries ?? []) as RegistryLogin[];
        assert.equal(typeof encodeDockerConfigJson(accepted), "string");
      }),
    );
  });
});

function outcomeOf(values: Record<string, string>, defaultName: string) {
  try {
    return { settings: parseSettings(values, defaultName) };
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return { message: error.message };
  }
}
