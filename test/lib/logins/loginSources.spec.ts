import assert from "node:assert/strict";
import {
  createdElsewhereProblems,
  type SecretCreation,
  sourcesOf,
} from "../../../components/lib/logins/loginSources";

describe("sourcesOf", () => {
  it("makes a text of a config.json that is an object, and of nothing else", () => {
    const logins = {
      registries: { a: 1 },
      dockerConfigJson: { auths: {} },
      previousRegistries: [{ username: "u" }],
      previousDockerConfigJson: '{"auths":{}}',
    };
    assert.deepEqual(sourcesOf(logins), [{ a: 1 }, '{"auths":{}}', [{ username: "u" }], '{"auths":{}}']);
  });
});

describe("createdElsewhereProblems", () => {
  const versioned = {
    path: "renderSecrets",
    reason:
      "needs rotation: inPlace: whoever creates the Secrets must know their names, and a versioned name changes with each rotation.",
  };
  const adopted = {
    path: "adopt",
    reason: "takes over a Secret, and with `renderSecrets: false` none is created here: drop one of the two.",
  };
  const cases: [creation: SecretCreation, problems: { path: string; reason: string }[]][] = [
    [{ createSecrets: false, isVersioned: true, adopt: true }, [versioned, adopted]],
    [{ createSecrets: false, isVersioned: true }, [versioned]],
    [{ createSecrets: false, isVersioned: false, adopt: true }, [adopted]],
    [{ createSecrets: false, isVersioned: false, adopt: false }, []],
    [{ createSecrets: true, isVersioned: true, adopt: true }, []],
    [{ isVersioned: true, adopt: true }, []],
  ];
  for (const [creation, problems] of cases) {
    it(`answers ${JSON.stringify(creation)} with ${problems.length} problems`, () => {
      assert.deepEqual(createdElsewhereProblems(creation, "renderSecrets"), problems);
    });
  }
});
