import assert from "node:assert/strict";
import { hidePasswords, holdsOneOf, isOneOf, membersOf } from "../../components/lib/hidePasswords";

describe("holdsOneOf", () => {
  it("finds a secret in upper and lower case", () => {
    assert.ok(holdsOneOf(["other", "c4N4ry-1"])("a C4n4ry-1 b"));
    assert.ok(!holdsOneOf(["c4n4ry-1"])("canary"));
    assert.ok(!holdsOneOf([])("canary"));
  });
});

describe("holdsOneOf, of secrets that can't be told from other text", () => {
  const cases: [text: string, secret: string, found: boolean][] = [
    ["registry.example.com/a", "registry", false],
    ["registry", "registry", false],
    ["correcthorse", "correcthorse", true],
    ["a-correcthorse-b", "correcthorse", true],
    ["hunter2", "hunter2", true],
    ["a-hunter2-b", "hunter2", false],
    ["a-hunter23-b", "hunter23", true],
    ["v1.27", "v1.27", false],
    ["v1.27a", "v1.27a", true],
  ];
  for (const [text, secret, found] of cases) {
    it(`${found ? "finds" : "does not find"} ${secret} in ${text}`, () => {
      assert.equal(holdsOneOf([secret])(text), found);
    });
  }

  it("finds the begin of a secret where a long text is cut", () => {
    const secret = "c4n4ry-".repeat(9);
    const cut = `${"x".repeat(120)}${secret.slice(0, 8)}`;
    assert.ok(holdsOneOf([secret])(cut));
    assert.ok(holdsOneOf([secret])(`${cut}...`));
    assert.ok(!holdsOneOf([secret])(cut.slice(0, -1)));
    assert.ok(!holdsOneOf([secret])(cut.slice(1)), "a text of 127 characters is whole");
  });
});

describe("isOneOf", () => {
  it("finds the begin of a secret in a short text, where what may be a login is left out of it", () => {
    const [problem] = hidePasswords(
      [{ path: "image", reason: '"registry.example.com/1rf72TWV=..." is not an image reference.' }],
      [[{ password: "1rf72TWV=++~*e~#9" }]],
    );
    assert.equal(problem?.reason, "contains a password from the registries: remove it.");
    assert.ok(holdsOneOf(["1rf72TWV=++"])("a/1rf72TWV..."));
    assert.ok(holdsOneOf(["1rf72TWV=++"])("...@a/1rf72TWV..."));
    assert.ok(!holdsOneOf(["1rf72TWV=++"])("a/1rf72TWV"));
    assert.ok(!holdsOneOf(["1rf72TWV=++"])("a/1rf72TW..."));
  });

  it("finds a text that is a secret, whatever its length", () => {
    assert.ok(isOneOf(["b", "a"])("A"));
    assert.ok(!isOneOf(["a"])("ab"));
  });
});

describe("hidePasswords", () => {
  const registries = [[{ username: "janedoe-user", password: "c4n4ry-password" }, "text"], undefined, {}];
  const hidden = "contains a password from the registries: remove it.";

  it("takes a password out of reason and path, and shows the rest of both", () => {
    const problems = [
      { path: "workloads.web.image", reason: 'is "C4N4RY-password"' },
      { path: "workloads.c4n4ry-password[0].image", reason: "is wrong" },
      { path: "myregistries.web", reason: 'is "c4n4ry-password"' },
      { path: "workloads.web", reason: "is janedoe-user" },
    ];
    assert.deepEqual(hidePasswords(problems, registries), [
      { path: "workloads.web.image", reason: hidden },
      { path: "workloads", reason: hidden },
      { path: "myregistries.web", reason: hidden },
      { path: "workloads.web", reason: "is janedoe-user" },
    ]);
  });

  const refused: [reason: string, password: string, isHidden: boolean][] = [
    ['"registry" is not an image reference.', "registry", true],
    ['"shop" is not an image reference.', "shop", false],
    ['is "c4\\q-1": give an image reference.', String.raw`c4\q-1`, true],
    ["is c4n4ry: give a number.", "c4n4ry", true],
  ];
  for (const [reason, password, isHidden] of refused) {
    it(`${isHidden ? "hides" : "shows"} a refused value that is the password ${password}`, () => {
      const problem = { path: "image", reason };
      assert.deepEqual(hidePasswords([problem], [[{ password }]]), [
        isHidden ? { path: "image", reason: hidden } : problem,
      ]);
    });
  }
});

describe("membersOf", () => {
  const paths: Record<string, string[]> = {
    image: ["image"],
    "workloads.web[0].image": ["workloads", "web", "0", "image"],
    'auths["a.b"].x["c\\"[d"]': ["a.b", 'c"[d', "auths", "x", ""],
  };
  for (const [path, members] of Object.entries(paths)) {
    it(`of ${path} are ${JSON.stringify(members)}`, () => {
      assert.deepEqual(membersOf(path), members);
    });
  }
});
