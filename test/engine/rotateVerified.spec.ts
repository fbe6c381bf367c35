import assert from "node:assert/strict";
import { copyProject, type ProjectCopy } from "../support/engine/projectCopy";
import { basic, startRegistry, type TestRegistry } from "../support/registry/registry";
import { requireRegistryTools } from "../support/registry/registryTools";
import { settingsOf } from "../support/config/stackFile";
import { stopAtEnd } from "../support/runner/stopAtEnd";

const username = "janedoe";
/** The first password in the stack file, encrypted there. */
const oldPassword = "example-password-1";
const newPassword = "n3w canary password";

describe("make rotate under verify: enforce, at a registry that knows one password at a time", () => {
  const stopping = stopAtEnd();
  let registry: TestRegistry;
  let project: ProjectCopy;

  before(async function () {
    requireRegistryTools(this);
    registry = stopping(await startRegistry());
    registry.setPassword(username, oldPassword);
    await registry.push("shop/web", "v1", basic(username, oldPassword));
    project = copyProject();
    project.editStack((stack) => {
      const set = settingsOf(stack);
      set(["registries", 0, "server"], registry.host);
      set(["registries", 0, "caBundle"], registry.caBundle);
      set(["registries", 1], undefined);
      set(["verify"], "enforce");
      set(["workloads"], { web: { image: `${registry.host}/shop/web:v1` } });
    });
    const up = await project.make(["up"]);
    assert.equal(up.code, 0, up.output);
  });

  after(() => {
    project.remove();
  });

  it("begins before the password changes there, and ends only after it", async () => {
    const begun = await project.make(["rotate", `SERVER=${registry.host}`], `${newPassword}\n`);
    assert.equal(begun.code, 0, begun.output);
    assert.match(
      begun.output,
      /warning: registries\[0\]: .* \(401\)\..* Pulls go on with previousRegistries\[0\], which is accepted/,
    );

    const rotating = project.stackFile();
    const early = await project.make(["rotate-finish"]);
    assert.notEqual(early.code, 0);
    assert.match(early.output, /1 problem\n\s*registries\[0\]: .* \(401\)/);
    assert.equal(project.stackFile(), rotating);

    registry.setPassword(username, newPassword);
    const finished = await project.make(["rotate-finish"]);
    assert.equal(finished.code, 0, finished.output);
    assert.doesNotMatch(finished.output, /\(401\)/);
    assert.doesNotMatch(project.stackFile(), /previousRegistries/);
  });
});
