import assert from "node:assert/strict";
import { PrivateWorkloads, type PrivateWorkloadsArgs, Verification } from "../../../components";
import { type Outcome, runWithMocks } from "../../support/mocks";
import { basic, startRegistry, type TestRegistry } from "../../support/registry/registry";
import { requireRegistryTools } from "../../support/registry/registryTools";
import { stopAtEnd } from "../../support/runner/stopAtEnd";

const username = "janedoe";

describe("a rotation under verify: enforce, at a registry that knows one password at a time", () => {
  const stopping = stopAtEnd();
  let registry: TestRegistry;

  before(async function () {
    requireRegistryTools(this);
    registry = stopping(await startRegistry());
    registry.setPassword(username, "old");
    await registry.push("shop/web", "v1", basic(username, "old"));
  });

  beforeEach(() => {
    registry.setPassword(username, "old");
  });

  function login(password: string, changes: object = {}) {
    return { server: registry.host, username, password, caBundle: registry.caBundle, ...changes };
  }

  function run(changes: Partial<PrivateWorkloadsArgs>, tag = "v1"): Promise<Outcome<unknown>> {
    const image = `${registry.host}/shop/web:${tag}`;
    const args = {
      registries: [login("new")],
      namespace: "shop",
      verify: Verification.Enforce,
      deployments: { web: { image, pinDigest: true } },
      ...changes,
    };
    return runWithMocks(() => new PrivateWorkloads("apps", args));
  }

  function isMade({ errors, resources }: Outcome<unknown>): boolean {
    assert.deepEqual(errors, []);
    return resources.some(({ type }) => type === "kubernetes:apps/v1:Deployment");
  }

  it("begins before the registry changes, goes on after it, and ends with the new password alone", async () => {
    const previousRegistries = [login("old")];

    const begun = await run({ previousRegistries });
    assert.ok(isMade(begun));
    assert.equal(begun.warnings.length, 1);
    assert.match(
      begun.warnings[0] ?? "",
      /^registries\[0\]: .*\(401\).* Pulls go on with previousRegistries\[0\]/,
    );

    registry.setPassword(username, "new");
    const changed = await run({ previousRegistries });
    assert.ok(isMade(changed));
    assert.equal(changed.warnings.length, 1);
    assert.match(
      changed.warnings[0] ?? "",
      /^previousRegistries\[0\]: .*\(401\).* Pulls go on with registries\[0\]/,
    );

    const finished = await run({});
    assert.ok(isMade(finished));
    assert.deepEqual(finished.warnings, []);
  });

  it("can't end before the registry has changed, and can't go on when it takes neither password", async () => {
    const early = await run({});
    assert.match(
      early.errors.join(),
      /^PrivateWorkloads "apps": 1 problem\n {2}registries\[0\]: .*\(401\)[^\n]*$/,
    );

    const neither = await run({ previousRegistries: [login("older")] });
    assert.match(
      neither.errors.join(),
      /^PrivateWorkloads "apps": 1 problem\n {2}registries\[0\], previousRegistries\[0\]: .*\(401\)[^\n]*$/,
    );
  });

  it("finds a missing tag with the accepted login, and a wrong login for another path of the server", async () => {
    const missing = await run({ previousRegistries: [login("old")] }, "v2");
    assert.match(
      missing.errors.join(),
      /1 problem\n {2}deployments\.web\.image: .*\(404\).* Tried with previousRegistries\[0\]\. Also tried with registries\[0\]: see there\.$/,
    );

    const other = await run({
      registries: [login("old")],
      previousRegistries: [login("older", { server: `${registry.host}/shop` })],
    });
    assert.match(other.errors.join(), /1 problem\n {2}previousRegistries\[0\]: .*\(401\)[^\n]*$/);
  });
});
