import assert from "node:assert/strict";
import { AskPermissionError } from "../../../components/lib/preflight/askPermission";
import { type CheckResults, outcomeOf, outcomeOfException } from "../../../components/lib/preflight/outcome";
import type { PlannedChecks, PlannedImageCheck } from "../../../components/lib/preflight/checks";
import { PreflightError, PreflightReason } from "../../../components/registry/preflightError";

const refused = new PreflightError(PreflightReason.Unauthorized, { registry: "r" }, "Refused.");
const missing = new PreflightError(PreflightReason.NotFound, { registry: "r", image: "r/a:1" }, "Missing.");
const silent = new PreflightError(PreflightReason.Timeout, { registry: "r" }, "Silent.");
const unreachable = new PreflightError(PreflightReason.Unreachable, { registry: "r" }, "Unreachable.");
const found = { digest: "sha256:aa" };
const check = { image: "r/a:1" };

function imageCheck(deployment: string, changes: Partial<PlannedImageCheck> = {}): PlannedImageCheck {
  return {
    path: `deployments.${deployment}.image`,
    deployment,
    image: "r/a:1",
    attempts: [{ path: "registries[0]", check }],
    isPin: false,
    ...changes,
  };
}

function triedWith(...paths: string[]): Pick<PlannedImageCheck, "attempts"> {
  return { attempts: paths.map((path) => ({ path, check })) };
}

function login(path: string, ...serves: string[]) {
  return { path, check: { server: "r", username: "u", password: "p" }, serves };
}

function checks(changes: Partial<PlannedChecks>): PlannedChecks {
  return { registries: [], images: [], unpinnable: [], ...changes };
}

function results(changes: Partial<CheckResults>): CheckResults {
  return { registries: [], images: [], earlier: [], ...changes };
}

