import assert from "node:assert/strict";
import { outcomeOf } from "../../components/lib/preflightOutcome";
import type { PlannedChecks } from "../../components/lib/preflightPlan";
import { PreflightError, PreflightReason } from "../../components/lib/registry/preflightError";

const refused = new PreflightError(PreflightReason.Unauthorized, { registry: "r" }, "Refused.");
const missing = new PreflightError(PreflightReason.NotFound, { registry: "r", image: "r/a:1" }, "Missing.");
const found = { digest: "sha256:aa" };

function imageCheck(deployment: string, isPin = false) {
  return { path: `deployments.${deployment}.image`, deployment, check: { image: "r/a:1" }, isPin };
}

function checks(changes: Partial<PlannedChecks>): PlannedChecks {
  return { registries: [], images: [], unpinnable: [], ...changes };
}

describe("outcomeOf", () => {
  const registries = ["registries[0]", "previousRegistries[0]"].map((path) => ({
    path,
    check: { server: "r", username: "u", password: "p" },
  }));

  it("has nothing to say of checks that passed", () => {
    const passed = outcomeOf(
      checks({ registries, images: [imageCheck("a")] }),
      { registries: [{}, {}], images: [found] },
      true,
    );
    assert.deepEqual(passed, { problems: [], warnings: [], pins: {} });
  });

  it("reports one cause once: the logins that failed rather than their images", () => {
    const planned = checks({ registries, images: ["a", "b"].map((name) => imageCheck(name)) });
    const results = { registries: [refused, refused], images: [refused, missing] };
    const expected = [
      { path: "registries[0], previousRegistries[0]", reason: "Refused." },
      { path: "deployments.b.image", reason: "Missing." },
    ];
    assert.deepEqual(outcomeOf(planned, results, true), { problems: expected, warnings: [], pins: {} });
    assert.deepEqual(outcomeOf(planned, results, false), { problems: [], warnings: expected, pins: {} });
  });

  it("names three images of a cause and counts the others", () => {
    const images = ["a", "b", "c", "d", "e"].map((name) => imageCheck(name));
    const { problems } = outcomeOf(
      checks({ images }),
      { registries: [], images: images.map(() => refused) },
      true,
    );
    assert.deepEqual(problems, [
      {
        path: "deployments.a.image, deployments.b.image, deployments.c.image and 2 more",
        reason: "Refused.",
      },
    ]);
  });

  it("names three images of a cause without a count", () => {
    const images = ["a", "b", "c"].map((name) => imageCheck(name));
    const results = { registries: [], images: images.map(() => refused) };
    assert.deepEqual(outcomeOf(checks({ images }), results, true).problems, [
      { path: "deployments.a.image, deployments.b.image, deployments.c.image", reason: "Refused." },
    ]);
  });

  it("pins by Deployment and image", () => {
    const images = [imageCheck("a", true), imageCheck("b")];
    const { pins } = outcomeOf(checks({ images }), { registries: [], images: [found, found] }, false);
    assert.deepEqual(pins, { a: { "r/a:1": "r/a:1@sha256:aa" } });
  });

  it("makes a problem of each image that can't be pinned, also where failures are warnings", () => {
    const planned = checks({
      images: [imageCheck("a", true), imageCheck("b")],
      unpinnable: [{ path: "deployments.c.image", pullSecret: "default-secret" }],
    });
    const { problems, warnings } = outcomeOf(planned, { registries: [], images: [missing, refused] }, false);
    assert.deepEqual(problems, [
      { path: "deployments.a.image", reason: "can't be pinned (pinDigest). Missing." },
      {
        path: "deployments.c.image",
        reason:
          'can\'t be pinned: its login is in the Secret "default-secret", which is not read here. Write the digest into the image, or leave `pinDigest` out.',
      },
    ]);
    assert.deepEqual(warnings, [{ path: "deployments.b.image", reason: "Refused." }]);
  });
});