describe("outcomeOf", () => {
  const overlap = [login("registries[0]", "default r"), login("previousRegistries[0]", "default r")];
  const both = triedWith("registries[0]", "previousRegistries[0]");

  it("has nothing to say of checks that passed", () => {
    const passed = outcomeOf(
      checks({ registries: overlap, images: [imageCheck("a")] }),
      results({ registries: [{}, {}], images: [found] }),
      true,
    );
    assert.deepEqual(passed, { problems: [], warnings: [], pins: {} });
  });

  it("reports one cause once: the logins that failed rather than their images", () => {
    const planned = checks({ registries: overlap, images: ["a", "b"].map((name) => imageCheck(name, both)) });
    const failed = results({
      registries: [refused, refused],
      images: [refused, missing],
      earlier: [[refused], [refused]],
    });
    const expected = [
      { path: "registries[0], previousRegistries[0]", reason: "Refused." },
      {
        path: "deployments.b.image",
        reason: "Missing. Tried with previousRegistries[0]. Also tried with registries[0]: see there.",
      },
    ];
    assert.deepEqual(outcomeOf(planned, failed, true), { problems: expected, warnings: [], pins: {} });
    assert.deepEqual(outcomeOf(planned, failed, false), { problems: [], warnings: expected, pins: {} });
  });

  it("names three images of a cause and counts the others", () => {
    const images = ["a", "b", "c", "d", "e"].map((name) => imageCheck(name));
    const failed = results({ images: images.map(() => missing) });
    assert.deepEqual(outcomeOf(checks({ images }), failed, true).problems, [
      {
        path: "deployments.a.image, deployments.b.image, deployments.c.image and 2 more",
        reason: "Missing. Tried with registries[0].",
      },
    ]);
  });

  it("names three images of a cause without a count", () => {
    const images = ["a", "b", "c"].map((name) => imageCheck(name));
    const failed = results({ images: images.map(() => missing) });
    assert.deepEqual(outcomeOf(checks({ images }), failed, true).problems, [
      {
        path: "deployments.a.image, deployments.b.image, deployments.c.image",
        reason: "Missing. Tried with registries[0].",
      },
    ]);
  });

  it("names no login where an image was asked for without one", () => {
    const images = [imageCheck("a", { attempts: [{ check }] })];
    assert.deepEqual(outcomeOf(checks({ images }), results({ images: [refused] }), true).problems, [
      { path: "deployments.a.image", reason: "Refused." },
    ]);
  });

  describe("of an image that is tried with several logins", () => {
    const images = [imageCheck("a", triedWith("registries[1]", "registries[0]", "registries[2]"))];

    it("passes with any of them, and warns of none that only lacks the image", () => {
      const passed = results({ images: [found], earlier: [[missing, silent]] });
      assert.deepEqual(outcomeOf(checks({ images }), passed, true), { problems: [], warnings: [], pins: {} });
    });

    it("warns of a login that was refused, once for all images", () => {
      const passed = results({ images: [found, found], earlier: [[refused], [refused]] });
      const two = [...images, imageCheck("b", triedWith("registries[1]", "registries[0]"))];
      assert.deepEqual(outcomeOf(checks({ images: two }), passed, true), {
        problems: [],
        warnings: [{ path: "registries[1]", reason: "Refused. Pulls go on with registries[0]." }],
        pins: {},
      });
    });

    it("says what each of them has met, each message once", () => {
      const failed = results({ images: [missing], earlier: [[missing, refused]] });
      assert.deepEqual(outcomeOf(checks({ images }), failed, true).problems, [
        {
          path: "deployments.a.image",
          reason: "Missing. Tried with registries[1], registries[2]. Refused. Tried with registries[0].",
        },
      ]);
    });

    it("names those alone that were tried", () => {
      const failed = results({ images: [silent] });
      assert.deepEqual(outcomeOf(checks({ images }), failed, true).problems, [
        { path: "deployments.a.image", reason: "Silent. Tried with registries[1]." },
      ]);
    });

    it("says of no login that pulls go on with another one, where the image failed before that was tried", () => {
      const failed = results({ images: [silent], earlier: [[refused]] });
      assert.deepEqual(outcomeOf(checks({ images }), failed, true), {
        problems: [
          {
            path: "deployments.a.image",
            reason: "Refused. Tried with registries[1]. Silent. Tried with registries[0].",
          },
        ],
        warnings: [],
        pins: {},
      });
    });

    it("names all of them that have reported themselves", () => {
      const registries = [login("registries[0]", "a r"), login("registries[1]", "a r")];
      const failed = results({
        registries: [refused, refused],
        images: [missing],
        earlier: [[refused, refused]],
      });
      assert.deepEqual(outcomeOf(checks({ registries, images }), failed, true).problems, [
        { path: "registries[0], registries[1]", reason: "Refused." },
        {
          path: "deployments.a.image",
          reason:
            "Missing. Tried with registries[2]. Also tried with registries[1], registries[0]: see there.",
        },
      ]);
    });
  });

  describe("of an image that kubelet also tries with somebody else's login", () => {
    const images = [imageCheck("a", { unread: "default-secret" })];
    const mayPull = 'Kubelet also tries the Secret "default-secret", which is not read here and may pull it.';

    it("warns under enforce too, as that login may pull it", () => {
      assert.deepEqual(outcomeOf(checks({ images }), results({ images: [missing] }), true), {
        problems: [],
        warnings: [{ path: "deployments.a.image", reason: `Missing. Tried with registries[0]. ${mayPull}` }],
        pins: {},
      });
    });

    for (const failure of [silent, unreachable]) {
      it(`is a problem where no login can help, as the host does not answer: ${failure.reason}`, () => {
        assert.deepEqual(outcomeOf(checks({ images }), results({ images: [failure] }), true), {
          problems: [{ path: "deployments.a.image", reason: `${failure.message} Tried with registries[0].` }],
          warnings: [],
          pins: {},
        });
      });
    }

    it("is a problem where the host stops answering after one of several logins", () => {
      const several = [imageCheck("a", { unread: "default-secret", ...both })];
      const failed = results({ images: [silent], earlier: [[missing]] });
      assert.deepEqual(outcomeOf(checks({ images: several }), failed, true), {
        problems: [
          {
            path: "deployments.a.image",
            reason: "Missing. Tried with registries[0]. Silent. Tried with previousRegistries[0].",
          },
        ],
        warnings: [],
        pins: {},
      });
    });

    it("is a problem where it was to be pinned", () => {
      const pinned = [imageCheck("a", { unread: "default-secret", isPin: true })];
      const { problems } = outcomeOf(checks({ images: pinned }), results({ images: [missing] }), false);
      assert.deepEqual(problems, [
        {
          path: "deployments.a.image",
          reason: `can't be pinned (pinDigest). Missing. Tried with registries[0]. ${mayPull}`,
        },
      ]);
    });
  });

  describe("while a rotation overlaps", () => {
    const goOn = (path: string): string =>
      `Refused. Pulls go on with ${path}, which is accepted: during a rotation this is expected until the registry and the stack agree.`;

    it("warns of the login that is refused, under enforce too, when the other is accepted", () => {
      const planned = checks({ registries: overlap, images: [imageCheck("a", both)] });
      const before = results({ registries: [refused, {}], images: [found], earlier: [[refused]] });
      const after = results({ registries: [{}, refused], images: [found], earlier: [[]] });
      for (const enforce of [true, false]) {
        assert.deepEqual(outcomeOf(planned, before, enforce), {
          problems: [],
          warnings: [{ path: "registries[0]", reason: goOn("previousRegistries[0]") }],
          pins: {},
        });
        assert.deepEqual(outcomeOf(planned, after, enforce), {
          problems: [],
          warnings: [{ path: "previousRegistries[0]", reason: goOn("registries[0]") }],
          pins: {},
        });
      }
    });

    it("needs a login of its own for each namespace and server", () => {
      const registries = [
        login("registries[0]", "a r", "b r"),
        login("registries[1]", "a other"),
        login("previousRegistries[0]", "a r"),
        login("previousRegistries[1]", "a gone"),
      ];
      const failed = results({ registries: [refused, silent, {}, missing] });
      assert.deepEqual(outcomeOf(checks({ registries }), failed, true), {
        problems: [
          { path: "registries[0]", reason: "Refused." },
          { path: "registries[1]", reason: "Silent." },
          { path: "previousRegistries[1]", reason: "Missing." },
        ],
        warnings: [],
        pins: {},
      });
    });

    it("names each login that is accepted instead, in one namespace or another", () => {
      const registries = [
        login("registries[0]", "a r", "b r"),
        login("previousRegistries[0]", "a r"),
        login("previousRegistries[1]", "b r"),
      ];
      const { warnings } = outcomeOf(
        checks({ registries }),
        results({ registries: [refused, {}, {}] }),
        true,
      );
      assert.deepEqual(warnings, [
        { path: "registries[0]", reason: goOn("previousRegistries[0], previousRegistries[1]") },
      ]);
    });

    it("says of a login that no pod tries only why it failed", () => {
      const registries = [login("registries[0]"), login("registries[1]", "a r")];
      assert.deepEqual(outcomeOf(checks({ registries }), results({ registries: [refused, {}] }), true), {
        problems: [{ path: "registries[0]", reason: "Refused." }],
        warnings: [],
        pins: {},
      });
    });

    it("tells why no login pulls an image, and leaves the refused login to its warning", () => {
      const planned = checks({ registries: overlap, images: [imageCheck("a", both)] });
      const failed = results({ registries: [refused, {}], images: [missing], earlier: [[refused]] });
      assert.deepEqual(outcomeOf(planned, failed, true), {
        problems: [
          {
            path: "deployments.a.image",
            reason: "Missing. Tried with previousRegistries[0]. Also tried with registries[0]: see there.",
          },
        ],
        warnings: [{ path: "registries[0]", reason: goOn("previousRegistries[0]") }],
        pins: {},
      });
    });
  });

  it("pins by Deployment and image", () => {
    const images = [imageCheck("a", { isPin: true }), imageCheck("b")];
    const { pins } = outcomeOf(checks({ images }), results({ images: [found, found] }), false);
    assert.deepEqual(pins, { a: { "r/a:1": "r/a:1@sha256:aa" } });
  });

  it("makes a problem of each image that can't be pinned, also where failures are warnings", () => {
    const unpinnable = [{ path: "deployments.c.image", reason: "can't be pinned: so." }];
    const planned = checks({ images: [imageCheck("a", { isPin: true }), imageCheck("b")], unpinnable });
    const { problems, warnings } = outcomeOf(planned, results({ images: [missing, refused] }), false);
    assert.deepEqual(problems, [
      {
        path: "deployments.a.image",
        reason: "can't be pinned (pinDigest). Missing. Tried with registries[0].",
      },
      ...unpinnable,
    ]);
    assert.deepEqual(warnings, [
      { path: "deployments.b.image", reason: "Refused. Tried with registries[0]." },
    ]);
  });

  it("leaves it to the error of an image that can't be pinned to say why, under warn", () => {
    const planned = checks({
      registries: [login("registries[0]", "d r")],
      images: [imageCheck("a", { isPin: true })],
    });
    assert.deepEqual(outcomeOf(planned, results({ registries: [refused], images: [refused] }), false), {
      problems: [
        {
          path: "deployments.a.image",
          reason: "can't be pinned (pinDigest). Refused. Tried with registries[0].",
        },
      ],
      warnings: [],
      pins: {},
    });
  });
});

describe("outcomeOfException", () => {
  it("is a problem where something needs the result, and else a warning", () => {
    const failure = { path: "verify", reason: "So." };
    const error = new AskPermissionError("So.");
    assert.deepEqual(outcomeOfException(error, "verify", true), {
      problems: [failure],
      warnings: [],
      pins: {},
    });
    assert.deepEqual(outcomeOfException(error, "verify", false), {
      problems: [],
      warnings: [failure],
      pins: {},
    });
  });

  const cases: [title: string, error: unknown, shown: string][] = [
    ["an error", new TypeError("Basic c2VjcmV0"), "TypeError"],
    ["an error with a code", Object.assign(new Error("secret"), { code: "ERR_X" }), "Error, ERR_X"],
    ["an error whose name is no word", Object.assign(new Error("s"), { name: "secret <{%x%}>" }), "no Error"],
    [
      "an error whose name ends with a word",
      Object.assign(new Error("s"), { name: "my secret" }),
      "no Error",
    ],
    ["anything else", "secret", "no Error"],
    ["nothing", undefined, "no Error"],
  ];
  for (const [title, error, shown] of cases) {
    it(`shows of ${title} neither message nor stack`, () => {
      assert.deepEqual(outcomeOfException(error, "verify", true).problems, [
        {
          path: "verify",
          reason: `the registries could not be checked, because of an unexpected error (${shown}). Please report it to the maintainers of this package; without \`verify\` and \`pinDigest\` no registry is asked.`,
        },
      ]);
    });
  }

  it("repeats the message of a PreflightError", () => {
    assert.deepEqual(outcomeOfException(missing, "pinDigest", true).problems, [
      { path: "pinDigest", reason: "Missing." },
    ]);
  });
});
